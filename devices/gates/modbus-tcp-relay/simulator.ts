import {
  type RelayBoardControls,
  type RelayBoardSimulation,
  simulateRelayBoard,
} from '../../lib/simulated-relay-board.ts'
import type { Simulator } from '../../simulation.ts'
import { tcpRelayBoard } from './codec.ts'

/** A Modbus TCP relay board and the gate behind it, made of software. */
export function simulateModbusTcpRelay(options: RelayBoardSimulation = {}): Simulator<RelayBoardControls> {
  return simulateRelayBoard(options, {
    codec: tcpRelayBoard(options.unit ?? 1),
    request: ({ body }) => body,
    told: ({ transaction }, body) => ({ transaction, body }),
  })
}
