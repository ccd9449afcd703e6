import { z } from 'zod'
import { optionWords } from '../../lib/option-words.ts'
import type { StreamOptions } from '../../link/link.ts'
import { profileNames, readProfile } from './read-profile.ts'

/** A printer's block in the settings. */
export const escposOptionsSchema = z.object({
  profile: z
    .enum(profileNames())
    .superRefine((name, context) => {
      try {
        readProfile(name)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
    })
    .default('generic-80')
    .describe('What this model can do: a file of config/printers'),
  transport: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('tcp'),
        host: z.string().min(1).describe('Address of a network printer, e.g. "192.168.1.50"'),
        port: z.int().min(1).max(65535).default(9100).describe('TCP port of the device'),
      }),
      z.object({
        type: z.literal('serial'),
        path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/ttyUSB0"'),
        baudRate: z.int().positive().default(19200).describe(optionWords.baudRate),
        flowControl: z
          .enum(['none', 'hardware', 'software'])
          .default('hardware')
          .describe('As set by the DIP switches of the printer'),
      }),
      z.object({
        type: z.literal('file'),
        path: z.string().min(1).describe('USB printer class device, e.g. "/dev/usb/lp0"'),
      }),
    ])
    .describe('How the printer is connected'),
  presenter: z
    .object({
      clearWithinMs: z
        .int()
        .min(0)
        .max(15_000)
        .default(10_000)
        .describe('How long a forgotten slip may still be taken before the next is printed'),
      takeWithinMs: z.int().min(1000).max(20_000).default(15_000).describe('How long a slip is held out'),
      untaken: z
        .enum(['retract', 'eject'])
        .default('retract')
        .describe('What becomes of a slip nobody takes; personal slips are retracted'),
    })
    .prefault({})
    .describe('Only for printers with a presenter'),
  checkEveryMs: z.int().min(1000).default(10_000).describe('How often the paper is looked at between jobs'),
})
export type EscposOptions = z.infer<typeof escposOptionsSchema>

/** For time limits only; nothing is slowed down to it. */
const FAST_BAUD_RATE = 115_200

export function transportLink({ transport }: EscposOptions): StreamOptions {
  return transport
}

export function baudRateOf({ transport }: EscposOptions): number {
  return transport.type === 'serial' ? transport.baudRate : FAST_BAUD_RATE
}
