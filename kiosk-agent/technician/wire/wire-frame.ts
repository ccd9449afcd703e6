import type { WireFrame } from '../../api/technician-contract.ts'
import type { SeenPiece } from './device-wire.ts'

/** A picture of an array has 1,544 bytes; nobody reads a longer dump. */
const SHOWN_BYTES = 512

/** What the console shows of it. */
export function wireFrame(piece: SeenPiece): WireFrame {
  const shown = piece.shown.slice(0, SHOWN_BYTES)
  const rest = piece.shown.length - shown.length
  const hex = shown.map((byte) => (byte === undefined ? '··' : byte.toString(16).padStart(2, '0'))).join(' ')
  return {
    at: new Date(piece.at).toISOString(),
    direction: piece.direction,
    hex: rest > 0 ? `${hex} … ${rest} more` : hex,
    ...(piece.text === undefined ? {} : { text: piece.text }),
    masked: piece.shown.includes(undefined),
  }
}
