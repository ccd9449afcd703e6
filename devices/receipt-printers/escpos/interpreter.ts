import { type EscposCommand, readCommand } from './command-reader.ts'
import { DEFAULT_PITCH, type Drawing, type QrEncoder, Sheet } from './sheet.ts'

export interface InterpreterOptions {
  readonly widthDots: number
  /** Draws a QR symbol without quiet zone: one string a row, '#' black and '.' white. */
  readonly qr: QrEncoder
}

export interface Interpretation {
  readonly drawing: Drawing
  /** Commands this interpreter does not know, as hex; on a real printer they might print anything. */
  readonly unknown: readonly string[]
}

/**
 * What a printer would draw for these bytes, worked out from the bytes alone: it shares nothing with the encoder, so
 * it can show what the encoder got wrong.
 */
export function interpretEscpos(bytes: Uint8Array, options: InterpreterOptions): Interpretation {
  const sheet = new Sheet(options.widthDots)
  const symbol: QrSymbol = { cell: 3, level: 'l', data: new Uint8Array() }
  const unknown: string[] = []
  let rest = bytes
  while (rest.length > 0) {
    const step = readCommand(rest)
    if (step === 'more' || !('frame' in step)) {
      unknown.push(`unfinished ${Buffer.from(rest.subarray(0, 8)).toString('hex')}`)
      break
    }
    const known = set(step.frame, sheet) || draw(step.frame, sheet, { ...options, symbol })
    if (!known && !silent.has(step.frame.name))
      unknown.push(`${step.frame.name} ${Buffer.from(step.frame.parameters).toString('hex')}`)
    rest = rest.subarray(step.used)
  }
  sheet.flush()
  return { drawing: sheet.drawing(), unknown }
}

/** Commands that ask or set something no ink shows. */
const silent = new Set([
  ...['NUL', 'DLE \x04', 'DLE \x05', 'DLE \x14', 'GS a', 'GS r', 'GS I', 'GS (H'],
  ...['ESC M', 'ESC  ', 'ESC t', 'ESC {', 'FS S', 'GS Z', 'GS e'],
])

/** What sets a style, a mode or a position, by its first parameter and the number its first two make. */
const settings: Readonly<Record<string, (sheet: Sheet, first: number, word: number) => void>> = {
  'ESC @': (sheet) => sheet.reset(),
  'ESC E': (sheet, first) => sheet.restyle({ bold: (first & 1) !== 0 }),
  'GS B': (sheet, first) => sheet.restyle({ inverse: (first & 1) !== 0 }),
  'ESC -': (sheet, first) => sheet.restyle({ underline: first !== 0 && first !== 0x30 }),
  'FS -': (sheet, first) => sheet.restyle({ underline: first !== 0 && first !== 0x30 }),
  'GS !': (sheet, first) => sheet.restyle({ scaleX: (first >> 4) + 1, scaleY: (first & 0x0f) + 1 }),
  'FS &': (sheet) => sheet.place({ multiByte: true }),
  'FS .': (sheet) => sheet.place({ multiByte: false }),
  'ESC a': (sheet, first) => sheet.place({ align: first & 3 }),
  'GS L': (sheet, _first, word) => sheet.place({ areaLeft: word }),
  'GS W': (sheet, _first, word) => sheet.place({ areaWidth: word }),
  'ESC $': (sheet, _first, word) => sheet.moveTo(word),
  'ESC \\': (sheet, _first, word) => sheet.moveTo(sheet.x + signed(word)),
  'ESC 2': (sheet) => sheet.place({ pitch: DEFAULT_PITCH }),
  'ESC 3': (sheet, first) => sheet.place({ pitch: first }),
}

function set({ name, parameters }: EscposCommand, sheet: Sheet): boolean {
  const [first = 0, second = 0] = parameters
  settings[name]?.(sheet, first, first + 256 * second)
  return name in settings
}

function signed(word: number): number {
  return word < 0x8000 ? word : word - 0x10000
}

/** A QR code as far as it has been described. */
interface QrSymbol {
  cell: number
  level: string
  data: Uint8Array
}

interface Drawer extends InterpreterOptions {
  readonly symbol: QrSymbol
}

function draw({ name, parameters }: EscposCommand, sheet: Sheet, drawer: Drawer): boolean {
  const [first = 0, second = 0] = parameters
  switch (name) {
    case 'text':
      sheet.text(parameters)
      return true
    case 'LF':
      sheet.lineFeed()
      return true
    case 'ESC d':
      for (let line = 0; line < first; line++) sheet.lineFeed()
      return true
    case 'ESC J':
      sheet.feed(first)
      return true
    case 'ESC i':
    case 'ESC m':
      sheet.cut(name === 'ESC m', 0)
      return true
    case 'GS V':
      sheet.cut((first & 1) === (first > 0x40 ? 0 : 1), parameters.length > 1 ? second : 0)
      return true
    case 'GS v0':
      sheet.bitmap(rasterRows(parameters), 1)
      return true
    case 'GS (k':
      return qrStep(parameters.subarray(2), sheet, drawer)
    case 'ESC Z':
      sheet.bitmap(
        drawer.qr(parameters.slice(5), String.fromCharCode(second).toLowerCase()),
        parameters[2] ?? 1,
      )
      return true
    case 'DC3 PH':
      return masungQrStep(parameters, sheet, drawer)
    default:
      return false
  }
}

/** GS ( k, function by function: 41h model, 43h cell, 45h level, 50h data, 51h print. */
function qrStep(body: Uint8Array, sheet: Sheet, { symbol, qr }: Drawer): boolean {
  const [kind, step, value = 0] = body
  if (kind !== 0x31) return false
  if (step === 0x43) symbol.cell = value
  else if (step === 0x45) symbol.level = 'lmqh'[value - 0x30] ?? 'l'
  else if (step === 0x50) symbol.data = body.slice(3)
  else if (step === 0x51) sheet.bitmap(qr(symbol.data, symbol.level), symbol.cell)
  else return step === 0x41
  return true
}

/** DC3 P H: 3 cell, 4 data, 5 print. What its levels mean is not known: M is drawn. */
function masungQrStep(parameters: Uint8Array, sheet: Sheet, { symbol, qr }: Drawer): boolean {
  const [step, value = 0] = parameters
  if (step === 3) symbol.cell = value
  else if (step === 4) symbol.data = parameters.slice(2, -1)
  else if (step === 5) sheet.bitmap(qr(symbol.data, 'm'), symbol.cell)
  else return step === 1 || step === 2
  return true
}

function rasterRows(parameters: Uint8Array): string[] {
  const [, xLow = 0, xHigh = 0] = parameters
  const widthBytes = xLow + 256 * xHigh
  const rows: string[] = []
  for (let start = 5; start < parameters.length; start += widthBytes) {
    const row = parameters.subarray(start, start + widthBytes)
    rows.push(
      Array.from(row, (byte) =>
        byte.toString(2).padStart(8, '0').replaceAll('0', '.').replaceAll('1', '#'),
      ).join(''),
    )
  }
  return rows
}
