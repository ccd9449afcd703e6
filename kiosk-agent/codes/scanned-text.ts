/** Longest text of a code that any adapter could want: a numeric SMART Health Card has 2393 digits. */
const MAXIMUM_LENGTH = 3000

/**
 * The text of a scanned code, where it is plain ASCII; undefined for anything else. Decisions are never made on guessed
 * character sets, and control characters have no place in a code.
 */
export function scannedText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > MAXIMUM_LENGTH) return undefined
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return undefined
  return Buffer.from(bytes).toString('latin1')
}
