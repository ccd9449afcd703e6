import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { listen } from '../../lib/listen.ts'
import { optionWords } from '../../lib/option-words.ts'
import { unansweredGate } from '../../lib/unanswered-gate.ts'
import { openFrame } from './codec.ts'

/** Card readers, thermometers and boards that speak by themselves have said something by then. */
const listenMs = 500

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
  address: z.number().int().min(0).max(255).default(1).describe('Address of the turnstile'),
  side: z.enum(['left', 'right']).default('left').describe('Side that is opened, seen as the maker does'),
  portConfirmed: z
    .literal(true)
    .describe('This turnstile cannot be asked who it is: you saw it open on this very port'),
})

/** A tripod turnstile (三辊闸) with its own serial protocol, which opens for one passage and tells nothing. */
export const tripodSerial = defineDriver({
  id: 'tripod-serial',
  kind: 'gate',
  label: 'Tripod turnstile with serial protocol EB (RS-485)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, signal, clock, log } = session
    let heard = 0
    const deaf = {
      decode(bytes: Uint8Array) {
        if (heard === 0)
          log('something speaks on the line; this protocol has no answers', { bytes: bytes.length })
        heard += bytes.length
        return { skip: bytes.length }
      },
    }
    listen(link, deaf, { clock, gapMs: 0, receive: () => {} })
    await clock.sleep(listenMs, signal)
    if (heard > 0)
      throw new DeviceError(
        'wrong-device',
        `${link.name}: something speaks there by itself, and this turnstile never does; check the port`,
      )
    log('gate ready', { fire: 'not wired', state: 'never told' })
    return unansweredGate(session, openFrame(options.address, options.side))
  },
})
