import { lcusHost } from '../../gates/lcus-relay/codec.ts'
import type { Kind } from '../../kinds.ts'
import { modbusRtuMaster } from '../../lib/modbus-rtu.ts'
import { framed, type Probe, type Suggestion } from '../probe.ts'

/** As delivered, and as this software proposes it for a second board on the same line. */
const gateUnit = 1
const ioUnit = 2

const gate: Suggestion = { driver: 'modbus-relay', options: (baudRate) => ({ baudRate, unit: gateUnit }) }
const io = (unit: number): Suggestion => ({
  driver: 'modbus-io',
  options: (baudRate) => ({ baudRate, unit }),
  toBeSet: ['inputs', 'lights'],
})

/** One relay or one input is asked for, not eight: the check sum of the usual question ends in CC, an order elsewhere. */
function bit(kind: Kind, unit: number, code: 1 | 2, suggestions: readonly Suggestion[]): Probe {
  const master = modbusRtuMaster(unit, { [code]: 1 })
  return {
    kind,
    bauds: [9600, 19_200, 115_200, 38_400, 57_600],
    asks: [master.encode({ function: code, address: 0, value: 1 })],
    waitMs: 250,
    proven: framed(master, ({ type }) => type === 'bits'),
    suggestions,
  }
}

/** Relay boards. The same board serves as a gate or for sensors and lights: what is wired to it nobody but a person knows. */
export const boardProbes: readonly Probe[] = [
  {
    kind: 'gate',
    bauds: [9600],
    asks: [lcusHost.encode({ channel: 1, operation: 'query' })],
    waitMs: 250,
    proven: framed(lcusHost, ({ channel }) => channel === 1),
    suggestions: [{ driver: 'lcus-relay', options: (baudRate) => ({ baudRate, channel: 1 }) }],
  },
  bit('gate', gateUnit, 1, [gate, io(gateUnit)]),
  bit('auxiliaries', ioUnit, 2, [
    io(ioUnit),
    { driver: 'modbus-relay', options: (baudRate) => ({ baudRate, unit: ioUnit }) },
  ]),
]
