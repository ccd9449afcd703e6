import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import type { Paper } from '../api/contract.ts'
import { symbolRows } from '../paper/symbol-rows.ts'

/** A slip as paper: its picture, and what its QR codes say to a scanner. */
export interface Drawn {
  readonly paper: Paper
  readonly codes: readonly string[]
}

/** From nothing but the bytes which reached the far end. */
export function drawn(bytes: Uint8Array, widthDots: number): Drawn {
  const codes: string[] = []
  const qr = (data: Uint8Array, level: string) => {
    codes.push(Buffer.from(data).toString('latin1'))
    return qrRows(data, level)
  }
  return { paper: interpretEscpos(bytes, { widthDots, qr }).drawing, codes }
}

function qrRows(data: Uint8Array, level: string): string[] {
  const ecc = (['L', 'M', 'Q', 'H'] as const).find((each) => each === level.toUpperCase()) ?? 'M'
  return symbolRows([...data], ecc)
}
