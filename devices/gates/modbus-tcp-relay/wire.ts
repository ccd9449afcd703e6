import { modbusTcpWire } from '../../lib/wire/modbus-wire.ts'
import { relayBoardWords } from '../../lib/wire/relay-board-words.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { tcpRelayBoard, tcpRelayMaster } from './codec.ts'

/** What the board is asked and told, and its answers, by their numbers. */
export const wire: OpenWire<{ readonly unit: number }> = ({ unit }) =>
  modbusTcpWire({ host: tcpRelayMaster(unit), device: tcpRelayBoard(unit), describe: relayBoardWords })
