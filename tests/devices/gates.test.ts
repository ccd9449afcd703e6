import { lcusRelay } from '../../devices/gates/lcus-relay/driver.ts'
import { simulateLcus } from '../../devices/gates/lcus-relay/simulator.ts'
import { modbusRelay } from '../../devices/gates/modbus-relay/driver.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { modbusTcpRelay } from '../../devices/gates/modbus-tcp-relay/driver.ts'
import { simulateModbusTcpRelay } from '../../devices/gates/modbus-tcp-relay/simulator.ts'
import { tripodSerial } from '../../devices/gates/tripod-serial/driver.ts'
import { simulateTripod } from '../../devices/gates/tripod-serial/simulator.ts'
import { type GateSimulation, gateContract } from './gate-contract.ts'

const modbusFaults = ({ pulseFault, ...options }: GateSimulation) => ({
  ...options,
  fault: ({ address }: { address: number }) => (address >= 0x200 && pulseFault ? pulseFault() : 'none'),
})
const lcusFaults = ({ pulseFault, ...options }: GateSimulation) => ({
  ...options,
  fault: (code: number) => (code === 6 && pulseFault ? pulseFault() : 'none'),
})

gateContract({
  name: 'modbus-relay',
  driver: modbusRelay,
  settings: { path: 'memory' },
  simulate: (options) => simulateModbusRelay(modbusFaults(options)),
  opens: (written) => /^..05(02|00..ff00)/.test(written),
  answers: true,
  noise: Uint8Array.of(1, 5, 2),
})

gateContract({
  name: 'modbus-tcp-relay',
  driver: modbusTcpRelay,
  settings: { host: 'memory' },
  simulate: (options) => simulateModbusTcpRelay(modbusFaults(options)),
  opens: (written) => /^.{14}05(02|00..ff00)/.test(written),
  answers: true,
  noise: Uint8Array.of(0, 0, 0, 0, 0, 6, 1),
})

gateContract({
  name: 'lcus-relay',
  driver: lcusRelay,
  settings: { path: 'memory' },
  simulate: (options) => simulateLcus(lcusFaults(options)),
  opens: (written) => /^a00[1-8]0[1346]/.test(written),
  answers: true,
  noise: Uint8Array.of(0xa0, 0x01),
})

gateContract({
  name: 'lcus-relay, silent board',
  driver: lcusRelay,
  settings: { path: 'memory', silentBoard: true },
  simulate: (options) => simulateLcus({ ...lcusFaults(options), silentBoard: true }),
  opens: (written) => /^a00[1-8]0[1346]/.test(written),
  answers: false,
  noise: Uint8Array.of(0xa0, 0x01),
})

gateContract({
  name: 'tripod-serial',
  driver: tripodSerial,
  settings: { path: 'memory', portConfirmed: true },
  simulate: ({ clock, pulseFault }) => simulateTripod({ clock, deaf: pulseFault?.() === 'lost-request' }),
  opens: (written) => written.startsWith('eb'),
  answers: false,
  noise: Uint8Array.of(0xeb, 0x01),
})
