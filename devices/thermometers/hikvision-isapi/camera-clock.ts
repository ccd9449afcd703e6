/** The camera's clock as seen from here: it may be years wrong, and only has to go on evenly. */
export class CameraClock {
  /** What the camera shows, in milliseconds, less our monotonic time. */
  #leadMs: number | undefined

  /** The camera showed `seconds`, whole ones, at some moment after `askedAt`. */
  set(seconds: number, askedAt: number): void {
    this.#leadMs = seconds * 1000 - askedAt
  }

  /** How long before `now` the camera showed `seconds`: exact to a second, and never less than zero by more than that. */
  ageMs(seconds: number, now: number): number {
    return this.#leadMs === undefined ? Number.POSITIVE_INFINITY : now + this.#leadMs - seconds * 1000
  }
}
