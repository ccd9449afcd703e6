import type { StreamLink } from '../link/link.ts'
import { type Asking, asking } from './asking.ts'
import type { Clock } from './clock.ts'
import { fitsQuestion, type ModbusAnswer, type ModbusRequest, type ModbusUse } from './modbus-pdu.ts'
import { modbusRtuMaster } from './modbus-rtu.ts'

/** Questions to one Modbus device. An exception is an answer; nothing is ever asked twice. */
export type ModbusLine = Asking<ModbusRequest, ModbusAnswer>

export interface ModbusLineOptions {
  readonly clock: Clock
  readonly unit: number
  readonly timeoutMs: number
  readonly maxLatencyMs: number
}

/** One Modbus RTU device on a serial line. Its answers carry no number: only the function tells them apart. */
export function modbusRtuLine(link: StreamLink, options: ModbusLineOptions, use: ModbusUse): ModbusLine {
  const longest = Math.max(...Object.values(use))
  return asking(link, {
    ...options,
    codec: modbusRtuMaster(options.unit, use),
    maxLength: Math.max(32, longest + 16),
    sortOfQuestion: (question) => question.function,
    sortOfAnswer: (answer) => answer.function,
    fits: fitsQuestion,
  })
}
