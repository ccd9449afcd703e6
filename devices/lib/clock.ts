import { setTimeout as sleep } from 'node:timers/promises'

/** Time, passed in so that a test can move it. */
export interface Clock {
  /** Wall time, Unix milliseconds. For records and for the rules of the hall. */
  now(): number
  /** Milliseconds since some fixed moment; never jumps when somebody sets the clock. For every expiry. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    try {
      await sleep(ms, undefined, signal ? { signal } : undefined)
    } catch (error) {
      // Node rejects with its own AbortError; whoever waits wants to know why we stopped.
      signal?.throwIfAborted()
      throw error
    }
  },
}
