import { DeviceError } from '../../errors.ts'
import type { PrintGlyph } from '../../kinds.ts'
import type { PrinterProfile } from './profile.ts'
import { displayWidth, type Glyphs, unprintable } from './text.ts'

/** Dots as a print head sees them: one array a row, 1 is black. */
export type Dots = Uint8Array[]

export interface LineStyle {
  readonly size?: number | undefined
  readonly bold?: boolean | undefined
  readonly inverse?: boolean | undefined
}

export interface RasterPlace {
  readonly align: 'left' | 'center' | 'right'
  /** Feed behind the line, so that it takes the room of a printed one. */
  readonly feedDots: number
  readonly profile: PrinterProfile
}

const COLUMN_DOTS = 12
const GLYPH_ROWS = 24

/**
 * One line of printable text in dots. Throws a DeviceError `unsupported` that names the first character without a
 * glyph: a line is drawn whole or not at all.
 */
export function drawLine(text: string, { size = 1, bold, inverse }: LineStyle, glyphs: Glyphs): Dots {
  const cells = Array.from(text, (char) => cellOf(char, glyphs))
  const width = cells.reduce((sum, cell) => sum + cell.width, 0)
  return Array.from({ length: GLYPH_ROWS * size }, (_, y) => {
    const row = new Uint8Array(width * size)
    let left = 0
    for (const cell of cells) {
      const bits = cell.rows[Math.floor(y / size)] ?? 0
      for (let x = 0; x < cell.width * size; x++)
        row[left + x] = (bits >> (GLYPH_ROWS - 1 - Math.floor(x / size))) & 1
      left += cell.width * size
    }
    // From the right, so that each dot is thickened once.
    for (let x = row.length - 1; bold && x > 0; x--) row[x] = (row[x] ?? 0) | (row[x - 1] ?? 0)
    return inverse ? row.map((dot) => 1 - dot) : row
  })
}

/** A label at the left end and a value at the right end of the same line. */
export function spread(label: Dots, value: Dots, width: number): Dots {
  return label.map((row, y) => {
    const right = value[y] ?? new Uint8Array()
    const line = new Uint8Array(width)
    line.set(row)
    line.set(right, width - right.length)
    return line
  })
}

/**
 * A drawn line as GS v 0, in strips no taller than the board takes, without the white above and below it. One byte a
 * character. Throws a DeviceError `unsupported` when it is wider than the paper, where a printer prints nothing.
 */
export function rasterCommands(dots: Dots, { align, feedDots, profile }: RasterPlace): string {
  const areaDots = profile.columns * COLUMN_DOTS
  const packed = dots.map((row) => packRow(row, align))
  if ((packed[0]?.length ?? 0) * 8 > profile.media.widthDots)
    throw new DeviceError('unsupported', 'a line with rare characters is wider than the paper')
  const first = Math.max(
    0,
    packed.findIndex((row) => row.some((byte) => byte !== 0)),
  )
  const last = packed.findLastIndex((row) => row.some((byte) => byte !== 0))
  const strips: string[] = []
  for (let top = first; top <= last; top += profile.maxRasterRows)
    strips.push(strip(packed.slice(top, Math.min(last + 1, top + profile.maxRasterRows))))
  // The print area of the line before may be a column of it.
  const area = `\x1dL\x00\x00\x1dW${word(areaDots)}\x1ba${byte(['left', 'center', 'right'].indexOf(align))}`
  return [area, feed(first), ...strips, feed(packed.length - 1 - last + feedDots)].join('')
}

function strip(rows: readonly Uint8Array[]): string {
  const width = rows[0]?.length ?? 0
  const data = Uint8Array.from(rows.flatMap((row) => [...row]))
  // A printer executes real-time commands (10 04, 10 05, 10 14) inside a picture too: one more dot makes it none.
  for (const [at, next] of data.subarray(1).entries())
    if (data[at] === 0x10 && (next === 0x04 || next === 0x05 || next === 0x14)) data[at] = 0x18
  return `\x1dv0\x00${word(width)}${word(rows.length)}${String.fromCharCode(...data)}`
}

/** Eight dots a byte, the leftmost in the highest bit; what is left over is white at the far side of the alignment. */
function packRow(row: Uint8Array, align: RasterPlace['align']): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(row.length / 8))
  const shift = align === 'right' ? bytes.length * 8 - row.length : 0
  for (const [x, dot] of row.entries()) {
    const at = x + shift
    if (dot === 1) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7))
  }
  return bytes
}

function cellOf(char: string, glyphs: Glyphs): PrintGlyph {
  const glyph = glyphs.get(char)
  if (glyph) return glyph
  if (/\p{Z}/u.test(char)) return { width: displayWidth(char) * COLUMN_DOTS, rows: [] }
  throw unprintable(char, 'has no glyph to draw its line with')
}

function feed(dots: number): string {
  return dots > 0 ? `\x1bJ${byte(dots)}` : ''
}

function word(value: number): string {
  return byte(value & 0xff) + byte(value >> 8)
}

function byte(value: number): string {
  return String.fromCharCode(value)
}
