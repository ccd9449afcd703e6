import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { type Exchange, exchange } from '../../lib/exchange.ts'
import { HeadState } from '../../lib/head-state.ts'
import { optionWords } from '../../lib/option-words.ts'
import { keepSampling, type Sampling, warmUpMs } from '../../lib/sampling.ts'
import {
  type GyAnswer,
  type GyRequest,
  gyHost,
  readIdentity,
  readMeasurement,
  setQueryMode,
  toMeasurement,
} from './codec.ts'

/** The module answers within 10 ms at 9600 baud; USB adapters and a busy machine add the rest. */
const timeoutMs = 300
const writeTimeoutMs = 100
/** Shorter than the pause between two frames of continuous output at its fastest. */
const quietMs = 40

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
  address: z
    .number()
    .int()
    .min(2)
    .max(254)
    .multipleOf(2)
    .default(0xa4)
    .describe('Module address, an even number'),
  sampleMs: z.number().int().min(50).max(1000).default(100).describe('One reading each so many milliseconds'),
  warmUpMs,
  offset: bodyOffset,
})

type Gy614vSession = KeptSession<'thermometer', z.infer<typeof options>>
type Module = Exchange<GyAnswer, GyRequest>

/** Infrared thermometer module GY-614V. Its own conversion to body temperature is passed on with what it was made from. */
export const gy614v = defineDriver({
  id: 'gy-614v',
  kind: 'thermometer',
  label: 'GY-614V thermometer module (serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock, log } = session
    const codec = gyHost(options.address)
    let heard = false
    const module = exchange(
      link,
      {
        encode: codec.encode,
        decode(bytes) {
          heard = true
          return codec.decode(bytes)
        },
      },
      { clock, gapMs: 50, quietMs, maxLength: 64 },
    )

    const identity = await greet(session, module, () => heard)
    await leaveContinuousMode(session, module)
    log('thermometer ready', identity)
    const { firmware = 'not told', chip = 'not told' } = identity
    return { ...sample(session, module), facts: { firmware: String(firmware), chip: String(chip) } }
  },
})

async function greet({ link }: Gy614vSession, module: Module, heard: () => boolean) {
  try {
    const answer = await module.ask(readIdentity, { answers: holds(readIdentity.start), timeoutMs })
    const [chip, firmware] = answer.type === 'registers' ? answer.data : []
    return { chip, firmware }
  } catch (error) {
    if (link.closed.aborted || !heard()) throw error
    throw new DeviceError(
      'wrong-device',
      `${link.name}: something speaks there, but not as a GY-614V of this address; check port, baud rate, address`,
      { cause: error },
    )
  }
}

/** Not saved in the module: a kiosk that starts each day would wear out its memory. */
async function leaveContinuousMode({ link, log }: Gy614vSession, module: Module) {
  try {
    await module.ask(setQueryMode, { answers: ({ type }) => type === 'written', timeoutMs: writeTimeoutMs })
  } catch (error) {
    if (link.closed.aborted) throw error
    // Whether this firmware answers a write is not documented. If the write was lost, its own frames are readings as good.
    log('the module did not confirm query mode')
  }
}

/** Asks for one reading after the other until the connection is over. */
function sample(session: Gy614vSession, module: Module): Sampling {
  const { options, clock, emit } = session
  const head = new HeadState(clock.monotonic() + options.warmUpMs)
  return keepSampling(session, options.sampleMs, async () => {
    const answer = await module.ask(readMeasurement, { answers: holds(readMeasurement.start), timeoutMs })
    if (answer.type === 'registers')
      emit({ type: 'temperature', sample: withOffset(toSample(answer.data), options.offset) })
  })

  function toSample(data: Uint8Array) {
    const { bodyCentiCelsius, objectCentiCelsius, ambientCentiCelsius } = toMeasurement(data)
    return {
      bodyCentiCelsius,
      rawCentiCelsius: objectCentiCelsius,
      ambientCentiCelsius,
      head: head.judge(objectCentiCelsius, clock.monotonic()),
    }
  }
}

const holds = (start: number) => (answer: GyAnswer) => answer.type === 'registers' && answer.start === start
