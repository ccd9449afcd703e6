import type { Clock } from '../../lib/clock.ts'
import type { StreamLink } from '../../link/link.ts'

export interface ReceptionOptions {
  readonly clock: Clock
  /** Takes bytes no faster than this line speed; unlimited when undefined. */
  readonly paceBaud: number | undefined
  onByte(byte: number): void
}

const SLICE_BYTES = 16
const BITS_PER_BYTE = 10
/** A demo terminal runs for months. */
const KEPT_BYTES = 262_144

/** The receiving end of a simulated device: its pace, what it got so far, and what shall happen after so many bytes. */
export class Reception {
  readonly #options: ReceptionOptions
  #kept: number[] = []
  #count = 0
  #planned: { readonly at: number; happen(): void }[] = []

  constructor(options: ReceptionOptions) {
    this.#options = options
  }

  get received(): Uint8Array {
    return Uint8Array.from(this.#kept)
  }

  /** Lets something happen just before the byte that follows `bytes` more; undefined: never. */
  plan(bytes: number | undefined, happen: () => void): void {
    if (bytes !== undefined) this.#planned.push({ at: this.#count + bytes, happen })
  }

  async listen(link: StreamLink): Promise<void> {
    const { clock, paceBaud } = this.#options
    for await (const chunk of link.bytes) {
      const slice = paceBaud === undefined ? chunk.length : SLICE_BYTES
      for (let start = 0; start < chunk.length; start += slice) {
        const bytes = chunk.subarray(start, start + slice)
        if (paceBaud !== undefined) await clock.sleep((bytes.length * BITS_PER_BYTE * 1000) / paceBaud)
        this.#take(link, bytes)
      }
    }
  }

  #take(link: StreamLink, bytes: Uint8Array): void {
    for (const byte of bytes) {
      const due = this.#planned.filter(({ at }) => at <= this.#count)
      this.#planned = this.#planned.filter(({ at }) => at > this.#count)
      for (const { happen } of due) happen()
      if (link.closed.aborted) return
      this.#count++
      this.#kept.push(byte)
      if (this.#kept.length > KEPT_BYTES) this.#kept = this.#kept.slice(-KEPT_BYTES / 2)
      this.#options.onByte(byte)
    }
  }
}
