import type { Codec } from '../../lib/frames.ts'
import type { ModbusAnswer, ModbusRequest, ModbusUse } from '../../lib/modbus-pdu.ts'
import { modbusRtuDevice, modbusRtuMaster } from '../../lib/modbus-rtu.ts'

/**
 * Modbus RTU as a board with eight inputs and eight outputs speaks it (Modbus application protocol V1.1b3, functions 02 and
 * 05):
 *
 *   request  unit  02  0000  0008              CRC        answer  unit  02  01  eight bits  CRC
 *            unit  05  output (2)  FF00 or 0000  CRC                the request echoed
 */
export const ioBoardUse = { 2: 1, 5: 4 } as const satisfies ModbusUse

export const readInputs = { function: 2, address: 0, value: 8 } as const satisfies ModbusRequest

const ON = 0xff00

export function switchOutput(output: number, on: boolean): ModbusRequest {
  return { function: 5, address: output, value: on ? ON : 0 }
}

/** For the board's end: which output is switched, and how. */
export function switched({ address, value }: ModbusRequest): {
  readonly output: number
  readonly on: boolean
} {
  return { output: address, on: value === ON }
}

/** The agent's end. */
export function ioMaster(unit: number): Codec<ModbusAnswer, ModbusRequest> {
  return modbusRtuMaster(unit, ioBoardUse)
}

/** The board's end, for the simulator. */
export function ioBoard(unit: number): Codec<ModbusRequest, ModbusAnswer> {
  return modbusRtuDevice(unit, ioBoardUse)
}
