import { xor8 } from '../checksums.ts'
import type { Codec, Step } from '../frames.ts'

/**
 * Wire format of the security modules SAM_V and SAM_A (GA/T 467, chapter 7), the same on every serial reader:
 *
 *   host → module   AA AA AA 96 69   LENhi LENlo   CMD PARA       data…   CHK
 *   module → host   AA AA AA 96 69   LENhi LENlo   SW1 SW2 SW3    data…   CHK
 *                                    ╰─────────── CHK = XOR of these ───╯
 *
 * LEN counts everything after itself, CHK included. Frames are cut by length alone: the preamble may well stand inside
 * a photo.
 */
export interface SamRequest {
  readonly command: number
  readonly parameter: number
  readonly data: Uint8Array
}

export interface SamReply {
  /** SW3, the result; see status-codes.ts. */
  readonly status: number
  /** 0 in every frame ever published, as is `sw2`. */
  readonly sw1: number
  readonly sw2: number
  readonly data: Uint8Array
}

const preamble = [0xaa, 0xaa, 0xaa, 0x96, 0x69]
const HEADER = 7 // preamble and LEN
const MAX_LEN = 2314 // text, photo and fingerprints: the largest answer known

/** The host's end: sends requests, receives replies. */
export const samHost: Codec<SamReply, SamRequest> = {
  encode: ({ command, parameter, data }) => envelope([command, parameter], data),
  decode: (bytes) => cut(bytes, 3, ([sw1 = 0, sw2 = 0, status = 0], data) => ({ status, sw1, sw2, data })),
}

/** The module's end, for simulators. */
export const samModule: Codec<SamRequest, SamReply> = {
  encode: ({ status, sw1, sw2, data }) => envelope([sw1, sw2, status], data),
  decode: (bytes) => cut(bytes, 2, ([command = 0, parameter = 0], data) => ({ command, parameter, data })),
}

function envelope(head: readonly number[], data: Uint8Array): Uint8Array {
  const length = head.length + data.length + 1
  const checked = [length >> 8, length & 0xff, ...head, ...data]
  return Uint8Array.from([...preamble, ...checked, xor8(checked)])
}

/** `headLength`: bytes between LEN and data. */
function cut<Frame>(
  bytes: Uint8Array,
  headLength: number,
  frame: (head: Uint8Array, data: Uint8Array) => Frame,
): Step<Frame> {
  const start = preambleAt(bytes)
  if (start > 0) return { skip: start }

  const [high, low] = bytes.subarray(preamble.length)
  if (high === undefined || low === undefined) return 'more'
  const length = high * 256 + low
  if (length < headLength + 1 || length > MAX_LEN) return { skip: 1 }

  const total = HEADER + length
  if (bytes.length < total) return 'more'
  // A preamble can be noise and the real frame can start inside the supposed one: drop one byte, not all of it.
  if (xor8(bytes.subarray(preamble.length, total)) !== 0) return { skip: 1 }

  // A copy: `slice` of a Buffer would keep the whole line's bytes in memory behind the frame.
  const body = Uint8Array.from(bytes.subarray(HEADER, total - 1))
  return { frame: frame(body.subarray(0, headLength), body.subarray(headLength)), used: total }
}

/** Where the preamble, or what has arrived of it, begins; the number of bytes when nowhere. */
function preambleAt(bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; start++) {
    if (preamble.every((byte, i) => start + i >= bytes.length || bytes[start + i] === byte)) return start
  }
  return bytes.length
}
