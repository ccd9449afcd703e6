import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { exchange } from '../../lib/exchange.ts'
import { greeted, hearing } from '../../lib/greeting.ts'
import { HeadState } from '../../lib/head-state.ts'
import { optionWords } from '../../lib/option-words.ts'
import { keepSampling, warmUpMs } from '../../lib/sampling.ts'
import { type LuMode, luHost } from './codec.ts'

/** Public drivers wait as long as this for one measurement. */
const timeoutMs = 800
const quietMs = 100
/** Between choosing the mode and asking; whether the module needs it is not documented. */
const modeChangeMs = 20

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
  sampleMs: z
    .number()
    .int()
    .min(100)
    .max(2000)
    .default(250)
    .describe('One reading each so many milliseconds'),
  warmUpMs,
  offset: bodyOffset,
  declaredAmbientCentiCelsius: z
    .number()
    .int()
    .min(1000)
    .max(4000)
    .describe('Room temperature as you keep it, in hundredths of a degree: this module does not measure it'),
})

/** Infrared thermometer module LU90614: asked for its body estimate and for the skin it was made from, in turn. */
export const lu90614 = defineDriver({
  id: 'lu90614',
  kind: 'thermometer',
  label: 'LU90614 thermometer module (serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, signal, clock, log, emit } = session
    const codec = hearing(luHost)
    const module = exchange(link, codec, { clock, gapMs: 50, quietMs, maxLength: 64 })

    async function measure(mode: LuMode): Promise<number> {
      await link.write(luHost.encode(mode))
      await clock.sleep(modeChangeMs, signal)
      const answer = await module.ask('measure', { answers: (answer) => answer.mode === mode, timeoutMs })
      return answer.centiCelsius
    }

    await greeted(link, () => measure('object'), { heard: codec.heard, model: 'an LU90614' })
    log('thermometer ready', { ambient: 'declared, not measured' })
    const head = new HeadState(clock.monotonic() + options.warmUpMs)
    return keepSampling(session, options.sampleMs, async () => {
      const rawCentiCelsius = await measure('object')
      const bodyCentiCelsius = await measure('body')
      const sample = {
        bodyCentiCelsius,
        rawCentiCelsius,
        ambientCentiCelsius: options.declaredAmbientCentiCelsius,
        head: head.judge(rawCentiCelsius, clock.monotonic()),
      }
      emit({ type: 'temperature', sample: withOffset(sample, options.offset) })
    })
  },
})
