import { modbusRelay } from '../../devices/gates/modbus-relay/driver.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import type { DeviceEvent } from '../../devices/kinds.ts'
import type { RelayBoardSimulation, RelayFault } from '../../devices/lib/simulated-relay-board.ts'
import { type MemoryLink, memoryLink } from '../../devices/link/memory.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'

/** What the driver writes, in hex, without the CRC. */
export const readInputs = '010200000008'
export const readRelays = '010100000008'
export const pulseFrame = '010502000007'
export const offFrame = '010500000000'

export type Settings = Record<string, unknown>
export type Gate = Awaited<ReturnType<typeof modbusRelay.start>>

/** The cable, the driver's end of it and what went over it, without a board yet. */
export interface Bench extends MemoryLink {
  readonly events: DeviceEvent<'gate'>[]
  /** Every frame the driver wrote, in hex, without its CRC. */
  readonly writes: string[]
  start(): Promise<Gate>
  pulsesWritten(): number
}

export function gateBench(clock: FakeClock, settings: Settings = {}): Bench {
  const { near, far, unplug } = memoryLink()
  const events: DeviceEvent<'gate'>[] = []
  const writes: string[] = []
  const link = {
    kind: near.kind,
    name: near.name,
    bytes: near.bytes,
    closed: near.closed,
    close: () => near.close(),
    write(bytes: Uint8Array) {
      writes.push(Buffer.from(bytes).toString('hex').slice(0, -4))
      return near.write(bytes)
    },
  }
  const start = (): Promise<Gate> =>
    modbusRelay.start({
      link,
      options: modbusRelay.options.parse({ path: 'memory', pollMs: 50, ...settings }),
      signal: near.closed,
      clock,
      log: () => {},
      emit: (event) => events.push(event),
    })
  return { near, far, unplug, events, writes, start, pulsesWritten: () => countPulses(writes) }
}

const countPulses = (writes: readonly string[]) => writes.filter((frame) => frame.startsWith('010502')).length

interface BoardOptions extends RelayBoardSimulation {
  readonly clock?: FakeClock
}

/** A board and a driver that has greeted it. */
export async function startGate(board: BoardOptions = {}, settings: Settings = {}) {
  const clock = board.clock ?? fakeClock()
  const table = gateBench(clock, settings)
  const simulator = simulateModbusRelay({ ...board, clock })
  simulator.attach(table.far)
  const gate = await clock.until(table.start())
  return { ...table, clock, gate, simulator, controls: simulator.controls }
}

/** An order that is good for a while. */
export const soon = (clock: FakeClock, ms = 5000) => ({ notAfter: clock.monotonic() + ms })

/** A board fault that strikes pulses only. */
export function onPulse(fault: RelayFault) {
  return ({ address }: { address: number }): RelayFault => (address >= 0x200 ? fault : 'none')
}

/** A board fault that strikes readings of the inputs only. */
export function onInputs(fault: RelayFault) {
  return ({ function: code }: { function: number }): RelayFault => (code === 2 ? fault : 'none')
}
