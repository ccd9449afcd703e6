import type { Clock } from '../../devices/lib/clock.ts'

export interface FakeClock extends Clock {
  /** Moves time, waking sleepers in their order and letting everything they started run in between. */
  advance(ms: number): Promise<void>
  /** Moves time until the promise settles, at most `limitMs`, and returns the promise. */
  until<Result>(promise: Promise<Result>, limitMs?: number): Promise<Result>
}

interface Sleeper {
  readonly at: number
  wake(): void
}

/** A clock that stands still until a test moves it. `startAt` is wall time. */
export function fakeClock(startAt = Date.UTC(2026, 2, 2, 1, 0, 0)): FakeClock {
  let elapsed = 0
  let sleepers: Sleeper[] = []

  /** Moves to the next sleeper that wakes at `limit` or before it; false when there is none. */
  async function step(limit: number): Promise<boolean> {
    await settle()
    const [next] = sleepers.filter(({ at }) => at <= limit).sort((a, b) => a.at - b.at)
    if (!next) return false
    sleepers = sleepers.filter((sleeper) => sleeper !== next)
    elapsed = Math.max(elapsed, next.at)
    next.wake()
    await settle()
    return true
  }

  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    sleep(ms, signal) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = { at: elapsed + Math.max(0, ms), wake: () => finish(resolve) }
        const abort = () => finish(() => reject(signal?.reason))
        function finish(end: () => void) {
          sleepers = sleepers.filter((other) => other !== sleeper)
          signal?.removeEventListener('abort', abort)
          end()
        }
        signal?.addEventListener('abort', abort)
        sleepers.push(sleeper)
      })
    },
    async advance(ms) {
      const limit = elapsed + ms
      while (await step(limit));
      elapsed = limit
      await settle()
    },
    async until(promise, limitMs = 60_000) {
      const limit = elapsed + limitMs
      let settled = false
      const done = () => {
        settled = true
      }
      promise.then(done, done)
      await settle()
      while (!settled && (await step(limit)));
      if (!settled) throw new Error(`still waiting after ${limitMs} ms of fake time`)
      return promise
    },
  }
}

/** Lets everything that needs no time happen. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
