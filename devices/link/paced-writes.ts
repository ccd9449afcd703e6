import { DeviceError } from '../errors.ts'
import type { Lifetime } from './lifetime.ts'

export interface PacedWrites {
  readonly name: string
  readonly life: Lifetime
  /** Bytes handed over at a time: the limit below is per slice, so that a long job on a slow line is no fault. */
  readonly sliceBytes: number
  /** A slice not taken within this time ends the link. */
  readonly limitMs: number
  /** Hands one slice over; settles when it was taken. May never settle. */
  handOver(slice: Buffer): Promise<void>
}

export interface Writer {
  write(bytes: Uint8Array): Promise<void>
  /** True while something handed over by `write` has not been taken. */
  pending(): boolean
}

/**
 * Writes one after the other, and none after the end of the link. A line that takes nothing ends the link, because
 * bytes left in it could go out at any later time; that must never happen to a gate command.
 */
export function pacedWrites({ name, life, sliceBytes, limitMs, handOver }: PacedWrites): Writer {
  let last: Promise<void> | undefined

  async function send(bytes: Buffer) {
    for (let from = 0; from < bytes.length; from += sliceBytes) {
      if (life.closed.aborted) throw life.closed.reason
      const timer = setTimeout(() => {
        life.end(
          new DeviceError('link-lost', `${name}: took no bytes for ${limitMs} ms; is the device stuck?`),
        )
      }, limitMs)
      try {
        await life.orEnd(handOver(bytes.subarray(from, from + sliceBytes)))
      } catch (error) {
        // A write that failed may have gone out in part: nothing may follow it on this connection.
        life.end(new DeviceError('link-lost', `${name}: writing failed`, { cause: error }))
        throw life.closed.reason
      } finally {
        clearTimeout(timer)
      }
    }
  }

  return {
    async write(bytes) {
      if (life.closed.aborted) throw life.closed.reason
      const copy = Buffer.from(bytes)
      // On an idle line the first slice is handed over before `write` returns: callers check expiry just before.
      const mine = last ? last.then(() => send(copy)) : send(copy)
      const settled = mine.catch(() => {})
      last = settled
      await mine.finally(() => {
        if (last === settled) last = undefined
      })
    },
    pending: () => last !== undefined,
  }
}
