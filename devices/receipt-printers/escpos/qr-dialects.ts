import { type QRCode, qrcode as receiptlineQr } from 'receiptline'
import type { PrinterProfile } from './profile.ts'
import { qrVersion } from './qr-size.ts'

const QUIET_MODULES = 4

/**
 * A QR code in the dialect of the printer, with the white a reader needs above and below. One byte a character. The
 * symbol's data are ASCII and fit on the paper (`qrSize`).
 */
export function qrCode(symbol: QRCode, { qr, maxRasterRows }: PrinterProfile): string {
  const white = `\x1bJ${byte(QUIET_MODULES * symbol.cell)}`
  return white + (qr === 'none' ? picture(symbol, maxRasterRows) : native[qr](symbol)) + white
}

const native = {
  /** GS ( k in its five steps. */
  'gs(k': ({ data, cell, level }: QRCode) =>
    [
      '\x1d(k\x04\x001A2\x00',
      `\x1d(k\x03\x001C${byte(cell)}`,
      `\x1d(k\x03\x001E${byte(0x30 + 'lmqh'.indexOf(level))}`,
      `\x1d(k${word(data.length + 3)}1P0${data}`,
      '\x1d(k\x03\x001Q0',
    ].join(''),

  /** Old clones: GS Z 2 chooses QR, ESC Z takes version, level as a letter, cell, length and data. */
  escz: ({ data, cell, level }: QRCode) =>
    `\x1dZ\x02\x1bZ${byte(qrVersion(data))}${level.toUpperCase()}${byte(cell)}${word(data.length)}${data}`,

  /**
   * Older Masung boards: DC3 P H 1 version, 2 level, 3 cell, 4 data up to a 00, 5 print. No sheet tells the numbers of
   * the levels, nor what the 2 behind function 4 means: these are the ones a public program sends.
   */
  masung: ({ data, cell }: QRCode) =>
    [
      `\x13PH\x01${byte(qrVersion(data))}`,
      '\x13PH\x02\x01',
      `\x13PH\x03${byte(cell)}`,
      `\x13PH\x04\x02${data}\x00`,
      '\x13PH\x05',
    ].join(''),
}

/**
 * GS v 0 in strips no taller than the board takes. A printer executes real-time commands (10 04, 10 05, 10 14) inside a
 * picture too; a cell of three dots or more never makes the single dot of a byte 10.
 */
function picture(symbol: QRCode, maxRasterRows: number): string {
  const rows = receiptlineQr.generate(symbol).flatMap((modules) => {
    const row = rasterRow(modules, symbol.cell)
    return Array.from({ length: symbol.cell }, () => row)
  })
  const strips: string[] = []
  for (let start = 0; start < rows.length; start += maxRasterRows) {
    const strip = rows.slice(start, start + maxRasterRows)
    strips.push(`\x1dv0\x00${word(strip[0]?.length ?? 0)}${word(strip.length)}${strip.join('')}`)
  }
  return strips.join('')
}

/** One row of dots, eight a byte, the leftmost in the highest bit. */
function rasterRow(modules: Uint8Array, cell: number): string {
  const bytes = new Uint8Array(Math.ceil((modules.length * cell) / 8))
  for (const [index, dark] of modules.entries())
    for (let dot = index * cell; dark === 1 && dot < (index + 1) * cell; dot++)
      bytes[dot >> 3] = (bytes[dot >> 3] ?? 0) | (0x80 >> (dot & 7))
  return String.fromCharCode(...bytes)
}

function word(value: number): string {
  return byte(value & 0xff) + byte(value >> 8)
}

function byte(value: number): string {
  return String.fromCharCode(value)
}
