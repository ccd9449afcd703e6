import {
  type SamControls,
  type SamSimulatorOptions,
  simulatedReader,
} from '../../lib/sam/simulated-reader.ts'
import type { Simulator } from '../../simulation.ts'

/** A serial reader made of software. */
export function simulateSamSerial(options: SamSimulatorOptions = {}): Simulator<SamControls> {
  return simulatedReader(options)
}
