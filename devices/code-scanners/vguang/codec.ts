import { xor8 } from '../../lib/checksums.ts'
import type { Codec, Step } from '../../lib/frames.ts'

/**
 * Wire format of Vguang (微光) heads (maker's wiki and C demo):
 *
 *   request   55 AA  command        length (2, low first)  data…  xor
 *   reply     55 AA  command  flag  length (2, low first)  data…  xor
 *
 * `flag` is 00 when the head obeyed; `xor` covers everything before it. A code is a reply of command 30 nobody asked for.
 * Heads hand a long reply over in blocks of 1024 bytes: only the first has a header (and 1018 bytes of data), the others go
 * on with bare data, and what is left of the last block is filled up. The length alone says where the reply ends.
 */
export interface VguangRequest {
  readonly command: number
  readonly data: Uint8Array
}

export interface VguangReply {
  readonly command: number
  readonly flag: number
  readonly data: Uint8Array
}

export const Command = { scan: 0x05, light: 0x24, code: 0x30 } as const
export const obeyed = 0x00
export const blockBytes = 1024

/** 0 switches scanning on. */
export const scan = (on: boolean): VguangRequest => ({
  command: Command.scan,
  data: Uint8Array.of(on ? 0 : 1),
})
/** 1 switches the light on. */
export const light = (on: boolean): VguangRequest => ({
  command: Command.light,
  data: Uint8Array.of(on ? 1 : 0),
})

/** Sent in between by some heads, as bare text or as a code; never a code anybody showed. */
export const heartbeat = 'www.vguang.cn'

const MARK = [0x55, 0xaa] as const
const replyHeader = 6
const requestHeader = 5

/** The host's end. Replies with more than `maxData` bytes are taken for noise. */
export function vguangHost(maxData: number): Codec<VguangReply, VguangRequest> {
  return {
    encode: ({ command, data }) => framed([command], data),
    decode: (bytes) =>
      decode(bytes, { headerLength: replyHeader, maxData }, ([, , command = 0, flag = 0], data) => ({
        command,
        flag,
        data,
      })),
  }
}

/** The head's end, for the simulator. */
export const vguangHead: Codec<VguangRequest, VguangReply> = {
  encode: ({ command, flag, data }) => framed([command, flag], data),
  decode: (bytes) =>
    decode(bytes, { headerLength: requestHeader, maxData: blockBytes }, ([, , command = 0], data) => ({
      command,
      data,
    })),
}

function framed(head: readonly number[], data: Uint8Array): Uint8Array {
  const frame = [...MARK, ...head, data.length & 0xff, data.length >> 8, ...data]
  return Uint8Array.from([...frame, xor8(frame)])
}

interface Shape {
  readonly headerLength: number
  readonly maxData: number
}

/**
 * A frame inside an unfinished frame is never looked for: codes may hold any bytes, so what looks like a frame there may be
 * part of what somebody printed. The silence rule of the framer frees a false start.
 */
function decode<Frame>(
  bytes: Uint8Array,
  { headerLength, maxData }: Shape,
  read: (header: Uint8Array, data: Uint8Array) => Frame,
): Step<Frame> {
  const start = bytes.indexOf(MARK[0])
  if (start !== 0) return { skip: start === -1 ? bytes.length : start }
  if (bytes[1] !== undefined && bytes[1] !== MARK[1]) return { skip: 1 }
  if (bytes.length < headerLength) return 'more'
  const length = (bytes[headerLength - 2] ?? 0) | ((bytes[headerLength - 1] ?? 0) << 8)
  if (length > maxData) return { skip: 1 }
  const end = headerLength + length
  if (bytes.length <= end) return 'more'
  if (xor8(bytes.subarray(0, end)) !== bytes[end]) return { skip: 1 }
  return { frame: read(bytes, bytes.slice(headerLength, end)), used: end + 1 }
}
