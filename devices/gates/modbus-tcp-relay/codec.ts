import type { Codec } from '../../lib/frames.ts'
import type { ModbusAnswer, ModbusRequest } from '../../lib/modbus-pdu.ts'
import { relayBoardUse } from '../../lib/modbus-relays.ts'
import { modbusTcpDevice, modbusTcpMaster, type Numbered } from '../../lib/modbus-tcp.ts'

/**
 * Modbus TCP as a relay board speaks it (Modbus messaging on TCP/IP V1.0b and the board makers' sheets): the questions and
 * answers of the RTU board behind a header that numbers them, and no CRC.
 */
export function tcpRelayMaster(unit: number): Codec<Numbered<ModbusAnswer>, Numbered<ModbusRequest>> {
  return modbusTcpMaster(unit, relayBoardUse)
}

/** The board's end, for the simulator. */
export function tcpRelayBoard(unit: number): Codec<Numbered<ModbusRequest>, Numbered<ModbusAnswer>> {
  return modbusTcpDevice(unit, relayBoardUse)
}
