import { modbusRtuWire } from '../../lib/wire/modbus-wire.ts'
import { relayBoardWords } from '../../lib/wire/relay-board-words.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { relayBoard, relayMaster } from './codec.ts'

/** What the board is asked and told, and its answers. */
export const wire: OpenWire<{ readonly unit: number }> = ({ unit }) =>
  modbusRtuWire({ host: relayMaster(unit), device: relayBoard(unit), describe: relayBoardWords })
