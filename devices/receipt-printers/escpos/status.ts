import type { PrinterFault, PrinterStatus } from '../../kinds.ts'
import type { Codec, Step } from '../../lib/frames.ts'
import type { StatusBits } from './profile.ts'

/** Everything an ESC/POS printer sends, told apart by its fixed bits (Epson TM-T88III specification, appendix G). */
export type PrinterAnswer =
  /** To DLE EOT n; it does not say which n. */
  | { readonly type: 'eot'; readonly byte: number }
  /** Automatic status: 4 bytes, sent when GS a is received and on every change. */
  | { readonly type: 'asb'; readonly bytes: Uint8Array }
  /** To GS r or a one-byte GS I. */
  | { readonly type: 'byte'; readonly byte: number }
  /** To GS ( H function 48: everything before it has been printed. */
  | { readonly type: 'process-id'; readonly processId: string }
  /** To DLE DC4 8: buffers cleared. */
  | { readonly type: 'cleared' }
  /** Any other block, with its header byte and without its final 00: GS I texts, power-off notice, offline cause. */
  | { readonly type: 'block'; readonly bytes: Uint8Array }

const XON = 0x11
const XOFF = 0x13
const ASB_LENGTH = 4
const BLOCK_MAX_LENGTH = 96
const blockHeaders = new Set([0x35, 0x37, 0x3b, 0x3d, 0x5f])
const isFlowControl = (byte: number) => byte === XON || byte === XOFF

/** Receives answers; what it sends are raw bytes. Flow control bytes are stripped wherever they stand. */
export const printerAnswers: Codec<PrinterAnswer, Uint8Array> = {
  encode: (bytes) => bytes,

  decode(bytes) {
    const [first] = bytes
    if (first === undefined) return 'more'
    if ((first & 0x93) === 0x12) return { frame: { type: 'eot', byte: first }, used: 1 }
    if ((first & 0x93) === 0x10) return group(bytes)
    if (blockHeaders.has(first)) return block(bytes)
    if ((first & 0x90) === 0) return { frame: { type: 'byte', byte: first }, used: 1 }
    // Noise, and flow control between two answers.
    return { skip: 1 }
  },
}

function group(bytes: Uint8Array): Step<PrinterAnswer> {
  const collected: number[] = []
  for (const [index, byte] of bytes.entries()) {
    if (isFlowControl(byte)) continue
    // A broken group goes as a whole: its zeros alone would look like the answer "the end was reached".
    if (collected.length > 0 && (byte & 0x90) !== 0) return { skip: index }
    collected.push(byte)
    if (collected.length === ASB_LENGTH)
      return { frame: { type: 'asb', bytes: Uint8Array.from(collected) }, used: index + 1 }
  }
  return 'more'
}

function block(bytes: Uint8Array): Step<PrinterAnswer> {
  const collected: number[] = []
  for (const [index, byte] of bytes.entries()) {
    if (isFlowControl(byte)) continue
    if (byte === 0) return { frame: blockFrame(Uint8Array.from(collected)), used: index + 1 }
    if (byte < 0x20 || byte > 0x7e) return { skip: index }
    collected.push(byte)
    if (collected.length > BLOCK_MAX_LENGTH) return { skip: index + 1 }
  }
  return 'more'
}

function blockFrame(bytes: Uint8Array): PrinterAnswer {
  const text = String.fromCharCode(...bytes)
  if (text.startsWith('\x37\x22') && text.length === 6)
    return { type: 'process-id', processId: text.slice(2) }
  if (text === '\x37\x25') return { type: 'cleared' }
  return { type: 'block', bytes }
}

/** The answers to DLE EOT 1–4 by their n; an n that was not asked is absent. */
export type EotAnswers = Readonly<Partial<Record<1 | 2 | 3 | 4, number>>>

const epsonBits: StatusBits = { eot3bit2: 'mechanical', paperEnd: 'bits-5-6', asb2bit1: 'unused' }

/** What DLE EOT 1–4 say. Words are Epson's; `bits` tells where a maker differs. */
export function statusFromEot(answers: EotAnswers, bits = epsonBits): PrinterStatus {
  const [offline, cause, error, sensors] = [
    answers[1] ?? 0,
    answers[2] ?? 0,
    answers[3] ?? 0,
    answers[4] ?? 0,
  ]
  const paperEndMask = bits.paperEnd === 'bit-5' ? 0x20 : 0x60
  const paperEnd = (sensors & paperEndMask) === paperEndMask || (cause & 0x20) !== 0
  const nearEnd = (sensors & 0x0c) === 0x0c
  const known = answers[4] !== undefined
  return status({
    coverOpen: (cause & 0x04) !== 0,
    coverKnown: answers[2] !== undefined,
    paper: paperEnd ? 'out' : nearEnd ? 'low' : known ? 'full' : 'unknown',
    cutter: (error & 0x08) !== 0,
    jam: bits.eot3bit2 === 'paper-jam' && (error & 0x04) !== 0,
    // A black mark that is not found is for whoever repairs the printer, too.
    mechanical: bits.eot3bit2 !== 'paper-jam' && (error & 0x04) !== 0,
    unrecoverable: (error & 0x20) !== 0,
    offline: (offline & 0x08) !== 0,
  })
}

/** What an automatic status group says. */
export function statusFromAsb(bytes: Uint8Array, bits = epsonBits): PrinterStatus {
  const [general = 0, errors = 0, sensors = 0] = bytes
  return status({
    coverOpen: (general & 0x20) !== 0,
    coverKnown: true,
    paper: (sensors & 0x0c) === 0x0c ? 'out' : (sensors & 0x03) === 0x03 ? 'low' : 'full',
    cutter: (errors & 0x08) !== 0,
    jam: bits.asb2bit1 === 'presenter-jam' && (errors & 0x02) !== 0,
    mechanical: (errors & 0x04) !== 0,
    unrecoverable: (errors & 0x20) !== 0,
    offline: (general & 0x08) !== 0,
  })
}

interface Signs {
  readonly coverOpen: boolean
  readonly coverKnown: boolean
  readonly paper: PrinterStatus['paper']
  readonly cutter: boolean
  readonly jam: boolean
  readonly mechanical: boolean
  readonly unrecoverable: boolean
  readonly offline: boolean
}

function status(signs: Signs): PrinterStatus {
  const fault = worstFault(signs)
  return {
    paper: signs.jam ? 'jammed' : signs.paper,
    cover: signs.coverOpen ? 'open' : signs.coverKnown ? 'closed' : 'unknown',
    ...(fault ? { fault } : {}),
  }
}

/** The one that a person must deal with first. */
function worstFault(signs: Signs): PrinterFault | undefined {
  if (signs.unrecoverable) return 'unrecoverable'
  if (signs.cutter) return 'cutter'
  if (signs.jam) return 'paper-jam'
  if (signs.mechanical) return 'mechanical'
  if (signs.coverOpen) return 'cover-open'
  if (signs.paper === 'out') return 'paper-out'
  return signs.offline ? 'offline' : undefined
}

/** The paper sensors in an answer to GS r 1; undefined when the byte cannot be one. Sensor bits come in pairs. */
export function paperFromGsr(byte: number): 'full' | 'low' | 'out' | undefined {
  const nearEnd = byte & 0x03
  const end = byte & 0x0c
  if ((nearEnd !== 0 && nearEnd !== 0x03) || (end !== 0 && end !== 0x0c)) return undefined
  return end ? 'out' : nearEnd ? 'low' : 'full'
}
