import { DeviceError } from '../../errors.ts'

/** Bytes a QR symbol of version 1, 2, … 40 holds at level M in byte mode (ISO/IEC 18004, table 7). */
const capacityAtLevelM = [
  14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779,
  857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
]

const QUIET_MODULES = 4
const SMALLEST_CELL = 3

/** How a QR code fits on the paper. A printer prints nothing at all when a symbol is wider than its paper. */
export interface QrSize {
  readonly cellDots: number
  /** With the quiet zone above and below. */
  readonly heightDots: number
  /** White above and below, and at least so much left and right. */
  readonly quietDots: number
}

/** The smallest version whose symbol holds ASCII data at level M; 0 when none does. */
export function qrVersion(data: string): number {
  return capacityAtLevelM.findIndex((capacity) => data.length <= capacity) + 1
}

/**
 * The largest cell, up to the one wanted, that leaves the quiet zone on both sides. Throws a DeviceError `unsupported`
 * when the data does not fit on this paper, or is not plain ASCII: readers guess the charset of anything else.
 */
export function qrSize(data: string, wantedCellDots: number, widthDots: number): QrSize {
  if (!/^[\x20-\x7e]+$/.test(data))
    throw new DeviceError('unsupported', 'a QR code on a slip holds printable ASCII only')
  const version = qrVersion(data)
  const modules = 17 + 4 * version
  const cellDots = Math.min(wantedCellDots, Math.floor(widthDots / (modules + 2 * QUIET_MODULES)))
  if (version === 0 || cellDots < SMALLEST_CELL)
    throw new DeviceError('unsupported', `a QR code of ${data.length} characters does not fit on this paper`)
  const quietDots = QUIET_MODULES * cellDots
  return { cellDots, quietDots, heightDots: modules * cellDots + 2 * quietDots }
}
