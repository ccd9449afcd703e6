import type { Codec } from '../frames.ts'
import type { ModbusAnswer, ModbusRequest } from '../modbus-pdu.ts'
import type { Numbered } from '../modbus-tcp.ts'
import { framedReader } from './framed-reader.ts'
import type { Wire } from './wire.ts'

/** Both ends of one Modbus conversation, and what its numbers mean on this model. */
export interface ModbusWire<Request, Answer> {
  readonly host: Codec<Answer, Request>
  readonly device: Codec<Request, Answer>
  readonly describe?: {
    request?(request: ModbusRequest): string | undefined
    answer?(answer: ModbusAnswer): string | undefined
  }
}

/** Modbus RTU: boards and sensors tell of nobody. */
export function modbusRtuWire({ host, device, describe }: ModbusWire<ModbusRequest, ModbusAnswer>): Wire {
  return {
    toDevice: framedReader({
      decode: device.decode,
      describe: (request) => describe?.request?.(request) ?? requestText(request),
    }),
    fromDevice: framedReader({
      decode: host.decode,
      describe: (answer) => describe?.answer?.(answer) ?? answerText(answer),
    }),
  }
}

/** The same with numbered frames. */
export function modbusTcpWire(wire: ModbusWire<Numbered<ModbusRequest>, Numbered<ModbusAnswer>>): Wire {
  const { host, device, describe } = wire
  return {
    toDevice: framedReader({
      decode: device.decode,
      describe: ({ transaction, body }) =>
        `${transaction}: ${describe?.request?.(body) ?? requestText(body)}`,
    }),
    fromDevice: framedReader({
      decode: host.decode,
      describe: ({ transaction, body }) => `${transaction}: ${describe?.answer?.(body) ?? answerText(body)}`,
    }),
  }
}

const reads = { 1: 'outputs', 2: 'inputs', 3: 'holding registers', 4: 'input registers' } as const

function requestText({ function: code, address, value }: ModbusRequest): string {
  if (code >= 5) return `write ${code === 5 ? 'output' : 'register'} ${address}: ${hex(value)}`
  return `read ${value} ${reads[code as keyof typeof reads]} from ${address}`
}

function answerText(answer: ModbusAnswer): string {
  switch (answer.type) {
    case 'bits':
      return `${reads[answer.function]} ${answer.bits.toString(2).padStart(8, '0')}`
    case 'words':
      return `${reads[answer.function]} ${answer.words.map(hex).join(' ')}`
    case 'echo':
      return `done: ${answer.function === 5 ? 'output' : 'register'} ${answer.address}: ${hex(answer.value)}`
    case 'exception':
      return `exception ${answer.code} to function ${answer.function}`
  }
}

const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')
