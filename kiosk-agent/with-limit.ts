import type { Clock } from '../devices/lib/clock.ts'

/** Waits for work, but not longer than so; rejects when the work fails before. */
export async function withLimit(clock: Clock, work: Promise<unknown>, limitMs: number): Promise<void> {
  const done = new AbortController()
  const limit = clock.sleep(limitMs, done.signal).catch(() => {})
  await Promise.race([work, limit]).finally(() => done.abort())
}
