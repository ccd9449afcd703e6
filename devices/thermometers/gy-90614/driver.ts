import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { bodyEstimateOptions, bodyFromSkin } from '../../lib/body-estimate.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { exchange } from '../../lib/exchange.ts'
import { greeted, hearing } from '../../lib/greeting.ts'
import { HeadState } from '../../lib/head-state.ts'
import { keepSampling, warmUpMs } from '../../lib/sampling.ts'
import { Command, gy90614Host } from './codec.ts'

const timeoutMs = 300
/** Shorter than the pause between two frames of continuous output, 14 of them a second. */
const quietMs = 40
/** As delivered: 9600 on the 90614 and the 90615 V2, 115200 on the 90615. */
const baudRates = [9600, 115200] as const

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z
    .union([z.literal('auto'), z.literal(9600), z.literal(115200)])
    .default('auto')
    .describe('"auto": both are tried in turn until the module answers'),
  sampleMs: z
    .number()
    .int()
    .min(100)
    .max(1000)
    .default(150)
    .describe('One reading each so many milliseconds'),
  warmUpMs,
  offset: bodyOffset,
  estimate: bodyEstimateOptions.describe('How the temperature of the body is estimated from the skin'),
})

/** Infrared thermometer modules GY-MCU90614 and GY-MCU90615, which see skin and room; the body is estimated from them. */
export const gy90614 = defineDriver({
  id: 'gy-90614',
  kind: 'thermometer',
  label: 'GY-MCU90614 / GY-MCU90615 thermometer module (serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }, attempt = 0) => ({
    type: 'serial',
    path,
    baudRate: baudRate === 'auto' ? (baudRates[attempt % baudRates.length] ?? 9600) : baudRate,
  }),

  async start(session) {
    const { link, options, clock, log, emit } = session
    const codec = hearing(gy90614Host)
    const module = exchange(link, codec, { clock, gapMs: 50, quietMs, maxLength: 64 })
    // A module in continuous output may answer with one of its own frames: a reading as fresh as the one asked for.
    const read = () => module.ask(Command.oneReading, { answers: () => true, timeoutMs })

    await greeted(link, read, { heard: codec.heard, model: 'a GY-MCU90614 or GY-MCU90615' })
    log('thermometer ready')
    const head = new HeadState(clock.monotonic() + options.warmUpMs)
    return keepSampling(session, options.sampleMs, async () => {
      const { objectCentiCelsius, ambientCentiCelsius } = await read()
      const sample = {
        bodyCentiCelsius: bodyFromSkin(objectCentiCelsius, ambientCentiCelsius, options.estimate),
        rawCentiCelsius: objectCentiCelsius,
        ambientCentiCelsius,
        head: head.judge(objectCentiCelsius, clock.monotonic()),
      }
      emit({ type: 'temperature', sample: withOffset(sample, options.offset) })
    })
  },
})
