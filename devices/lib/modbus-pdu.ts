/**
 * The part of Modbus that small boards and sensors need (Modbus application protocol V1.1b3), without the frame around it:
 *
 *   question  function  address (2)  count or value (2)
 *   answer    01 or 02  byte count   bits, the first in the lowest bit of the first byte
 *             03 or 04  byte count   words, high byte first
 *             05 or 06  address (2)  value (2)                    the question echoed
 *             function + 80  exception code
 */
export interface ModbusRequest {
  readonly function: ModbusFunction
  readonly address: number
  readonly value: number
}

export type ModbusAnswer =
  | { readonly type: 'bits'; readonly function: 1 | 2; readonly bits: number }
  | { readonly type: 'words'; readonly function: 3 | 4; readonly words: readonly number[] }
  | { readonly type: 'echo'; readonly function: 5 | 6; readonly address: number; readonly value: number }
  | { readonly type: 'exception'; readonly function: ModbusFunction; readonly code: number }

export type ModbusFunction = 1 | 2 | 3 | 4 | 5 | 6

/**
 * Which functions one host uses, and how many data bytes their answers have. Each function is used for one range of
 * registers only, so that an answer can never belong to another register, and other lengths are never taken.
 */
export type ModbusUse = { readonly [Code in ModbusFunction]?: number }

/** A question is five bytes, whatever the function. */
export const questionLength = 5
const exceptionBit = 0x80

export function encodeQuestion({ function: code, address, value }: ModbusRequest): number[] {
  return [code, address >> 8, address & 0xff, value >> 8, value & 0xff]
}

export function encodeAnswer(answer: ModbusAnswer, use: ModbusUse): number[] {
  switch (answer.type) {
    case 'echo':
      return encodeQuestion(answer)
    case 'exception':
      return [answer.function | exceptionBit, answer.code]
    case 'bits': {
      const count = use[answer.function] ?? 1
      return [
        answer.function,
        count,
        ...Array.from({ length: count }, (_, at) => (answer.bits >> (8 * at)) & 0xff),
      ]
    }
    case 'words':
      return [
        answer.function,
        answer.words.length * 2,
        ...answer.words.flatMap((word) => [(word >> 8) & 0xff, word & 0xff]),
      ]
  }
}

/** How long the answer is whose first bytes these are; "no" when it is none that this host can expect. */
export function answerLength(bytes: Uint8Array, use: ModbusUse): number | 'more' | 'no' {
  const [first, second] = bytes
  if (first === undefined) return 'more'
  const code = usedFunction(first & ~exceptionBit, use)
  if (code === undefined) return 'no'
  if (first & exceptionBit) return 2
  if (code >= 5) return questionLength
  if (second !== undefined && second !== use[code]) return 'no'
  return 2 + (use[code] ?? 0)
}

/** Takes a whole answer, as long as `answerLength` says. */
export function decodeAnswer(bytes: Uint8Array): ModbusAnswer {
  const code = ((bytes[0] ?? 0) & ~exceptionBit) as ModbusFunction
  if (bytes.length === 2) return { type: 'exception', function: code, code: bytes[1] ?? 0 }
  const data = bytes.subarray(2)
  switch (code) {
    case 1:
    case 2:
      return {
        type: 'bits',
        function: code,
        bits: data.reduce((sum, byte, at) => sum | (byte << (8 * at)), 0),
      }
    case 3:
    case 4: {
      const words = Array.from({ length: data.length >> 1 }, (_, at) => wordAt(data, 2 * at))
      return { type: 'words', function: code, words }
    }
    case 5:
    case 6:
      return { type: 'echo', function: code, address: wordAt(bytes, 1), value: wordAt(bytes, 3) }
  }
}

/** For the device's end. Undefined: a function this device does not know. */
export function decodeQuestion(bytes: Uint8Array, use: ModbusUse): ModbusRequest | undefined {
  const code = usedFunction(bytes[0] ?? 0, use)
  return code === undefined
    ? undefined
    : { function: code, address: wordAt(bytes, 1), value: wordAt(bytes, 3) }
}

/** Whether this can be the answer to that question; registers are told apart by the function alone. */
export function fitsQuestion(question: ModbusRequest, answer: ModbusAnswer): boolean {
  return (
    answer.function === question.function &&
    (answer.type !== 'echo' || (answer.address === question.address && answer.value === question.value))
  )
}

/** For messages. */
export function describeAnswer(answer: ModbusAnswer): string {
  return answer.type === 'exception' ? `exception ${answer.code}` : `function ${answer.function}`
}

function usedFunction(code: number, use: ModbusUse): ModbusFunction | undefined {
  return use[code as ModbusFunction] === undefined ? undefined : (code as ModbusFunction)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
