import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import type { Paper } from '../api/contract.ts'
import { symbolRows } from '../paper/symbol-rows.ts'

/** The picture of a slip, from nothing but the bytes which reached the far end. */
export function drawn(bytes: Uint8Array, widthDots: number): Paper {
  return interpretEscpos(bytes, { widthDots, qr: qrRows }).drawing
}

function qrRows(data: Uint8Array, level: string): string[] {
  const ecc = (['L', 'M', 'Q', 'H'] as const).find((each) => each === level.toUpperCase()) ?? 'M'
  return symbolRows([...data], ecc)
}
