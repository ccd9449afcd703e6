import type { Codec } from './frames.ts'
import {
  answerLength,
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeQuestion,
  type ModbusAnswer,
  type ModbusRequest,
  type ModbusUse,
  questionLength,
} from './modbus-pdu.ts'
import { type Found, searchFrame } from './search.ts'

/**
 * Modbus messaging on TCP/IP V1.0b, high byte first:
 *
 *   transaction (2)   00 00   length of the rest (2)   unit   question or answer
 *
 * The answer bears the number of its question. There is no CRC; a gateway that passes RTU frames on keeps theirs and is
 * another protocol.
 */
export interface Numbered<Body> {
  readonly transaction: number
  readonly body: Body
}

/** Transaction, protocol and length. */
const headerLength = 6

/** The agent's end. */
export function modbusTcpMaster(
  unit: number,
  use: ModbusUse,
): Codec<Numbered<ModbusAnswer>, Numbered<ModbusRequest>> {
  return {
    encode: ({ transaction, body }) => withHeader(transaction, unit, encodeQuestion(body)),
    decode: (bytes) =>
      searchFrame(bytes, (part) =>
        whole(part, unit, { length: answerLength(part.subarray(headerLength + 1), use), read: decodeAnswer }),
      ),
  }
}

/** The board's end, for the simulator. */
export function modbusTcpDevice(
  unit: number,
  use: ModbusUse,
): Codec<Numbered<ModbusRequest>, Numbered<ModbusAnswer>> {
  return {
    encode: ({ transaction, body }) => withHeader(transaction, unit, encodeAnswer(body, use)),
    decode: (bytes) =>
      searchFrame(bytes, (part) =>
        whole(part, unit, { length: questionLength, read: (question) => decodeQuestion(question, use) }),
      ),
  }
}

function withHeader(transaction: number, unit: number, pdu: readonly number[]): Uint8Array {
  const rest = pdu.length + 1
  return Uint8Array.from([transaction >> 8, transaction & 0xff, 0, 0, rest >> 8, rest & 0xff, unit, ...pdu])
}

interface Pdu<Body> {
  readonly length: number | 'more' | 'no'
  read(pdu: Uint8Array): Body | undefined
}

function whole<Body>(part: Uint8Array, unit: number, { length, read }: Pdu<Body>): Found<Numbered<Body>> {
  const [high = 0, low = 0, ...fixed] = part.subarray(0, headerLength + 1)
  const expected = typeof length === 'number' ? [0, 0, 0, length + 1, unit] : [0, 0, 0, undefined, unit]
  if (fixed.some((byte, at) => expected[at] !== undefined && byte !== expected[at])) return 'no'
  if (length === 'no') return 'no'
  if (length === 'more' || part.length < headerLength + 1 + length) return 'more'
  const body = read(part.subarray(headerLength + 1, headerLength + 1 + length))
  if (body === undefined) return 'no'
  return { frame: { transaction: (high << 8) | low, body }, used: headerLength + 1 + length }
}
