import { simulateLineScanner } from '../../devices/code-scanners/line-scanner/simulator.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { simulateSamSerial } from '../../devices/id-card-readers/sam-serial/simulator.ts'
import type { ConfiguredDevice } from '../../devices/registry.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { simulateGy614v } from '../../devices/thermometers/gy-614v/simulator.ts'

const FAST_BAUD = 115_200
const SLOW_BAUD = 9600

/** The simulator of a serial device whose bytes take as long as on its real wire; undefined for what has none. */
export function pacedSimulator({ driver }: ConfiguredDevice): Simulator<unknown> | undefined {
  switch (driver.kind) {
    case 'id-card-reader':
      return simulateSamSerial({ paceBaud: FAST_BAUD })
    case 'code-scanner':
      return simulateLineScanner({ paceBaud: FAST_BAUD })
    case 'thermometer':
      return simulateGy614v({ paceBaud: SLOW_BAUD })
    case 'gate':
      return simulateModbusRelay({ paceBaud: SLOW_BAUD })
    case 'receipt-printer':
      return undefined
  }
}
