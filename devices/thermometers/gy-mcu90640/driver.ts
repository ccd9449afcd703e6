import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { bodyEstimateOptions, bodyFromSkin } from '../../lib/body-estimate.ts'
import { bodyOffset, withOffset } from '../../lib/body-offset.ts'
import { exchange } from '../../lib/exchange.ts'
import { greeted, hearing } from '../../lib/greeting.ts'
import { HeadState } from '../../lib/head-state.ts'
import { optionWords } from '../../lib/option-words.ts'
import {
  type ArrayAnswer,
  arrayHost,
  columns,
  pictureLength,
  readEmissivity,
  rows,
  sendByItself,
  setRate,
} from './codec.ts'
import { asSeen, warmest } from './face.ts'

/** The answer may have to wait for the end of a picture: 134 ms at 115200 baud. */
const timeoutMs = 800
const quietMs = 40
/** Longer than the pause between two pictures at the slowest rate. */
const silenceMs = 3000
const settleMs = 240_000

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z
    .union([z.literal(9600), z.literal(115200), z.literal(460800)])
    .default(115200)
    .describe(optionWords.baudRate),
  region: z
    .object({
      left: z
        .number()
        .int()
        .min(0)
        .max(columns - 1)
        .default(8)
        .describe('First column of the region, from the left as seen'),
      top: z
        .number()
        .int()
        .min(0)
        .max(rows - 1)
        .default(4)
        .describe('First row of the region, from the top'),
      width: z.number().int().min(1).max(columns).default(16).describe('Columns of the region'),
      height: z.number().int().min(1).max(rows).default(16).describe('Rows of the region'),
    })
    .refine(({ left, width }) => left + width <= columns, {
      message: `wider than the picture's ${columns} columns`,
    })
    .refine(({ top, height }) => top + height <= rows, { message: `higher than the picture's ${rows} rows` })
    .prefault({})
    .describe('Where faces are in the picture, as seen, counted from the top left'),
  pictureMs: z
    .number()
    .int()
    .min(250)
    .max(60_000)
    .default(1000)
    .describe('A picture for the technician each so many milliseconds'),
  warmUpMs: z
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(settleMs)
    .describe('After connecting, readings do not count for so long; the array needs up to four minutes'),
  estimate: bodyEstimateOptions.describe('How the temperature of the body is estimated from the skin'),
  offset: bodyOffset,
})

type ArraySession = KeptSession<'thermometer', z.infer<typeof options>>
type Picture = Extract<ArrayAnswer, { type: 'picture' }>

/**
 * Thermal array GY-MCU90640, 32 by 24 pixels. The body is estimated from the warmest pixel where faces are: screening,
 * with an error of one to two degrees, and never a judge by itself.
 */
export const gyMcu90640 = defineDriver({
  id: 'gy-mcu90640',
  kind: 'thermometer',
  label: 'GY-MCU90640 thermal array 32 × 24 (serial), screening only',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, clock, log } = session
    const codec = hearing(arrayHost)
    const look = watcher(session)
    const module = exchange(link, codec, {
      clock,
      // Adapters and a busy machine may hold back the rest of a picture for a while.
      gapMs: 200,
      quietMs,
      maxLength: pictureLength,
      onReport: (answer) => answer.type === 'picture' && look.see(answer),
    })
    const ask = () => module.ask(readEmissivity, { answers: isEmissivity, timeoutMs })
    // A picture proves the model as well as the answer does; a module may be too busy sending to answer.
    const emissivity = await greeted(link, ask, { heard: codec.heard, model: 'a GY-MCU90640' }).catch(
      (error) => {
        if (link.closed.aborted || !look.sawPicture()) throw error
        return undefined
      },
    )
    // Not saved in the module: a kiosk that starts each day would wear out its memory.
    for (const command of [setRate(4), sendByItself]) await link.write(arrayHost.encode(command))
    log('thermometer ready', {
      emissivityPercent: emissivity?.type === 'emissivity' ? emissivity.percent : 'not told',
    })
    look.endWhenSilent().catch(() => {}) // ends with the connection
    return {}
  },
})

/** Turns pictures into samples, and ends the connection when they stop coming. */
function watcher({ link, options, signal, clock, log, emit }: ArraySession) {
  const head = new HeadState(clock.monotonic() + options.warmUpMs)
  let lastAt: number | undefined
  let shownAt = Number.NEGATIVE_INFINITY

  return {
    sawPicture: () => lastAt !== undefined,
    see({ pixels, ambientCentiCelsius }: Picture) {
      const now = clock.monotonic()
      lastAt = now
      const seen = asSeen(pixels)
      const rawCentiCelsius = warmest(seen, options.region)
      const bodyCentiCelsius = bodyFromSkin(rawCentiCelsius, ambientCentiCelsius, options.estimate)
      const sample = {
        bodyCentiCelsius,
        rawCentiCelsius,
        ambientCentiCelsius,
        head: head.judge(rawCentiCelsius, now),
      }
      emit({ type: 'temperature', sample: withOffset(sample, options.offset) })
      if (now - shownAt < options.pictureMs) return
      shownAt = now
      emit({ type: 'picture', picture: { columns, rows, centiCelsius: seen, region: options.region } })
    },
    async endWhenSilent() {
      const since = clock.monotonic()
      while (!signal.aborted) {
        const rest = (lastAt ?? since) + silenceMs - clock.monotonic()
        if (rest <= 0) break
        await clock.sleep(rest, signal)
      }
      if (signal.aborted) return
      log('no picture', { silenceMs })
      // Ending the connection is how a driver asks for a new start.
      await link.close()
    },
  }
}

const isEmissivity = ({ type }: ArrayAnswer) => type === 'emissivity'
