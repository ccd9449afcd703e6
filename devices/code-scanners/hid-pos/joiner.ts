import type { Cut } from '../../lib/lines.ts'
import type { PosReport } from './codec.ts'

export interface JoinerOptions {
  /** Bytes one report holds. */
  readonly capacity: number
  readonly maxLength: number
}

/**
 * Makes codes of reports. Where a device does not tell whether more follows, a full report is taken as continued, and
 * silence ends the code.
 */
export class Joiner {
  readonly #options: JoinerOptions
  #parts: Uint8Array[] = []
  #length = 0
  #aim: string | undefined
  #told = false

  constructor(options: JoinerOptions) {
    this.#options = options
  }

  /** Whether a code is begun and not ended. */
  get unfinished(): boolean {
    return this.#parts.length > 0
  }

  push({ bytes, aim, continued }: PosReport): Cut | undefined {
    if (this.#parts.length === 0) this.#aim = aim
    this.#length += bytes.length
    // What is too long already is counted, not kept.
    this.#parts.push(this.#length > this.#options.maxLength ? new Uint8Array() : bytes)
    this.#told = continued !== undefined
    return (continued ?? bytes.length === this.#options.capacity) ? undefined : this.#end()
  }

  /** To be called when nothing came for as long as a device never pauses inside a code. */
  silence(): Cut | undefined {
    if (!this.unfinished) return undefined
    const torn = this.#told
    const cut = this.#end()
    return torn ? { dropped: 'torn' } : cut
  }

  #end(): Cut {
    const bytes = Uint8Array.from(Buffer.concat(this.#parts))
    const tooLong = this.#length > this.#options.maxLength
    const aim = this.#aim
    this.#parts = []
    this.#length = 0
    return tooLong ? { dropped: 'too-long' } : { code: { bytes, ...(aim === undefined ? {} : { aim }) } }
  }
}
