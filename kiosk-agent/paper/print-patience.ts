import type { Clock } from '../../devices/lib/clock.ts'

export interface PatienceOptions {
  readonly clock: Clock
  ready(): boolean
  readonly signal: AbortSignal
}

/** Waits for a printer that could not begin. */
export interface Patience {
  /** True when the printer may be tried again; false when the time is over or the slip is not wanted any more. */
  untilReady(notAfter: number, stillWanted: () => boolean): Promise<boolean>
  /** Something changed: whoever waits looks again. */
  changed(): void
}

/** A printer that says it is well and still does not begin is not asked without a pause. */
const PAUSE_MS = 2000

export function createPatience({ clock, ready, signal }: PatienceOptions): Patience {
  let change = Promise.withResolvers<void>()

  return {
    async untilReady(notAfter, stillWanted) {
      const earliest = clock.monotonic() + PAUSE_MS
      for (;;) {
        const now = clock.monotonic()
        if (!stillWanted() || signal.aborted || now >= notAfter) return false
        if (ready() && now >= earliest) return true
        const waiting = new AbortController()
        const until = now < earliest ? Math.min(earliest, notAfter) : notAfter
        const slept = clock.sleep(until - now, AbortSignal.any([waiting.signal, signal])).catch(() => {})
        await Promise.race([slept, change.promise])
        waiting.abort()
      }
    },
    changed() {
      change.resolve()
      change = Promise.withResolvers()
    },
  }
}
