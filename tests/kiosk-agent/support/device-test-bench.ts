import { onTestFinished } from 'vitest'
import { simulateModbusIo } from '../../../devices/auxiliaries/modbus-io/simulator.ts'
import { simulateGm65 } from '../../../devices/code-scanners/gm65/simulator.ts'
import { simulateLineScanner } from '../../../devices/code-scanners/line-scanner/simulator.ts'
import { DeviceError } from '../../../devices/errors.ts'
import { simulateModbusRelay } from '../../../devices/gates/modbus-relay/simulator.ts'
import { simulateSamSerial } from '../../../devices/id-card-readers/sam-serial/simulator.ts'
import { memoryLink } from '../../../devices/link/memory.ts'
import { simulateEscpos } from '../../../devices/receipt-printers/escpos/simulator.ts'
import { type ConfiguredDevice, configureDevice } from '../../../devices/registry.ts'
import type { Simulator } from '../../../devices/simulation.ts'
import { simulateGy614v } from '../../../devices/thermometers/gy-614v/simulator.ts'
import { type KindEvent, startDeviceHub } from '../../../kiosk-agent/device-hub.ts'
import { createLane } from '../../../kiosk-agent/entry/lane.ts'
import { type Entry, entrySchema } from '../../../kiosk-agent/ledger/entries.ts'
import { createPrintJournal } from '../../../kiosk-agent/paper/print-journal.ts'
import type { SlipState } from '../../../kiosk-agent/paper/slip-ends.ts'
import { createDeviceTests } from '../../../kiosk-agent/technician/device-tests/device-tests.ts'
import type { TestNeeds } from '../../../kiosk-agent/technician/device-tests/procedure.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const settings = {
  reader: ['sam-serial', { path: 'x' }],
  scanner: ['line-scanner', { path: 'x' }],
  /** Reads only when it is told to. */
  triggered: ['gm65', { path: 'x' }],
  thermometer: ['gy-614v', { path: 'x', warmUpMs: 0 }],
  gate: ['modbus-relay', { path: 'x' }],
  printer: ['escpos', { profile: 'generic-80', transport: { type: 'serial', path: 'x' } }],
  board: [
    'modbus-io',
    {
      path: 'x',
      inputs: { callButton: { input: 1 } },
      lights: { 'id-card-reader': 0, 'code-scanner': 1 },
    },
  ],
} as const
export type DeviceId = keyof typeof settings
const usual = (Object.keys(settings) as DeviceId[]).filter((id) => id !== 'triggered')

/** Every kind of device, real drivers on simulated devices, with lane and print journal, on a clock that a test moves. */
export async function deviceTestBench(wanted: readonly DeviceId[] = usual) {
  const clock = fakeClock()
  const [io, ioOptions] = settings.board
  const board = await configureDevice({ id: 'board', driver: io, options: ioOptions })
  const simulators = {
    reader: simulateSamSerial({ clock }),
    scanner: simulateLineScanner({ clock, prefix: '', aimId: false, terminator: 'cr', stxEtx: false }),
    triggered: simulateGm65({ clock, mode: 'command' }),
    thermometer: simulateGy614v({ clock }),
    gate: simulateModbusRelay({ clock }),
    printer: simulateEscpos({ clock }),
    board: simulateModbusIo({ ...(board.options as object), clock }),
  }
  const configured: ConfiguredDevice[] = []
  for (const id of wanted) {
    const [driver, options] = settings[id]
    configured.push(await configureDevice({ id, driver, options }))
  }
  const out = new Set<string>()
  const cables = new Map<string, () => void>()
  const listeners = new Set<(event: KindEvent) => void>()
  const entries: Entry[] = []
  const ledger = { broken: false }
  const hub = startDeviceHub({
    devices: configured,
    async openLink(id) {
      if (out.has(id)) throw new DeviceError('not-found', 'the cable is out')
      const cable = memoryLink()
      cables.set(id, cable.unplug)
      ;(simulators[id as DeviceId] as Simulator<unknown>).attach(cable.far)
      return cable.near
    },
    clock,
    log: () => {},
    onEvent(event) {
      if (event.kind === 'gate' && event.event.type === 'passed') lane.passed()
      for (const listener of listeners) listener(event)
    },
    onState: () => {},
  })
  async function record(...more: Entry[]) {
    if (ledger.broken) throw new Error('disk full')
    entries.push(...more.map((entry) => entrySchema.parse(entry)))
  }
  const lane = createLane({
    gate: () => hub.commands('gate'),
    clock,
    log: () => {},
    passageMs: 8000,
    record,
    settle: () => {},
    newNonce: () => 'walk',
    slippedIn: () => {},
    onChange: () => {},
  })
  const stopping = new AbortController()
  let tellSlip = (_: SlipState) => {}
  const journal = createPrintJournal({
    printer: () => hub.commands('receipt-printer'),
    ready: () => true,
    clock,
    log: () => {},
    record,
    note: record,
    signal: stopping.signal,
    onChange: (_, state) => tellSlip(state),
  })
  const needs: TestNeeds = {
    clock,
    log: () => {},
    terminal: {
      name: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
      simulated: true,
      passageMs: 8000,
    },
    utcOffsetMinutes: 480,
    device(id) {
      const found = configured.find((each) => each.id === id)
      return found && { kind: found.driver.kind, options: found.options }
    },
    commands(id) {
      const device = hub.devices.find((each) => each.id === id)
      return device && hub.commands(device.kind)
    },
    scanner: () => hub.commands('code-scanner'),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    record,
    pulse: (order) => lane.testPulse({ ...order, lane: 'lane-1', record }),
    print: (slip) =>
      new Promise((resolve) => {
        tellSlip = (state) => {
          if (state !== 'printing' && state !== 'held-out') resolve(state)
        }
        journal.print(slip)
      }),
    onChange: () => {},
  }
  const tests = createDeviceTests(needs)
  onTestFinished(async () => {
    stopping.abort(new Error('the test is over'))
    await hub.close()
  })
  await clock.advance(3000)
  return {
    ...{ clock, entries, ledger, tests, needs, hub },
    controls: {
      reader: simulators.reader.controls,
      scanner: simulators.scanner.controls,
      triggered: simulators.triggered.controls,
      thermometer: simulators.thermometer.controls,
      gate: simulators.gate.controls,
      printer: simulators.printer.controls,
      board: simulators.board.controls,
    },
    unplug(id: DeviceId) {
      out.add(id)
      cables.get(id)?.()
    },
    /** The device's connection ends, and the hub makes a new one. */
    restart: (id: string) => cables.get(id)?.(),
    codes: () => tests.run?.findings.map(({ code }) => code),
    finding: (code: string) => tests.run?.findings.find((each) => each.code === code),
  }
}
