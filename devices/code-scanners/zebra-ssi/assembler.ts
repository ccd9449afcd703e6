import { type SsiPacket, Status } from './codec.ts'

/** Longer than a head goes on sending a packet again that nobody acknowledges. */
const patienceMs = 8000

export type Assembled = { readonly code: Uint8Array } | { readonly dropped: 'too-long' | 'torn' }

/** Joins the packets of long codes, and knows a packet that was sent again because our acknowledgement was lost. */
export class CodeAssembler {
  readonly #maxLength: number
  #last: SsiPacket | undefined
  #parts: Uint8Array[] = []
  #type: number | undefined
  #lastAt = 0

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** `now` is in milliseconds of a monotonic clock. */
  add(packet: SsiPacket, now: number): Assembled[] {
    const results: Assembled[] = []
    if (packet.status & Status.sentAgain && this.#isLast(packet)) return results
    const type = packet.data[0]
    const stale = now - this.#lastAt >= patienceMs || type !== this.#type
    if (this.#parts.length > 0 && stale) {
      this.#parts = []
      results.push({ dropped: 'torn' })
    }
    this.#last = packet
    this.#lastAt = now
    this.#type = type
    this.#parts.push(packet.data.subarray(1))
    if (packet.status & Status.moreFollow) {
      // What is known to be too long is not kept, or a head gone mad would fill the memory.
      if (this.#length() > this.#maxLength) this.#parts = [new Uint8Array(this.#maxLength + 1)]
      return results
    }
    const tooLong = this.#length() > this.#maxLength
    const code = Uint8Array.from(Buffer.concat(this.#parts))
    this.#parts = []
    results.push(tooLong ? { dropped: 'too-long' } : { code })
    return results
  }

  #isLast({ status, data }: SsiPacket): boolean {
    if (!this.#last) return false
    const sameEnd = (status & Status.moreFollow) === (this.#last.status & Status.moreFollow)
    return sameEnd && Buffer.compare(data, this.#last.data) === 0
  }

  #length(): number {
    return this.#parts.reduce((total, part) => total + part.length, 0)
  }
}
