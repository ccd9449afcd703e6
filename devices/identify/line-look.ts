import { encodeLine, LineCutter, type LineFormat, type ScannedCode, type Terminator } from '../lib/lines.ts'

/** How a head that sends lines is set up, as one code it sent tells. */
export interface LineLook {
  readonly terminator: Terminator
  readonly stxEtx: boolean
  readonly aimId: boolean
  /** Bytes of the code itself. What they are is nobody's business here. */
  readonly length: number
}

/** Shorter ones are noise more often than codes. */
const SHORTEST = 4
const LONGEST = 4096
const terminators: readonly Terminator[] = ['crlf', 'cr', 'lf']
const aim = /^\][A-Za-z][0-9A-Za-z]/

/**
 * Finds a whole code in a burst of bytes, received at one speed and followed by silence; undefined when there is none that looks
 * like one: at a wrong speed even the end of a line is garbled.
 */
export function lookOfLine(bytes: Uint8Array): LineLook | undefined {
  const stxEtx = bytes.includes(0x02) && bytes.includes(0x03)
  for (const terminator of terminators) {
    const look = inFormat(bytes, { terminator, stxEtx })
    if (look) return look
  }
  if (stxEtx) return inFormat(bytes, { terminator: 'none', stxEtx })
  return asCode(bytes, { terminator: 'none', stxEtx: false })
}

function inFormat(bytes: Uint8Array, ends: Pick<LineFormat, 'terminator' | 'stxEtx'>): LineLook | undefined {
  const format: LineFormat = { ...ends, prefix: new Uint8Array(), aimId: false, maxLength: LONGEST }
  for (const cut of new LineCutter(format).push(bytes)) {
    const look = 'code' in cut && wasSentSo(bytes, format, cut.code) && asCode(cut.code.bytes, ends)
    if (look) return look
  }
  return undefined
}

/** A cutter is lenient inside STX … ETX: only a line that was sent just so tells how the head is set up. */
function wasSentSo(bytes: Uint8Array, format: LineFormat, code: ScannedCode): boolean {
  return !format.stxEtx || Buffer.from(bytes).includes(Buffer.from(encodeLine(format, code)))
}

function asCode(bytes: Uint8Array, ends: Pick<LineLook, 'terminator' | 'stxEtx'>): LineLook | undefined {
  // Without an end to be garbled, bytes of a wrong speed pass for Chinese too easily.
  const text = asText(bytes, ends.terminator === 'none' ? ['utf-8'] : ['utf-8', 'gb18030'])
  if (text === undefined) return undefined
  const aimId = aim.test(text)
  const length = bytes.length - (aimId ? 3 : 0)
  return length < SHORTEST ? undefined : { ...ends, aimId, length }
}

/** Text in one of these codings; undefined for what is none, as most bytes of a wrong speed are. */
function asText(bytes: Uint8Array, codings: readonly string[]): string | undefined {
  for (const coding of codings) {
    try {
      const text = new TextDecoder(coding, { fatal: true }).decode(bytes)
      if (!/\p{C}/u.test(text)) return text
    } catch {
      // Not in this coding.
    }
  }
  return undefined
}
