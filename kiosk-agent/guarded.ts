import type { Log } from './log.ts'

/** A listener whose mistakes are logged: they stop neither whoever tells it nor the other listeners. */
export function guarded<Arguments extends unknown[]>(
  log: Log,
  what: string,
  listener: (...told: Arguments) => void,
): (...told: Arguments) => void {
  return (...told) => {
    try {
      listener(...told)
    } catch (error) {
      log(what, { error })
    }
  }
}
