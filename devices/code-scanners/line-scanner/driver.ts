import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { asDeviceError } from '../../errors.ts'
import { type Cut, type DropReason, LineCutter } from './codec.ts'
import { RepeatFilter } from './repeats.ts'

/** An unfinished line followed by this much silence has lost its end. Inside a line heads never pause so long. */
const tornAfterMs = 1000

const advice: Record<DropReason, string> = {
  'too-long': 'a line longer than maxLength was dropped: wrong terminator or wrong baud rate?',
  'no-prefix': 'a line without the configured prefix was dropped: noise, or a head set up differently',
  'no-aim': 'a line without AIM identifier was dropped: switch it on in the head, or aimId off here',
  torn: 'an unfinished line was dropped',
}

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z.number().int().positive().default(115_200),
  prefix: z
    .string()
    .regex(/^([0-9a-f]{2})*$/i)
    .default('')
    .describe('Bytes the head sends before every code, in hex; stripped'),
  aimId: z
    .boolean()
    .default(false)
    .describe('The head sends an AIM identifier such as "]Q1" before the code'),
  terminator: z.enum(['cr', 'lf', 'crlf', 'none']).default('cr'),
  stxEtx: z.boolean().default(false).describe('The head wraps every code in 02 … 03'),
  maxLength: z.number().int().min(1).max(65_536).default(3072).describe('Longest code in bytes'),
  gapMs: z
    .number()
    .int()
    .min(20)
    .max(1000)
    .default(80)
    .describe('Silence that ends a code when there is no terminator'),
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8').describe('For showing codes, never for deciding'),
  sameCodeMs: z.number().int().min(0).max(60_000).default(1000),
  otherCodeMs: z.number().int().min(0).max(60_000).default(200),
})

/** Any scan head set up to send one line per code. It only speaks, so there is no greeting that could prove the model. */
export const lineScanner = defineDriver({
  id: 'line-scanner',
  kind: 'code-scanner',
  label: 'Code scanner sending lines (serial, USB-CDC)',
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start({ link, options, signal, clock, log, emit }) {
    const cutter = new LineCutter({ ...options, prefix: Buffer.from(options.prefix, 'hex') })
    const repeats = new RepeatFilter(options)
    const endsBySilence = options.terminator === 'none' && !options.stxEtx
    const silenceMs = endsBySilence ? options.gapMs : tornAfterMs
    let lastByteAt = clock.monotonic()
    let chunks = 0

    // Whatever the agent threw over an event: without a reader this connection would be deaf, so it ends.
    listen().catch(async (error) => {
      log('reading codes failed', { code: asDeviceError(error, 'bad-answer', link.name).code })
      await link.close()
    })

    async function listen() {
      for await (const chunk of link.bytes) {
        const now = clock.monotonic()
        // Looked at here too, because a timer may come late on a busy machine.
        if (now - lastByteAt >= silenceMs) take(cutter.silence())
        lastByteAt = now
        take(cutter.push(chunk))
        if (endsBySilence) void endAfterSilence(++chunks)
      }
    }

    async function endAfterSilence(chunk: number) {
      try {
        await clock.sleep(silenceMs, signal)
      } catch {
        return // the connection is over, and a code cut off by it is no code
      }
      if (chunk === chunks) take(cutter.silence())
    }

    function take(cuts: readonly Cut[]) {
      for (const cut of cuts) {
        if ('dropped' in cut) log(advice[cut.dropped], { reason: cut.dropped })
        else if (repeats.accepts(digest(cut.code.bytes), clock.monotonic()))
          emit({ type: 'code', ...cut.code })
      }
    }

    return { suppressed: () => repeats.suppressed }
  },
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
