import type { Clock } from '../../devices/lib/clock.ts'

/** The time of one visit: Unix milliseconds that run evenly, whatever somebody does to the clock meanwhile. */
export interface VisitTime {
  now(): number
  /** A visit begins: takes the wall clock over as it stands now. */
  begin(): void
}

/**
 * A session compares moments with each other (its deadline, the age of a temperature) and with the hall's hours. A wall clock
 * that is set back during a visit would keep it, and what it knows, on the screen for hours; one set forward would end it.
 */
export function visitTime(clock: Pick<Clock, 'now' | 'monotonic'>): VisitTime {
  let offset = clock.now() - clock.monotonic()
  return {
    now: () => Math.round(offset + clock.monotonic()),
    begin() {
      offset = clock.now() - clock.monotonic()
    },
  }
}
