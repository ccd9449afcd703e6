import type { StreamLink } from '../link/link.ts'
import type { Clock } from './clock.ts'

/** Milliseconds a serial line is busy with so many bytes: start bit, eight bits, stop bit each. */
export function wireMs(byteCount: number, baudRate: number): number {
  return (byteCount * 10_000) / baudRate
}

/** USB serial adapters hand over what came in every few milliseconds, not byte by byte. */
const sliceMs = 4

/**
 * For simulated devices: a `write` for a link that is no faster than a serial line of `baudRate`; without one it
 * writes at once. Writes keep their order. Bytes are lost without an error when the link is over, as on a wire.
 */
export function pacedWriter(
  link: StreamLink,
  clock: Clock,
  baudRate?: number,
): (bytes: Uint8Array) => Promise<void> {
  let turn: Promise<void> = Promise.resolve()

  async function send(bytes: Uint8Array) {
    if (baudRate === undefined) return link.write(bytes)
    const slice = Math.max(1, Math.floor((baudRate * sliceMs) / 10_000))
    const startedAt = clock.monotonic()
    for (let sent = 0; sent < bytes.length; sent += slice) {
      const end = Math.min(sent + slice, bytes.length)
      // Measured from the start of the write, so that late timers do not add up.
      const due = startedAt + wireMs(end, baudRate)
      await clock.sleep(Math.max(0, due - clock.monotonic()), link.closed)
      await link.write(bytes.subarray(sent, end))
    }
  }

  return (bytes) => {
    turn = turn.then(() => send(bytes)).catch(() => {})
    return turn
  }
}
