import type { Clock } from './clock.ts'

/** So long after an unanswered question its answer may still arrive from some buffer and pass for a newer one's. */
const doubtMs = 10_000

/**
 * Which sorts of question have answers that never came: what comes next may be theirs. A sort is whatever the answers
 * of a protocol can be told apart by, a function code for instance.
 */
export class LateAnswers {
  readonly #clock: Clock
  readonly #owed = new Map<number, number>()
  readonly #doubtUntil = new Map<number, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  asked(sort: number) {
    this.#owed.set(sort, (this.#owed.get(sort) ?? 0) + 1)
  }

  answered(sort: number) {
    const owed = (this.#owed.get(sort) ?? 0) - 1
    if (owed > 0) this.#owed.set(sort, owed)
    else this.#owed.delete(sort)
  }

  unanswered(sort: number) {
    this.#doubtUntil.set(sort, this.#clock.monotonic() + doubtMs)
  }

  /** Whether an answer of this sort may be that of an earlier question. */
  possible(sort: number): boolean {
    if (this.#clock.monotonic() >= (this.#doubtUntil.get(sort) ?? 0)) this.#owed.delete(sort)
    return (this.#owed.get(sort) ?? 0) > 0
  }
}
