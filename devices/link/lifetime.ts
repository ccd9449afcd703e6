import type { DeviceError } from '../errors.ts'

/** The end of one link: it comes once, with a reason, whoever brings it. */
export interface Lifetime {
  readonly closed: AbortSignal
  /** True for the first call; the link keeps the first reason. */
  end(reason: DeviceError): boolean
  /** The promise's result; rejects with the link's reason when the link ends first or is over already. */
  orEnd<Result>(promise: Promise<Result>): Promise<Result>
}

export function lifetime(): Lifetime {
  const closing = new AbortController()
  const closed = closing.signal
  return {
    closed,
    end(reason) {
      if (closed.aborted) return false
      closing.abort(reason)
      return true
    },
    async orEnd(promise) {
      let stop = () => {}
      const ended = new Promise<never>((_, reject) => {
        stop = () => reject(closed.reason)
        if (closed.aborted) stop()
        else closed.addEventListener('abort', stop, { once: true })
      })
      try {
        return await Promise.race([ended, promise])
      } finally {
        closed.removeEventListener('abort', stop)
      }
    },
  }
}

/** Waits for `promise`, whatever becomes of it, but not longer than `limitMs`. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([limit, promise.catch(() => {})])
  clearTimeout(timer)
}
