import { z } from 'zod'
import type { KeptSession } from '../driver.ts'
import { asDeviceError } from '../errors.ts'

const unansweredLimit = 3

/** For modules that do not tell when they got power: set it where they hang on the USB port's own supply. */
export const warmUpMs = z
  .number()
  .int()
  .min(0)
  .max(600_000)
  .default(0)
  .describe('After connecting, readings do not count for so long')

/** While nobody is there, one reading a second tells that the module lives. */
const unattendedMs = 1000
const WOKEN = 'woken'

export interface Sampling {
  /** Somebody is to be measured, or nobody is: then the module is asked seldom. Attended from the start. */
  attend(somebody: boolean): void
}

/**
 * Takes one reading each `sampleMs` until the connection is over. Three failures in a row end the connection, which is
 * how a driver asks for a new start.
 */
export function keepSampling(
  { link, signal, clock, log }: KeptSession<'thermometer', unknown>,
  sampleMs: number,
  read: () => Promise<void>,
): Sampling {
  let attended = true
  let wake = () => {}

  async function rest(ms: number): Promise<void> {
    const over = new AbortController()
    const stop = () => over.abort(signal.reason)
    wake = () => over.abort(WOKEN)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await clock.sleep(ms, over.signal)
    } catch (error) {
      if (error !== WOKEN) throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async function sample(): Promise<void> {
    let unanswered = 0
    let due = clock.monotonic()
    while (!signal.aborted) {
      try {
        await read()
        unanswered = 0
        const everyMs = attended ? sampleMs : Math.max(sampleMs, unattendedMs)
        due = Math.max(due + everyMs, clock.monotonic())
        await rest(due - clock.monotonic())
        if (due > clock.monotonic()) due = clock.monotonic() // woken early: count from here
      } catch (error) {
        if (signal.aborted || link.closed.aborted) return
        unanswered++
        log('no reading', { unanswered, code: asDeviceError(error, 'bad-answer', link.name).code })
        if (unanswered >= unansweredLimit) return link.close()
      }
    }
  }

  void sample()
  return {
    attend(somebody) {
      if (attended === somebody) return
      attended = somebody
      if (attended) wake()
    },
  }
}
