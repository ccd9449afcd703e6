import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { KeptSession } from '../driver.ts'
import type { Cut, DropReason } from './lines.ts'
import { RepeatFilter, type RepeatWindows } from './repeats.ts'

const advice: Record<DropReason, string> = {
  'too-long': 'a code longer than maxLength was dropped: wrong terminator or wrong baud rate?',
  'no-prefix': 'a code without the configured prefix was dropped: noise, or a head set up differently',
  'no-aim': 'a code without AIM identifier was dropped: switch it on in the head, or aimId off here',
  torn: 'an unfinished line was dropped',
}

/** Options of every code scanner, to be spread into a driver's own. */
export const codeOptions = {
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  prefix: z
    .string()
    .regex(/^([0-9a-f]{2})*$/i)
    .default('')
    .describe('Bytes the head sends before every code, in hex; stripped'),
  aimId: z
    .boolean()
    .default(false)
    .describe('The head sends an AIM identifier such as "]Q1" before the code'),
  maxLength: z.number().int().min(1).max(65_536).default(3072).describe('Longest code in bytes'),
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8').describe('For showing codes, never for deciding'),
  sameCodeMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('The same code again within so many milliseconds is one reading'),
  otherCodeMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(200)
    .describe('After a code, so many milliseconds belong to it before another one counts'),
}

/** Options of heads that send every code as a line. */
export const lineOptions = {
  ...codeOptions,
  terminator: z
    .enum(['cr', 'lf', 'crlf', 'none'])
    .default('cr')
    .describe('What the head sends behind each code: "cr" (Enter), "lf", or both'),
  stxEtx: z.boolean().default(false).describe('The head wraps every code in 02 … 03'),
}

/** Options of heads that answer commands on the wire of their codes: only a code with an end of its own is told from a reply. */
export const answeringHeadOptions = {
  ...lineOptions,
  terminator: z
    .enum(['cr', 'lf', 'crlf'])
    .default('cr')
    .describe('What the head sends behind each code: "cr" (Enter), "lf", or both'),
}

export interface CodeEvents {
  /** Reports a code once a presentation, and tells the technician why something was dropped. */
  take(cut: Cut): void
  /** Repeats swallowed so far. */
  suppressed(): number
}

type Session = Pick<KeptSession<'code-scanner', RepeatWindows>, 'options' | 'clock' | 'log' | 'emit'>

/** The way of every code from any head to the agent. */
export function codeEvents({ options, clock, log, emit }: Session): CodeEvents {
  const repeats = new RepeatFilter(options)
  return {
    take(cut) {
      if ('dropped' in cut) log(advice[cut.dropped], { reason: cut.dropped })
      else if (repeats.accepts(digest(cut.code.bytes), clock.monotonic())) emit({ type: 'code', ...cut.code })
    },
    suppressed: () => repeats.suppressed,
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
