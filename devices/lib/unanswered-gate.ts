import type { KeptSession } from '../driver.ts'
import { DeviceError } from '../errors.ts'
import type { Commands, GatePulse } from '../kinds.ts'
import { closedReason } from '../link/link.ts'

/** A line that has not taken a few bytes by then takes them too late. */
const writeLimitMs = 500

/**
 * A gate that never tells anything: no state, no passage, no fire. `pulse` is written once an order; whether it arrived nobody
 * knows, so the outcome is always `unconfirmed`.
 */
export function unansweredGate(
  { link, clock }: KeptSession<'gate', unknown>,
  pulse: Uint8Array,
): Commands<'gate'> {
  let turn: Promise<unknown> = Promise.resolve()

  async function openOnce(notAfter: number): Promise<GatePulse> {
    if (link.closed.aborted) throw closedReason(link)
    const writtenAt = clock.monotonic()
    // Nothing may stand between this look at the clock and the write.
    if (writtenAt > notAfter) throw new DeviceError('expired', `${link.name}: not sent, its time was over`)
    const taken = link.write(pulse).then(
      () => true,
      () => true, // the cable may have lived long enough
    )
    const limit = new AbortController()
    const late = clock.sleep(writeLimitMs, limit.signal).then(
      () => false,
      () => false,
    )
    const inTime = await Promise.race([taken, late])
    limit.abort()
    // What the line has not taken is dropped by closing it.
    if (!inTime) await link.close()
    return { outcome: 'unconfirmed', writtenAt }
  }

  return {
    seesPassage: false,
    seesFire: false,
    fire: () => false,
    open({ notAfter }) {
      const result = turn.then(() => openOnce(notAfter))
      turn = result.catch(() => {})
      return result
    },
    holdPolling() {},
  }
}
