import { DeviceError } from '../../errors.ts'
import { type LightWiring, wiredLights } from '../../lib/lights.ts'
import type { AuxiliariesControls } from '../../lib/simulated-auxiliaries.ts'
import type { ReportSimulator } from '../../simulation.ts'
import { manufacturer } from './board.ts'
import { readOrder, writeState } from './codec.ts'

/** Faults are read as they are needed, so a caller may change them while it runs. */
export interface DcttechSimulation {
  readonly lights?: LightWiring
  readonly name?: string
  readonly product?: string
  readonly manufacturer?: string
  /** Which report the system answers with the state, and so where the relays stand in it. */
  readonly stateReport?: 0 | 1 | 'padded'
  /** Which way reports reach the board. */
  readonly takes?: 'feature' | 'output'
  /** Fault: takes orders and does nothing. */
  stuck?: boolean
  /** Fault: what it tells is no state. */
  garbled?: boolean
}

export interface DcttechControls extends AuxiliariesControls {
  /** Bit 0 is relay 1. */
  readonly relays: number
  /** Somebody else switches a relay, or the board lost its power for a moment. */
  setRelays(bits: number): void
}

/** A relay board made of software. It has no inputs, so whatever is done at a sensor does nothing. */
export function simulateDcttech(options: DcttechSimulation = {}): ReportSimulator<DcttechControls> {
  const { lights = {}, name = 'HURTM', product = 'USBRelay8', stateReport = 1, takes = 'feature' } = options
  const listeners: (() => void)[] = []
  let relays = 0
  let silent = false

  function obey(report: Uint8Array): void {
    const order = readOrder(report)
    if (!order || silent || options.stuck) return
    const bit = 1 << (order.relay - 1)
    relays = order.on ? relays | bit : relays & ~bit
    for (const listener of listeners) listener()
  }

  function state(reportId: number): Uint8Array {
    if (silent || reportId !== (stateReport === 'padded' ? 1 : stateReport))
      throw new DeviceError('refused', 'simulated relay board: no such report')
    if (options.garbled) return new Uint8Array(9).fill(0xff)
    const told = writeState({ name, relays }, stateReport === 0)
    return stateReport === 'padded' ? Uint8Array.of(...told, 0) : told
  }

  return {
    linkKind: 'report',
    attach: () => ({
      texts: { manufacturer: options.manufacturer ?? manufacturer, product },
      output(report) {
        if (takes === 'output') obey(report)
      },
      sendFeature(report) {
        if (takes === 'feature') obey(report)
        else throw new DeviceError('refused', 'simulated relay board: no such report')
      },
      getFeature: state,
    }),
    controls: {
      get relays() {
        return relays
      },
      setRelays(bits) {
        relays = bits
      },
      lights: wiredLights(lights),
      onLight(listener) {
        listeners.push(listener)
      },
      isLit(device) {
        const relay = lights[device]
        return relay !== undefined && ((relays >> (relay - 1)) & 1) === 1
      },
      silent(wanted) {
        silent = wanted
      },
      setPresence() {},
      pressCallButton() {},
      setDoor() {},
    },
  }
}
