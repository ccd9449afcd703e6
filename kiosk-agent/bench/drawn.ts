import { encode as encodeQr } from 'uqr'
import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import type { Paper } from '../api/contract.ts'

/** The picture of a slip, from nothing but the bytes which reached the far end. */
export function drawn(bytes: Uint8Array, widthDots: number): Paper {
  return interpretEscpos(bytes, { widthDots, qr: qrRows }).drawing
}

function qrRows(data: Uint8Array, level: string): string[] {
  const ecc = (['L', 'M', 'Q', 'H'] as const).find((each) => each === level.toUpperCase()) ?? 'M'
  // Without it a symbol with room to spare would silently be drawn at a higher level than it was sent with.
  const { data: rows } = encodeQr([...data], { ecc, border: 0, boostEcc: false })
  return rows.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
}
