import { crc16Modbus } from './checksums.ts'
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

// Modbus over serial line V1.02:   unit   question or answer   CRC (2, low byte first)

/** The agent's end: whole answers of this unit with a right CRC, and nothing else. */
export function modbusRtuMaster(unit: number, use: ModbusUse): Codec<ModbusAnswer, ModbusRequest> {
  return {
    encode: (request) => withCrc([unit, ...encodeQuestion(request)]),
    decode: (bytes) =>
      searchFrame(bytes, (part): Found<ModbusAnswer> => {
        if (part[0] !== unit) return 'no'
        const length = answerLength(part.subarray(1), use)
        return typeof length === 'number' ? checked(part, length, decodeAnswer) : length
      }),
  }
}

/** The device's end, for simulators. */
export function modbusRtuDevice(unit: number, use: ModbusUse): Codec<ModbusRequest, ModbusAnswer> {
  return {
    encode: (answer) => withCrc([unit, ...encodeAnswer(answer, use)]),
    decode: (bytes) =>
      searchFrame(bytes, (part): Found<ModbusRequest> => {
        if (part[0] !== unit) return 'no'
        if (part.length > 1 && !decodeQuestion(part.subarray(1), use)) return 'no'
        return checked(part, questionLength, (question) => decodeQuestion(question, use))
      }),
  }
}

function withCrc(body: readonly number[]): Uint8Array {
  const crc = crc16Modbus(body)
  return Uint8Array.from([...body, crc & 0xff, crc >> 8])
}

/** `length` without unit and CRC. */
function checked<Frame>(
  bytes: Uint8Array,
  length: number,
  read: (pdu: Uint8Array) => Frame | undefined,
): Found<Frame> {
  const total = length + 3
  if (bytes.length < total) return 'more'
  const crc = crc16Modbus(bytes.subarray(0, total - 2))
  if (crc !== ((bytes[total - 2] ?? 0) | ((bytes[total - 1] ?? 0) << 8))) return 'no'
  const frame = read(bytes.subarray(1, total - 2))
  return frame === undefined ? 'no' : { frame, used: total }
}
