import type { Codec, Step } from '../../lib/frames.ts'

/**
 * Zebra's Simple Serial Interface (programmer's guide 72E-40451):
 *
 *   length  op code  source  status  data…  check (2, high first)
 *
 * `length` counts everything but the check, `source` is 04 host or 00 decoder, the check is the two's complement of the sum
 * of all bytes before it. Status bit 0: sent again; bit 1: more packets of this message follow. In decode data the first
 * data byte is the type of the bar code, in every packet of a long code.
 */
export interface SsiPacket {
  readonly opcode: number
  readonly status: number
  readonly data: Uint8Array
}

export const Opcode = {
  requestRevision: 0xa3,
  replyRevision: 0xa4,
  acknowledge: 0xd0,
  refuse: 0xd1,
  flushQueue: 0xd2,
  startSession: 0xe4,
  stopSession: 0xe5,
  scanEnable: 0xe9,
  scanDisable: 0xea,
  decodeData: 0xf3,
  event: 0xf6,
} as const

export const Status = { sentAgain: 0x01, moreFollow: 0x02 } as const
/** Why a command was refused; the first data byte of `refuse`. */
export const refusals: Readonly<Record<number, string>> = {
  1: 'check failed',
  2: 'not possible now',
  6: 'not allowed, scanning is disabled',
}

/** Bytes of a code in one packet: 255 less header and type. */
export const codeBytesInPacket = 250
export const longestPacket = 257

const HOST = 0x04
const DECODER = 0x00
const headerBytes = 4
const checkBytes = 2
/** What a decoder says; anything else is noise. Packets have no start byte, so op code and source are their mark. */
const fromDecoder: readonly number[] = [
  Opcode.replyRevision,
  Opcode.acknowledge,
  Opcode.refuse,
  Opcode.decodeData,
  Opcode.event,
]
const fromHost: readonly number[] = [
  Opcode.requestRevision,
  Opcode.acknowledge,
  Opcode.refuse,
  Opcode.flushQueue,
  Opcode.startSession,
  Opcode.stopSession,
  Opcode.scanEnable,
  Opcode.scanDisable,
]

const none = new Uint8Array()
export const command = (opcode: number): SsiPacket => ({ opcode, status: 0, data: none })

/** The host's end. */
export const ssiHost: Codec<SsiPacket> = {
  encode: (packet) => encode(HOST, packet),
  decode: (bytes) => decode(bytes, DECODER, fromDecoder),
}

/** The decoder's end, for the simulator. */
export const ssiDecoder: Codec<SsiPacket> = {
  encode: (packet) => encode(DECODER, packet),
  decode: (bytes) => decode(bytes, HOST, fromHost),
}

function encode(source: number, { opcode, status, data }: SsiPacket): Uint8Array {
  const packet = [headerBytes + data.length, opcode, source, status, ...data]
  const check = checkOf(packet)
  return Uint8Array.from([...packet, check >> 8, check & 0xff])
}

/**
 * A packet inside an unfinished packet is never looked for: codes may hold any bytes. The silence rule of the framer frees a
 * false start, and what was not acknowledged is sent again.
 */
function decode(bytes: Uint8Array, source: number, opcodes: readonly number[]): Step<SsiPacket> {
  const [length = 0, opcode, from, status] = bytes
  if (length < headerBytes) return { skip: 1 }
  if (opcode !== undefined && !opcodes.includes(opcode)) return { skip: 1 }
  if (from !== undefined && from !== source) return { skip: 1 }
  if (opcode === undefined || status === undefined || bytes.length < length + checkBytes) return 'more'
  const check = checkOf(bytes.subarray(0, length))
  if (bytes[length] !== check >> 8 || bytes[length + 1] !== (check & 0xff)) return { skip: 1 }
  return { frame: { opcode, status, data: bytes.slice(headerBytes, length) }, used: length + checkBytes }
}

function checkOf(bytes: Iterable<number>): number {
  let sum = 0
  for (const byte of bytes) sum += byte
  return -sum & 0xffff
}
