import type { TemperatureSample } from '../kinds.ts'

/** A living sensor never shows the same hundredth this many times in a row. */
const frozenAfterSamples = 20

/** Tells whether the sensor head can be believed: it looks at each raw reading in turn, without a clock of its own. */
export class HeadState {
  readonly #warmUntil: number
  #last: number | undefined
  #sameInARow = 0

  /** `warmUntil`: milliseconds of the monotonic clock. */
  constructor(warmUntil: number) {
    this.#warmUntil = warmUntil
  }

  judge(rawCentiCelsius: number, now: number): TemperatureSample['head'] {
    this.#sameInARow = rawCentiCelsius === this.#last ? this.#sameInARow + 1 : 1
    this.#last = rawCentiCelsius
    if (now < this.#warmUntil) return 'warming-up'
    return this.#sameInARow > frozenAfterSamples ? 'frozen' : 'ok'
  }
}
