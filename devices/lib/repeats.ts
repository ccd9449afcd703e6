export interface RepeatWindows {
  /** The same code counts anew only after it was out of sight for so long. */
  readonly sameCodeMs: number
  /** A different code right after an accepted one is a slip of the hand, or two codes on one sheet. */
  readonly otherCodeMs: number
}

/**
 * Makes one event of one presentation: a head reads a code again and again while the phone is held before it.
 * Codes are known by a digest, so that nobody's code lies in memory after it was handled.
 */
export class RepeatFilter {
  readonly #windows: RepeatWindows
  readonly #seenAt = new Map<string, number>()
  #acceptedAt = Number.NEGATIVE_INFINITY
  #suppressed = 0

  constructor(windows: RepeatWindows) {
    this.#windows = windows
  }

  get suppressed(): number {
    return this.#suppressed
  }

  /** Whether this reading is a new presentation. `now` is in milliseconds of a monotonic clock. */
  accepts(digest: string, now: number): boolean {
    for (const [known, at] of this.#seenAt) {
      if (now - at >= this.#windows.sameCodeMs) this.#seenAt.delete(known)
    }
    const repeated = this.#seenAt.has(digest)
    const tooSoon = now - this.#acceptedAt < this.#windows.otherCodeMs
    // A code refused as "too soon" is not remembered, or it would stay refused while it is held there.
    if (repeated || !tooSoon) this.#seenAt.set(digest, now)
    if (repeated || tooSoon) {
      this.#suppressed++
      return false
    }
    this.#acceptedAt = now
    return true
  }
}
