import { DeviceError } from '../../errors.ts'

/** What a read brings: the text block and the photo, the latter in the closed WLT format and never looked into. */
export interface ReadPayload {
  /** 256 bytes; see card-text.ts. */
  readonly text: Uint8Array
  readonly photo: Uint8Array
}

const TEXT_BYTES = 256
const FINGERPRINT_BYTES = [0, 1024]

/**
 * Opens the data of a good answer to 30 01 or 30 10:
 *
 *   30 01   textLen photoLen           text photo
 *   30 10   textLen photoLen fpLen     text photo fingerprints
 *
 * Lengths are two bytes, big-endian. Which header it is shows in the total, as both are used by both commands on some
 * readers. Fingerprints and bytes after the end are left behind. Throws `bad-answer` when the lengths do not fit.
 */
export function readPayload(data: Uint8Array): ReadPayload {
  const lengthAt = (offset: number) => (data[offset] ?? 0) * 256 + (data[offset + 1] ?? 0)
  const text = lengthAt(0)
  const photo = lengthAt(2)
  const fingerprint = lengthAt(4)
  if (text !== TEXT_BYTES) throw new DeviceError('bad-answer', `card text of ${text} bytes, expected 256`)

  // The first characters of a name never look like fpLen 0 or 1024: they would be U+0000 or U+0004.
  const short = data.length === 4 + text + photo
  const long = FINGERPRINT_BYTES.includes(fingerprint) && data.length >= 6 + text + photo + fingerprint
  const start = !short && long ? 6 : 4
  if (data.length < start + text + photo)
    throw new DeviceError('bad-answer', `card data of ${data.length} bytes is shorter than its lengths say`)

  return {
    text: data.subarray(start, start + text),
    photo: data.subarray(start + text, start + text + photo),
  }
}
