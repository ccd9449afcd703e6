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

/**
 * Takes one reading each `sampleMs` until the connection is over. Three failures in a row end the connection, which is
 * how a driver asks for a new start.
 */
export async function keepSampling(
  { link, signal, clock, log }: KeptSession<'thermometer', unknown>,
  sampleMs: number,
  read: () => Promise<void>,
): Promise<void> {
  let unanswered = 0
  let due = clock.monotonic()
  while (!signal.aborted) {
    try {
      await read()
      unanswered = 0
      due = Math.max(due + sampleMs, clock.monotonic())
      await clock.sleep(due - clock.monotonic(), signal)
    } catch (error) {
      if (signal.aborted || link.closed.aborted) return
      unanswered++
      log('no reading', { unanswered, code: asDeviceError(error, 'bad-answer', link.name).code })
      if (unanswered >= unansweredLimit) return link.close()
    }
  }
}
