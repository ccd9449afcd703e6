import type { Codec } from '../../lib/frames.ts'
import type { ModbusAnswer, ModbusRequest } from '../../lib/modbus-pdu.ts'
import { relayBoardUse } from '../../lib/modbus-relays.ts'
import { modbusRtuDevice, modbusRtuMaster } from '../../lib/modbus-rtu.ts'

/**
 * Modbus RTU as a relay board speaks it (Modbus application protocol V1.1b3 and the board makers' sheets):
 *
 *   request  unit  function  address (2)  value or count (2)   CRC (2, low byte first)
 *   answer   unit  01 or 02  01  eight bits                    CRC        eight relays, eight inputs
 *            unit  05        address (2)  value (2)            CRC        the request echoed
 *            unit  function + 80  exception code               CRC
 */
export function relayMaster(unit: number): Codec<ModbusAnswer, ModbusRequest> {
  return modbusRtuMaster(unit, relayBoardUse)
}

/** The board's end, for the simulator. */
export function relayBoard(unit: number): Codec<ModbusRequest, ModbusAnswer> {
  return modbusRtuDevice(unit, relayBoardUse)
}
