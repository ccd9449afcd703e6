import { crc16Modbus } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { type Found, searchFrame } from '../../lib/search.ts'

/**
 * The part of Modbus RTU that a relay board needs (Modbus application protocol V1.1b3 and the board makers' sheets):
 *
 *   request  unit  function  address (2)  value or count (2)   CRC (2, low byte first)
 *   answer   unit  01 or 02  01  eight bits                    CRC        eight relays, eight inputs
 *            unit  05        address (2)  value (2)            CRC        the request echoed
 *            unit  function + 80  exception code               CRC
 *
 * Each function is used for one range of registers only, so that an answer can never belong to another register.
 */
export interface RelayRequest {
  readonly function: RelayFunction
  readonly address: number
  readonly value: number
}

export type RelayAnswer =
  | { readonly type: 'bits'; readonly function: 1 | 2; readonly bits: number }
  | { readonly type: 'echo'; readonly function: 5; readonly address: number; readonly value: number }
  | { readonly type: 'exception'; readonly function: RelayFunction; readonly code: number }

export type RelayFunction = 1 | 2 | 5

export const readRelays = { function: 1, address: 0, value: 8 } as const satisfies RelayRequest
export const readInputs = { function: 2, address: 0, value: 8 } as const satisfies RelayRequest

/** There is no counterpart: this driver cannot say "on". */
export function switchOff(relay: number): RelayRequest {
  return { function: 5, address: relay, value: 0 }
}

/** On now, off again after `pulseMs`, timed by the board: a computer that dies in between leaves nothing open. */
export function pulse(relay: number, pulseMs: number): RelayRequest {
  return { function: 5, address: pulseAddress + relay, value: pulseMs / 100 }
}

export const pulseAddress = 0x0200
const exceptionBit = 0x80
const requestLength = 8

/** The agent's end: whole answers of this unit with a right CRC, and nothing else. */
export function relayMaster(unit: number): Codec<RelayAnswer, RelayRequest> {
  return {
    encode: (request) => encodeRequest(unit, request),
    decode: (bytes) => searchFrame(bytes, (part) => decodeAnswer(unit, part)),
  }
}

/** The board's end, for the simulator. */
export function relayBoard(unit: number): Codec<RelayRequest, RelayAnswer> {
  return {
    encode(answer) {
      if (answer.type === 'echo') return encodeRequest(unit, answer)
      if (answer.type === 'exception') return withCrc([unit, answer.function | exceptionBit, answer.code])
      return withCrc([unit, answer.function, 1, answer.bits])
    },
    decode: (bytes) => searchFrame(bytes, (part) => decodeRequest(unit, part)),
  }
}

function encodeRequest(unit: number, { function: code, address, value }: RelayRequest): Uint8Array {
  return withCrc([unit, code, address >> 8, address & 0xff, value >> 8, value & 0xff])
}

function withCrc(body: readonly number[]): Uint8Array {
  const crc = crc16Modbus(body)
  return Uint8Array.from([...body, crc & 0xff, crc >> 8])
}

function decodeAnswer(unit: number, bytes: Uint8Array): Found<RelayAnswer> {
  const [first, second, third] = bytes
  if (first !== unit) return 'no'
  if (second === undefined) return 'more'
  const code = asFunction(second & ~exceptionBit)
  if (code === undefined) return 'no'
  if (second & exceptionBit)
    return checked(bytes, 5, (frame) => ({ type: 'exception', function: code, code: frame[2] ?? 0 }))
  if (code === 5)
    return checked(bytes, requestLength, (frame) => ({ type: 'echo', function: 5, ...words(frame) }))
  if (third !== undefined && third !== 1) return 'no'
  return checked(bytes, 6, (frame) => ({ type: 'bits', function: code, bits: frame[3] ?? 0 }))
}

function decodeRequest(unit: number, bytes: Uint8Array): Found<RelayRequest> {
  const [first, second] = bytes
  if (first !== unit) return 'no'
  if (second === undefined) return 'more'
  const code = asFunction(second)
  if (code === undefined) return 'no'
  return checked(bytes, requestLength, (frame) => ({ function: code, ...words(frame) }))
}

function checked<Frame>(bytes: Uint8Array, length: number, read: (frame: Uint8Array) => Frame): Found<Frame> {
  if (bytes.length < length) return 'more'
  const frame = bytes.subarray(0, length)
  const crc = crc16Modbus(frame.subarray(0, -2))
  const sent = (frame[length - 2] ?? 0) | ((frame[length - 1] ?? 0) << 8)
  return crc === sent ? { frame: read(frame), used: length } : 'no'
}

function words(frame: Uint8Array) {
  const [, , addressHigh = 0, addressLow = 0, valueHigh = 0, valueLow = 0] = frame
  return { address: (addressHigh << 8) | addressLow, value: (valueHigh << 8) | valueLow }
}

function asFunction(code: number): RelayFunction | undefined {
  return code === 1 || code === 2 || code === 5 ? code : undefined
}
