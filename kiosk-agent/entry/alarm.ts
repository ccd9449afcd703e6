import type { Clock } from '../../devices/lib/clock.ts'

/** One alarm clock: setting it anew forgets the former time. */
export interface Alarm {
  /** Rings after the shortest of these waits; with none, never. */
  set(waitsMs: readonly number[]): void
  stop(): void
}

export function createAlarm(clock: Pick<Clock, 'sleep'>, ring: () => void): Alarm {
  let asleep = new AbortController()
  let stopped = false

  return {
    set(waitsMs) {
      asleep.abort()
      if (stopped || waitsMs.length === 0) return
      asleep = new AbortController()
      // A timer may be a little early: never less than a millisecond, or it would be set again and again without a pause.
      clock.sleep(Math.max(1, Math.min(...waitsMs)), asleep.signal).then(ring, () => {})
    },
    stop() {
      stopped = true
      asleep.abort()
    },
  }
}
