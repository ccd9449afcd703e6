import { crc16Xmodem } from '../../lib/checksums.ts'
import type { Found } from '../../lib/search.ts'

/**
 * Commands of GM65-class modules (GM65, GM66, GM805, GM861, TS-30 and others built on the same engine):
 *
 *   command   7E 00  type  length  address (2, high first)  data…  check (2)
 *   reply     02 00  result  length  data…  check (2)
 *
 * `type` is 07 read or 08 write, `result` 00 done. `length` counts the data (for a read the one byte that says how many are
 * wanted). The check is CRC-16/XMODEM, high byte first, over everything from type or result on; AB CD in its place means
 * "not checked". Codes come on the same wire as plain lines.
 */
export interface Gm65Command {
  readonly type: 'read' | 'write'
  readonly address: number
  /** To read: how many bytes are wanted. */
  readonly data: number
}

export interface Gm65Reply {
  readonly result: number
  readonly data: Uint8Array
}

/** Settings are called zone bits: one byte each. The low two bits of `mode` are the reading mode. */
export const Zone = { mode: 0x0000, trigger: 0x0002 } as const
export const modes = ['manual', 'command', 'continuous', 'sensing'] as const
export const resultDone = 0x00

export const readMode: Gm65Command = { type: 'read', address: Zone.mode, data: 1 }
export const trigger = (on: boolean): Gm65Command => ({
  type: 'write',
  address: Zone.trigger,
  data: on ? 1 : 0,
})

const commandMark = [0x7e, 0x00] as const
const replyMark = [0x02, 0x00] as const
const READ = 0x07
const WRITE = 0x08
const unchecked = [0xab, 0xcd] as const
const commandLength = 9
const replyOverhead = 6
/** A reply holds the bytes asked for, and this software asks for one. */
const maxReplyData = 8

export function encodeCommand({ type, address, data }: Gm65Command): Uint8Array {
  const body = [type === 'read' ? READ : WRITE, 1, address >> 8, address & 0xff, data]
  return Uint8Array.from([...commandMark, ...body, ...unchecked])
}

export function encodeReply({ result, data }: Gm65Reply): Uint8Array {
  const body = [result, data.length, ...data]
  return Uint8Array.from([...replyMark, ...body, ...check(body)])
}

/** A reply at the front of these bytes. Its check is always right: modules send it even to unchecked commands. */
export function replyAt(bytes: Uint8Array): Found<Gm65Reply> {
  if (replyMark.some((byte, index) => index < bytes.length && bytes[index] !== byte)) return 'no'
  const [, , result, length] = bytes
  if (result === undefined || length === undefined) return 'more'
  if (length === 0 || length > maxReplyData) return 'no'
  const total = replyOverhead + length
  if (bytes.length < total) return 'more'
  const end = total - 2
  const sum = check(bytes.subarray(replyMark.length, end))
  if (sum.some((byte, index) => bytes[end + index] !== byte)) return 'no'
  return { frame: { result, data: bytes.slice(4, end) }, used: total }
}

/** A command at the front of these bytes, for the simulator. */
export function commandAt(bytes: Uint8Array): Found<Gm65Command> {
  if (commandMark.some((byte, index) => index < bytes.length && bytes[index] !== byte)) return 'no'
  const [, , type, length, high = 0, low = 0, data = 0] = bytes
  if (type !== undefined && type !== READ && type !== WRITE) return 'no'
  if (length !== undefined && length !== 1) return 'no'
  if (bytes.length < commandLength) return 'more'
  const sum = [bytes[7], bytes[8]]
  const right = check(bytes.subarray(commandMark.length, commandLength - 2))
  if (String(sum) !== String(unchecked) && String(sum) !== String(right)) return 'no'
  const address = (high << 8) | low
  return { frame: { type: type === READ ? 'read' : 'write', address, data }, used: commandLength }
}

function check(body: Iterable<number>): readonly [number, number] {
  const crc = crc16Xmodem(body)
  return [crc >> 8, crc & 0xff]
}
