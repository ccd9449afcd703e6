import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { cardOptions } from '../../lib/sam/card-options.ts'
import { startReader } from '../../lib/sam/start-reader.ts'

const baudRates = [9600, 19200, 38400, 57600, 115200] as const

const options = z.strictObject({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/ttyUSB0"'),
  baudRate: z.literal(baudRates).default(115200).describe('As set in the reader; delivered at 115200'),
  ...cardOptions,
})

/**
 * Any reader of second-generation resident ID cards whose security module (SAM_V, SAM_A) speaks on a serial line, GA/T 467.
 * Tells each presentation of a card once. Reads no fingerprints, drops the photo, and logs nothing of a card.
 */
export const samSerial = defineDriver({
  id: 'sam-serial',
  kind: 'id-card-reader',
  label: 'Resident ID card reader, serial (SAM_V / SAM_A)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,
  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  start(session) {
    const { link, options: set } = session
    return startReader(session, link, `baudRate (now ${set.baudRate})`)
  },
})
