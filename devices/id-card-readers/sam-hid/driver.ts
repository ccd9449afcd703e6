import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { bytesOver } from '../../lib/sam/bytes-over.ts'
import { cardOptions } from '../../lib/sam/card-options.ts'
import { startReader } from '../../lib/sam/start-reader.ts'
import type { ReportLink } from '../../link/link.ts'
import { decodeAnswer, encodeRequest } from './codec.ts'

const options = z.strictObject({
  device: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/i)
    .describe('USB identity as lsusb prints it, "0400:c35a"'),
  serialNumber: z.string().min(1).optional().describe('Tells two readers at one kiosk apart'),
  vendorCommand: z.int().min(0).max(255).describe("The maker's command that passes a frame on to the module"),
  ...cardOptions,
})

/**
 * HID readers of resident ID cards that carry the module's frames (GA/T 467) in one maker's envelope. Identity and command
 * differ from model to model, so both are settings. What such a reader tells is as on a serial line.
 */
export const samHid = defineDriver({
  id: 'sam-hid',
  kind: 'id-card-reader',
  label: "Resident ID card reader, USB HID in a maker's envelope (SAM_V / SAM_A)",
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'report',
  options,

  link({ device, serialNumber }) {
    const [vendorId = 0, productId = 0] = device.split(':').map((digits) => Number.parseInt(digits, 16))
    return { type: 'hid', vendorId, productId, serialNumber, numberedReports: false }
  },

  start(session) {
    const { link, options: set } = session
    const line = bytesOver(link, {
      bytes: answers(link),
      write: (frame) => link.writeOutput(Uint8Array.of(0, ...encodeRequest(set.vendorCommand, frame))),
    })
    return startReader(session, line, `vendorCommand (now ${set.vendorCommand})`)
  },
})

async function* answers(link: ReportLink): AsyncGenerator<Uint8Array> {
  for await (const report of link.reports) {
    const [, ...bytes] = report
    const withoutId = Uint8Array.from(bytes)
    // A report in no envelope goes on as noise: then it is known that something speaks there, and not as it should.
    yield decodeAnswer(withoutId) ?? withoutId
  }
}
