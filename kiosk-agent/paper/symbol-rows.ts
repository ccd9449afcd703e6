import { encode } from 'uqr'

/** A QR symbol without quiet zone: one string a row, '#' black and '.' white. */
export function symbolRows(data: string | number[], level: 'L' | 'M' | 'Q' | 'H'): string[] {
  // Without `boostEcc: false` a symbol with room to spare would be drawn at a higher level than was asked for.
  const { data: rows } = encode(data, { ecc: level, border: 0, boostEcc: false })
  return rows.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
}
