import {
  type RelayBoardControls,
  type RelayBoardSimulation,
  simulateRelayBoard,
} from '../../lib/simulated-relay-board.ts'
import type { Simulator } from '../../simulation.ts'
import { relayBoard } from './codec.ts'

/** A Modbus RTU relay board and the gate behind it, made of software. */
export function simulateModbusRelay(options: RelayBoardSimulation = {}): Simulator<RelayBoardControls> {
  return simulateRelayBoard(options, {
    codec: relayBoard(options.unit ?? 1),
    request: (request) => request,
    told: (_request, answer) => answer,
  })
}
