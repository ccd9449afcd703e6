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
  // Not the sleep of node:timers/promises: that makes an error with a stack for every one that is cut short, and a kiosk
  // cuts dozens short each second, one for each answer that comes in time.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.max(0, ms),
      )
      signal?.addEventListener('abort', stop, { once: true })
    }),
}
