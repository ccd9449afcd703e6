import { DeviceError } from '../../devices/errors.ts'
import { type Clock, systemClock } from '../../devices/lib/clock.ts'
import type { SamControls } from '../../devices/lib/sam/simulated-reader.ts'
import type { AuxiliariesControls } from '../../devices/lib/simulated-auxiliaries.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import type { AnyLink } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { memoryHttpLink } from '../../devices/link/memory-http.ts'
import { connectPipes } from '../../devices/link/memory-pipes.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import type { EscposControls } from '../../devices/receipt-printers/escpos/simulator.ts'
import { type ConfiguredDevice, findDescription } from '../../devices/registry.ts'
import type { AnySimulator } from '../../devices/simulation.ts'

/** What a person can do at the simulated devices of one terminal, by kind. */
export interface SimulatedControls {
  'id-card-reader': SamControls
  'code-scanner': ScannerControls
  thermometer: ThermometerControls
  gate: GateControls
  'receipt-printer': EscposControls
  auxiliaries: AuxiliariesControls
}

/** A device made of software, and its cable as a person handles it. */
export interface PluggableDevice {
  readonly id: string
  readonly kind: keyof SimulatedControls
  readonly simulator: AnySimulator<unknown>
  readonly plugged: boolean
  setPlugged(plugged: boolean): void
}

export interface SimulatedDevice extends PluggableDevice {
  /** Plugs the driver's end in; fails like a port whose cable is out. */
  open(): AnyLink
}

/** The simulator of each model, set up like the configured driver. */
const simulators: Record<string, (options: never) => Promise<AnySimulator<unknown>>> = {
  'sam-serial': async (options) =>
    (await import('../../devices/id-card-readers/sam-serial/simulator.ts')).simulateSamSerial(options),
  'sam-usb': async (options) =>
    (await import('../../devices/id-card-readers/sam-usb/simulator.ts')).simulateSamUsb(options),
  'sam-hid': async (options) =>
    (await import('../../devices/id-card-readers/sam-hid/simulator.ts')).simulateSamHid(options),
  'line-scanner': async (options) =>
    (await import('../../devices/code-scanners/line-scanner/simulator.ts')).simulateLineScanner(options),
  vguang: async (options) =>
    (await import('../../devices/code-scanners/vguang/simulator.ts')).simulateVguang(options),
  newland: async (options) =>
    (await import('../../devices/code-scanners/newland/simulator.ts')).simulateNewland(options),
  'zebra-ssi': async (options) =>
    (await import('../../devices/code-scanners/zebra-ssi/simulator.ts')).simulateZebraSsi(options),
  honeywell: async (options) =>
    (await import('../../devices/code-scanners/honeywell/simulator.ts')).simulateHoneywell(options),
  gm65: async (options) =>
    (await import('../../devices/code-scanners/gm65/simulator.ts')).simulateGm65(options),
  'hid-pos': async (options) =>
    (await import('../../devices/code-scanners/hid-pos/simulator.ts')).simulateHidPos(options),
  'gy-614v': async (options) =>
    (await import('../../devices/thermometers/gy-614v/simulator.ts')).simulateGy614v(options),
  'gy-90614': async (options) =>
    (await import('../../devices/thermometers/gy-90614/simulator.ts')).simulateGy90614(options),
  'gy-mcu90640': async (options) =>
    (await import('../../devices/thermometers/gy-mcu90640/simulator.ts')).simulateGyMcu90640(options),
  lu90614: async (options) =>
    (await import('../../devices/thermometers/lu90614/simulator.ts')).simulateLu90614(options),
  'modbus-infrared': async (options) =>
    (await import('../../devices/thermometers/modbus-infrared/simulator.ts')).simulateModbusInfrared(options),
  'hikvision-isapi': async (options) =>
    (await import('../../devices/thermometers/hikvision-isapi/simulator.ts')).simulateHikvision(options),
  'modbus-relay': async (options) =>
    (await import('../../devices/gates/modbus-relay/simulator.ts')).simulateModbusRelay(options),
  'lcus-relay': async (options) =>
    (await import('../../devices/gates/lcus-relay/simulator.ts')).simulateLcus(options),
  'tripod-serial': async (options) =>
    (await import('../../devices/gates/tripod-serial/simulator.ts')).simulateTripod(options),
  'modbus-tcp-relay': async (options) =>
    (await import('../../devices/gates/modbus-tcp-relay/simulator.ts')).simulateModbusTcpRelay(options),
  'modbus-io': async (options) =>
    (await import('../../devices/auxiliaries/modbus-io/simulator.ts')).simulateModbusIo(options),
  'dcttech-hid-relay': async (options) =>
    (await import('../../devices/auxiliaries/dcttech-hid-relay/simulator.ts')).simulateDcttech(options),
  escpos: async (options) =>
    (await import('../../devices/receipt-printers/escpos/simulator.ts')).simulateConfiguredEscpos(options),
}

/** The simulator of a configured device, plugged in nowhere yet. */
export async function simulatorOf(
  device: ConfiguredDevice,
  clock: Clock = systemClock,
): Promise<AnySimulator<unknown>> {
  const make = simulators[device.driver.id]
  if (make) return make({ ...(device.options as object), clock } as never)
  const description = await findDescription(device.driver.id)
  if (description)
    return (await import('../../devices/described/simulator.ts')).describedSimulator(description, { clock })
  throw new DeviceError(
    'bad-config',
    `device "${device.id}": model ${device.driver.id} has no simulator, so this terminal cannot be simulated`,
  )
}

/** A simulated device on a cable made of memory, for a terminal that is simulated as a whole. */
export async function simulateDevice(
  device: ConfiguredDevice,
  clock: Clock = systemClock,
): Promise<SimulatedDevice> {
  const simulator = await simulatorOf(device, clock)
  let plugged = true
  const cables = new Set<Cable>()
  return {
    id: device.id,
    kind: device.driver.kind,
    simulator,
    get plugged() {
      return plugged
    },
    open() {
      if (!plugged) throw new DeviceError('not-found', `${device.id}: the simulated cable is out`)
      const cable = plug(simulator, `simulated ${device.id}`, clock)
      cables.add(cable)
      cable.near.closed.addEventListener('abort', () => cables.delete(cable))
      return cable.near
    },
    setPlugged(wanted) {
      plugged = wanted
      if (!plugged) for (const cable of cables) cable.unplug()
    },
  }
}

export interface Cable {
  /** The driver's end. */
  readonly near: AnyLink
  unplug(): void
}

/** Plugs a simulated device into a cable of the kind it has. */
export function plug(simulator: AnySimulator<unknown>, name: string, clock: Clock): Cable {
  if (simulator.linkKind === 'report') return memoryReportLink((end) => simulator.attach(end), name)
  if (simulator.linkKind === 'pipes') return connectPipes((end) => simulator.attach(end), clock, name)
  if (simulator.linkKind === 'http') return memoryHttpLink((end) => simulator.attach(end), name)
  const cable = memoryLink(name)
  simulator.attach(cable.far)
  return cable
}
