import type { Step } from '../frames.ts'
import type { CodeFormat, LineFormat } from '../lines.ts'
import type { Found } from '../search.ts'
import { framedReader } from './framed-reader.ts'
import { harmlessCode, type Vary, type WireReader } from './wire.ts'

/** One line of a scan head, by where things are in it. */
interface Line {
  readonly type: 'line'
  readonly from: number
  readonly to: number
  readonly aim: string | undefined
}

/** What a head answers commands with, besides the codes. */
export interface Replies<Reply> {
  /** To be asked after every byte, where a line begins. */
  at(bytes: Uint8Array): Found<Reply>
  describe(reply: Reply): string
  /** Undefined where nothing of it can come from a code. */
  harmless(reply: Reply, vary: Vary): Uint8Array | undefined
}

type Item<Reply> = Line | { readonly type: 'reply'; readonly reply: Reply }

const STX = 0x02
const ETX = 0x03
const AIM_LENGTH = 3
const ends = { cr: [0x0d], lf: [0x0a], crlf: [0x0d, 0x0a], none: [] } as const

/** Of a head's settings, what its lines look like. */
export type LineOptions = Omit<LineFormat, 'prefix'> & { readonly prefix: string }

/** What comes from heads that send every code as a line, and answer commands in between. */
export function lineReader<Reply>(set: LineOptions, replies?: Replies<Reply>): WireReader {
  const format: LineFormat = { ...set, prefix: Buffer.from(set.prefix, 'hex') }
  const maxLength = format.maxLength + format.prefix.length + 16
  return framedReader<Item<Reply>>({
    maxLength,
    gapMs: 1000,
    decode(bytes) {
      const reply = replies && replyAtFront(bytes, replies)
      return reply ?? lineStep(bytes, format)
    },
    describe(item) {
      if (item.type === 'reply') return replies?.describe(item.reply) ?? 'reply'
      return codeText(item.to - item.from, item.aim)
    },
    harmless(item, vary, bytes) {
      if (item.type === 'reply') return replies?.harmless(item.reply, vary)
      return withCode(bytes, item, vary)
    },
    silence: (bytes) =>
      ends[format.terminator].length === 0 && !format.stxEtx
        ? lineIn(bytes, { from: 0, to: bytes.length }, format)
        : undefined,
  })
}

/** "code of 12 bytes, ]Q1": all that is told of what somebody showed. */
export function codeText(length: number, aim?: string): string {
  return `code of ${length} bytes${aim === undefined ? '' : `, ${aim}`}`
}

/** The same bytes with the test code where the code stands. */
export function withCode(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  vary: Vary,
): Uint8Array {
  const harmless = Uint8Array.from(bytes)
  harmless.set(vary(harmlessCode(to - from)), from)
  return harmless
}

/** Where the code itself begins in `bytes`, behind a prefix and an AIM identifier that are as set. */
export function codeIn(bytes: Uint8Array, from: number, { prefix, aimId }: CodeFormat) {
  const starts = prefix.every((byte, at) => bytes[from + at] === byte)
  if (!starts) return { from, aim: undefined }
  const start = from + prefix.length
  const aim = Buffer.from(bytes.subarray(start, start + AIM_LENGTH)).toString('latin1')
  if (!aimId || !/^\][A-Za-z][0-9A-Za-z]$/.test(aim)) return { from: start, aim: undefined }
  return { from: start + AIM_LENGTH, aim }
}

function replyAtFront<Reply>(bytes: Uint8Array, replies: Replies<Reply>): Step<Item<Reply>> | undefined {
  for (let end = 1; end <= bytes.length; end++) {
    const found = replies.at(bytes.subarray(0, end))
    if (found === 'no') return undefined
    if (found !== 'more') return { frame: { type: 'reply', reply: found.frame }, used: found.used }
  }
  return 'more'
}

function lineStep(bytes: Uint8Array, format: LineFormat): Step<Line> {
  if (format.stxEtx) {
    const start = bytes.indexOf(STX)
    if (start !== 0) return { skip: start === -1 ? bytes.length : start }
    const end = bytes.indexOf(ETX)
    if (end === -1) return 'more'
    return { frame: lineIn(bytes, { from: 1, to: end }, format), used: end + 1 }
  }
  const end = ends[format.terminator]
  if (end.length === 0) return 'more'
  for (let to = 0; to + end.length <= bytes.length; to++)
    if (end.every((byte, at) => bytes[to + at] === byte))
      return { frame: lineIn(bytes, { from: 0, to }, format), used: to + end.length }
  return 'more'
}

function lineIn(bytes: Uint8Array, { from, to }: { from: number; to: number }, format: LineFormat): Line {
  const inner = ends[format.terminator]
  const dressed =
    format.stxEtx && inner.length > 0 && inner.every((byte, at) => bytes[to - inner.length + at] === byte)
  const end = dressed ? to - inner.length : to
  const code = codeIn(bytes.subarray(0, end), from, format)
  return { type: 'line', from: Math.min(code.from, end), to: end, aim: code.aim }
}
