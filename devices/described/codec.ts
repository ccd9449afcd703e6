import { crc16Modbus, sum8, xor8 } from '../lib/checksums.ts'
import type { Codec, Step } from '../lib/frames.ts'
import {
  type Checksum,
  type Description,
  type Field,
  fieldBytes,
  isNumberField,
  longestFrame,
  shortestFrame,
  tailBytes,
} from './description.ts'

/** What stands in a frame, by the names of its fields: numbers in their unit, text, bytes. */
export type Values = Readonly<Record<string, number | string | Uint8Array>>

/**
 * Reads and writes the frames of a description. A frame is written over the first golden frame, so that bytes nobody
 * described are those of a real one. A frame inside an unfinished frame is never looked for, since data may hold any bytes.
 */
export function describedCodec({ frame, golden }: Description): Codec<Values> {
  const { start, fields } = frame
  const shortest = shortestFrame(frame)
  const tail = tailBytes(frame)

  function decode(bytes: Uint8Array): Step<Values> {
    const at = beginning(bytes, start)
    if (at > 0) return { skip: at }
    if (bytes.length < start.length) return 'more'
    const total = totalLength(frame, bytes)
    if (total === 'more') return 'more'
    if (total < shortest || total > longestFrame(frame)) return { skip: 1 }
    if (bytes.length < total) return 'more'
    const whole = bytes.subarray(0, total)
    if (!isRight(frame.checksum, whole)) return { skip: 1 }
    const end = total - tail
    return {
      frame: Object.fromEntries(fields.map((each) => [each.name, read(each, whole, end)])),
      used: total,
    }
  }

  function encode(values: Values): Uint8Array {
    const template = golden[0]?.frame ?? start
    let body = [...template.subarray(0, template.length - tail)]
    for (const field of fields) {
      const value = values[field.name]
      if (value === undefined) continue
      const written = write(field, value)
      const before = body.slice(0, field.offset)
      body = fieldBytes(field) === undefined ? [...before, ...written] : spliced(body, field.offset, written)
    }
    return finished(frame, body)
  }

  return { encode, decode }
}

/** Where the start bytes begin, be it only the first of them at the end of what came. */
function beginning(bytes: Uint8Array, start: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if (start.every((byte, index) => at + index >= bytes.length || bytes[at + index] === byte)) return at
  }
  return bytes.length
}

function totalLength({ length, start }: Description['frame'], bytes: Uint8Array): number | 'more' {
  if (length.type === 'fixed') return length.bytes
  if (length.type === 'field') {
    if (bytes.length < length.offset + length.size) return 'more'
    return number(bytes, length.offset, length) + length.adjust
  }
  for (let at = start.length; at + length.bytes.length <= bytes.length; at++) {
    if (length.bytes.every((byte, index) => bytes[at + index] === byte)) return at + length.bytes.length
  }
  return bytes.length < length.max ? 'more' : Number.POSITIVE_INFINITY
}

function number(
  bytes: Uint8Array,
  offset: number,
  { size, endian }: { size: number; endian: string },
): number {
  const [first = 0, second = 0] = bytes.subarray(offset, offset + size)
  if (size === 1) return first
  return endian === 'big' ? (first << 8) | second : (second << 8) | first
}

function read(field: Field, frame: Uint8Array, end: number): number | string | Uint8Array {
  const bytes = frame.slice(field.offset, Math.min(end, field.offset + (fieldBytes(field) ?? end)))
  if (!isNumberField(field)) return field.type === 'ascii' ? Buffer.from(bytes).toString('latin1') : bytes
  const bits = bytes.length * 8
  const unsigned = number(bytes, 0, {
    size: bytes.length,
    endian: field.type.endsWith('le') ? 'little' : 'big',
  })
  const signed = field.type.startsWith('i') && unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned
  // A binary fraction times a whole number leaves crumbs behind the sixth digit.
  return Number((signed * field.scale).toFixed(6))
}

function write(field: Field, value: number | string | Uint8Array): readonly number[] {
  if (typeof value === 'string') return [...Buffer.from(value, 'latin1')]
  if (typeof value !== 'number') return [...value]
  const whole = Math.round(value / field.scale)
  if (fieldBytes(field) === 1) return [whole & 0xff]
  const word = [(whole >> 8) & 0xff, whole & 0xff]
  return field.type.endsWith('le') ? word.reverse() : word
}

function spliced(body: readonly number[], offset: number, bytes: readonly number[]): number[] {
  return [...body.slice(0, offset), ...bytes, ...body.slice(offset + bytes.length)]
}

function finished({ length, checksum }: Description['frame'], body: readonly number[]): Uint8Array {
  if (length.type === 'terminator') return Uint8Array.from([...body, ...length.bytes])
  const tail = checksum.type === 'none' ? 0 : checksum.type === 'crc16-modbus' ? 2 : 1
  let whole = [...body]
  if (length.type === 'field') {
    const count = body.length + tail - length.adjust
    const word = length.size === 1 ? [count & 0xff] : [count >> 8, count & 0xff]
    whole = spliced(whole, length.offset, length.endian === 'little' ? word.reverse() : word)
  }
  return Uint8Array.from([...whole, ...sumOf(checksum, Uint8Array.from(whole))])
}

function isRight(checksum: Checksum, frame: Uint8Array): boolean {
  if (checksum.type === 'none') return true
  const end = frame.length - (checksum.type === 'crc16-modbus' ? 2 : 1)
  return sumOf(checksum, frame.subarray(0, end)).every((byte, index) => frame[end + index] === byte)
}

/** The checksum of everything before it. */
function sumOf(checksum: Checksum, body: Uint8Array): readonly number[] {
  if (checksum.type === 'none') return []
  const covered = body.subarray(checksum.from, body.length - checksum.before)
  if (checksum.type === 'sum8') return [sum8(covered)]
  if (checksum.type === 'xor8') return [xor8(covered)]
  const crc = crc16Modbus(covered)
  return [crc & 0xff, crc >> 8]
}
