/**
 * Output of a scan head that sends plain lines (serial or USB-CDC), as such heads are set up in practice:
 *
 *   [prefix] [AIM identifier, 3 characters] payload [CR | LF | CR LF]
 *   0x02 [prefix] [AIM identifier] payload [terminator] 0x03        with stxEtx
 *
 * There is no check sum: what can be checked are the prefix, the AIM identifier and the length.
 */
export interface LineFormat extends CodeFormat {
  /** `none` without stxEtx: only silence ends a line, see `LineCutter.silence`. */
  readonly terminator: Terminator
  readonly stxEtx: boolean
}

/** How a head dresses every code, whatever frame it travels in. */
export interface CodeFormat {
  readonly prefix: Uint8Array
  /** ISO/IEC 15424 symbology identifier before the payload: "]Q1" is a QR code of model 2. */
  readonly aimId: boolean
  /** The longest payload in bytes. */
  readonly maxLength: number
}

export type Terminator = 'cr' | 'lf' | 'crlf' | 'none'

export interface ScannedCode {
  readonly bytes: Uint8Array
  readonly aim?: string
}

/** `too-long`, `no-prefix`, `no-aim`: a whole line that breaks the format. `torn`: a line that was never finished. */
export type DropReason = 'too-long' | 'no-prefix' | 'no-aim' | 'torn'

/** Makes whole things of received bytes; keeps what is unfinished. */
export interface Cutter<Item> {
  push(chunk: Uint8Array): Item[]
  /** To be called when nothing came for as long as the device never pauses inside a line. */
  silence(): Item[]
}

export type Cut = { readonly code: ScannedCode } | { readonly dropped: DropReason }

const STX = 0x02
const ETX = 0x03
const aimLength = 3
const terminators: Record<Terminator, readonly number[]> = {
  cr: [0x0d],
  lf: [0x0a],
  crlf: [0x0d, 0x0a],
  none: [],
}

/** A code dressed as `parseCode` expects it. */
export function encodeCode({ prefix, aimId }: CodeFormat, { bytes, aim = '' }: ScannedCode): Uint8Array {
  return Uint8Array.from([...prefix, ...Buffer.from(aimId ? aim : '', 'latin1'), ...bytes])
}

/** The bytes a head with these settings sends for one code. */
export function encodeLine(format: LineFormat, code: ScannedCode): Uint8Array {
  const line = [...encodeCode(format, code), ...terminators[format.terminator]]
  return Uint8Array.from(format.stxEtx ? [STX, ...line, ETX] : line)
}

/** Cuts received bytes into codes. A line is cut where the head ended it, never where a chunk happens to end. */
export class LineCutter implements Cutter<Cut> {
  readonly #format: LineFormat
  readonly #end: readonly number[]
  readonly #line: Uint8Array
  #length = 0
  #tooLong = false
  #inside: boolean

  constructor(format: LineFormat) {
    this.#format = format
    this.#end = format.stxEtx ? [ETX] : terminators[format.terminator]
    const overhead = format.prefix.length + (format.aimId ? aimLength : 0) + terminators.crlf.length + 1
    this.#line = new Uint8Array(format.maxLength + overhead)
    this.#inside = !format.stxEtx
  }

  /** Whether a line has begun. */
  get unfinished(): boolean {
    return this.#format.stxEtx ? this.#inside : this.#length > 0
  }

  push(chunk: Uint8Array): Cut[] {
    const cuts: Cut[] = []
    for (const byte of chunk) {
      if (this.#format.stxEtx && byte === STX) {
        // A second STX: the line before lost its end. Keeping its bytes would glue two codes together.
        cuts.push(...this.#abandon())
        this.#inside = true
      } else if (this.#inside) {
        this.#keep(byte)
        if (this.#atEnd()) cuts.push(...this.#finish())
      }
    }
    return cuts
  }

  /** The head has been silent: that ends a line which has no other end, and means a torn line otherwise. */
  silence(): Cut[] {
    return this.#end.length === 0 ? this.#finish() : this.#abandon()
  }

  #keep(byte: number) {
    if (this.#length === this.#line.length) {
      this.#tooLong = true
      // The last byte may be the first half of the terminator.
      this.#line[0] = this.#line[this.#length - 1] ?? 0
      this.#length = 1
    }
    this.#line[this.#length++] = byte
  }

  #atEnd(): boolean {
    const from = this.#length - this.#end.length
    return this.#end.length > 0 && this.#end.every((byte, index) => this.#line[from + index] === byte)
  }

  #finish(): Cut[] {
    const line = this.#line.slice(0, this.#length - this.#end.length)
    const { tooLong } = this.#reset()
    return tooLong ? [{ dropped: 'too-long' }] : parseLine(this.#format, line)
  }

  #abandon(): Cut[] {
    const { started } = this.#reset()
    return started ? [{ dropped: 'torn' }] : []
  }

  #reset() {
    const before = { tooLong: this.#tooLong, started: this.#length > 0 }
    this.#length = 0
    this.#tooLong = false
    this.#inside = !this.#format.stxEtx
    return before
  }
}

function parseLine(format: LineFormat, framed: Uint8Array): Cut[] {
  return parseCode(format, format.stxEtx ? withoutEnd(framed, terminators[format.terminator]) : framed)
}

/** Takes what stands before a code off it; nothing is left of an empty line. */
export function parseCode({ prefix, aimId, maxLength }: CodeFormat, line: Uint8Array): Cut[] {
  if (line.length === 0) return []
  if (prefix.some((byte, index) => line[index] !== byte)) return [{ dropped: 'no-prefix' }]
  const rest = line.slice(prefix.length)
  const aim = Buffer.from(rest.subarray(0, aimLength)).toString('latin1')
  if (aimId && !/^\][A-Za-z][0-9A-Za-z]$/.test(aim)) return [{ dropped: 'no-aim' }]
  const bytes = aimId ? rest.slice(aimLength) : rest
  if (bytes.length > maxLength) return [{ dropped: 'too-long' }]
  if (bytes.length === 0) return []
  return [{ code: aimId ? { bytes, aim } : { bytes } }]
}

function withoutEnd(line: Uint8Array, end: readonly number[]): Uint8Array {
  const from = line.length - end.length
  return from >= 0 && end.every((byte, index) => line[from + index] === byte) ? line.subarray(0, from) : line
}
