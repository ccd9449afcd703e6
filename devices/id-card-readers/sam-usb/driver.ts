import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { cardOptions } from '../../lib/sam/card-options.ts'
import { startReader } from '../../lib/sam/start-reader.ts'
import { pipesOf } from './codec.ts'
import { pipeLine } from './pipe-line.ts'

const options = z.strictObject({
  serialNumber: z.string().min(1).optional().describe('Tells two readers at one kiosk apart'),
  ...cardOptions,
})

/**
 * Readers of resident ID cards that are bulk devices 0400:C35A: the module's protocol (GA/T 467) over two pipes each way.
 * What they tell and what they do not is as on a serial line.
 */
export const samUsb = defineDriver({
  id: 'sam-usb',
  kind: 'id-card-reader',
  label: 'Resident ID card reader, USB 0400:C35A (SAM_V / SAM_A)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'pipes',
  options,
  link: ({ serialNumber }) => ({ type: 'usb', vendorId: 0x0400, productId: 0xc35a, serialNumber }),

  async start(session) {
    const { link } = session
    const pipes = pipesOf(link.endpoints)
    if (!pipes)
      throw new DeviceError(
        'wrong-device',
        `${link.name}: its pipes (in ${link.endpoints.in}, out ${link.endpoints.out}) are not those of an ID card reader`,
      )
    return startReader(session, pipeLine(link, pipes), "that no maker's software holds it")
  },
})
