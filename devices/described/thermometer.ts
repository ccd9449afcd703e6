import { z } from 'zod'
import { defineDriver, type KeptDriver, type KeptSession } from '../driver.ts'
import { DeviceError } from '../errors.ts'
import { type BodyEstimate, bodyEstimateOptions, bodyFromSkin } from '../lib/body-estimate.ts'
import { type BodyOffset, bodyOffset, withOffset } from '../lib/body-offset.ts'
import { exchange } from '../lib/exchange.ts'
import { greeted, hearing } from '../lib/greeting.ts'
import { HeadState } from '../lib/head-state.ts'
import { listen } from '../lib/listen.ts'
import { optionWords } from '../lib/option-words.ts'
import { keepSampling, warmUpMs } from '../lib/sampling.ts'
import { describedCodec, type Values } from './codec.ts'
import { type Description, longestFrame } from './description.ts'

const gapMs = 100
const quietMs = 50
/** A thermometer that speaks by itself does so at least this often. */
const silenceMs = 1500

export interface DescribedThermometerOptions {
  readonly path: string
  readonly baudRate: number
  readonly warmUpMs: number
  readonly estimate: BodyEstimate | undefined
  readonly offset?: BodyOffset
}

/** A driver from a description. Where the device tells no body temperature, the settings must say how to estimate it. */
export function describedThermometer(
  description: Description,
): KeptDriver<'thermometer', DescribedThermometerOptions> {
  const { id, label, serial, frame } = description
  const estimates = !frame.fields.some(({ name }) => name === 'body')
  return defineDriver({
    id,
    kind: 'thermometer',
    label,
    wire: async () => {
      const { describedWire } = await import('./wire.ts')
      return () => describedWire(description)
    },
    connection: 'kept',
    linkKind: 'stream',
    options: z.object({
      path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
      baudRate: z.number().int().positive().default(serial.baudRate).describe(optionWords.baudRate),
      warmUpMs,
      offset: bodyOffset,
      estimate: (estimates ? bodyEstimateOptions : bodyEstimateOptions.optional()).describe(
        'How the temperature of the body is estimated from the skin',
      ),
    }),

    link: ({ path, baudRate }) => ({ type: 'serial', path, ...serial, baudRate }),

    async start(session) {
      const { options, clock, log, emit } = session
      const head = new HeadState(clock.monotonic() + options.warmUpMs)
      const { next, heard } = description.poll
        ? polled(description, session)
        : listening(description, session)

      async function read() {
        const values = await next()
        const [raw, ambient] = [centi(values.raw), centi(values.ambient)]
        const body = options.estimate ? bodyFromSkin(raw, ambient, options.estimate) : centi(values.body)
        const sample = {
          bodyCentiCelsius: body,
          rawCentiCelsius: raw,
          ambientCentiCelsius: ambient,
          head: head.judge(raw, clock.monotonic()),
        }
        emit({ type: 'temperature', sample: withOffset(sample, options.offset) })
      }

      await greeted(session.link, read, { heard, model: label })
      log('thermometer ready', { description: id })
      // A device that speaks by itself sets the pace.
      const sampling = keepSampling(session, description.poll?.intervalMs ?? 0, read)
      return description.poll ? sampling : {}
    },
  })
}

interface Source {
  next(): Promise<Values>
  heard(): boolean
}

type Session = Pick<KeptSession<'thermometer', unknown>, 'link' | 'clock'>

function polled(description: Description, { link, clock }: Session): Source {
  const frames = describedCodec(description)
  const { bytes = new Uint8Array(), timeoutMs = silenceMs } = description.poll ?? {}
  const codec = hearing<Values, Uint8Array>({ encode: (question) => question, decode: frames.decode })
  const maxLength = longestFrame(description.frame)
  const line = exchange(link, codec, { clock, gapMs, quietMs, maxLength })
  return { next: () => line.ask(bytes, { answers: () => true, timeoutMs }), heard: codec.heard }
}

function listening(description: Description, { link, clock }: Session): Source {
  const codec = hearing(describedCodec(description))
  let waiting: ((values: Values) => void) | undefined
  listen(link, codec, {
    clock,
    gapMs,
    maxLength: longestFrame(description.frame),
    receive: (values) => waiting?.(values),
  })
  return {
    heard: codec.heard,
    async next() {
      const over = new AbortController()
      const ended = AbortSignal.any([over.signal, link.closed])
      const frame = new Promise<Values>((resolve) => {
        waiting = resolve
      })
      const silence = clock.sleep(silenceMs, ended).then(() => {
        throw new DeviceError('timeout', `${link.name}: no frame within ${silenceMs} ms`)
      })
      try {
        return await Promise.race([frame, silence])
      } finally {
        waiting = undefined
        over.abort('heard')
      }
    },
  }
}

function centi(celsius: Values[string] | undefined): number {
  return typeof celsius === 'number' ? Math.round(celsius * 100) : Number.NaN
}
