import { randomBytes } from 'node:crypto'
import { DeviceError } from '../../devices/errors.ts'
import type { AnyLink } from '../../devices/link/link.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { ConfiguredDevice } from '../../devices/registry.ts'
import { startGatewaySimulator } from '../gateways/health/gateway-simulator.ts'
import type { HealthAdapter } from '../gateways/health/health-adapter.ts'
import { httpGateway } from '../gateways/health/http-gateway.ts'
import { type BenchOptions, type BenchPanel, createBench } from './bench.ts'
import { CODE_PREFIX, healthRecords } from './people.ts'
import { simulateDevice } from './simulated-devices.ts'

/** Everything a simulated terminal has instead of hardware and outside services. */
export interface SimulatedTerminal {
  readonly bench: BenchPanel
  readonly health: HealthAdapter
  /** The driver's end of a simulated device's cable; throws like a port whose cable is out. */
  openLink(deviceId: string): AnyLink
  /** Puts the simulator of this device in the place of the one with the same id; one that was here before is as it was left. */
  place(device: ConfiguredDevice): Promise<void>
  close(): Promise<void>
}

export interface SimulatedTerminalOptions
  extends Omit<BenchOptions, 'devices' | 'gateway' | 'paperWidthDots'> {
  readonly devices: readonly ConfiguredDevice[]
}

const GATEWAY_TIMEOUT_MS = 2000
const WITHOUT_PRINTER_DOTS = 576

/** Starts the simulators of every configured device and the health gateway, a real HTTP server on a free port. */
export async function startSimulatedTerminal(options: SimulatedTerminalOptions): Promise<SimulatedTerminal> {
  const devices = await Promise.all(options.devices.map((device) => simulateDevice(device)))
  const known = new Map(options.devices.map((device, at) => [device, devices[at]]))
  const token = randomBytes(16).toString('hex')
  const gateway = await startGatewaySimulator({ token, records: healthRecords(), latencyMs: 120 })
  const printer = options.devices.find(({ driver }) => driver.kind === 'receipt-printer')
  const { profile } = (printer?.options ?? {}) as { profile?: string }
  const bench = createBench({
    ...options,
    devices,
    gateway,
    paperWidthDots: profile === undefined ? WITHOUT_PRINTER_DOTS : readProfile(profile).media.widthDots,
  })
  return {
    bench,
    health: httpGateway({
      url: gateway.url,
      paasId: 'demo',
      token,
      timeoutMs: GATEWAY_TIMEOUT_MS,
      codePrefixes: [CODE_PREFIX],
      now: options.now,
    }),
    openLink(deviceId) {
      const device = devices.find(({ id }) => id === deviceId)
      if (!device) throw new DeviceError('not-found', `${deviceId}: not simulated`)
      return device.open()
    },
    async place(device) {
      const simulated = known.get(device) ?? (await simulateDevice(device))
      if (!known.has(device)) bench.watch(simulated)
      known.set(device, simulated)
      const at = devices.findIndex(({ id }) => id === device.id)
      // The bench works on this very list.
      devices.splice(at < 0 ? devices.length : at, at < 0 ? 0 : 1, simulated)
      options.onChange()
    },
    close: () => gateway.close(),
  }
}
