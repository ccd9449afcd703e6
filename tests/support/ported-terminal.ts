import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { terminalSchema } from '../../config/schemas/terminal.ts'
import { type ConfiguredDevice, configureDevice } from '../../devices/registry.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { type BenchPanel, createBench } from '../../kiosk-agent/bench/bench.ts'
import { healthRecords } from '../../kiosk-agent/bench/people.ts'
import type { SimulatedControls } from '../../kiosk-agent/bench/simulated-devices.ts'
import { type PortDevice, simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import {
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../kiosk-agent/gateways/health/gateway-simulator.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import type { HallStore } from '../../kiosk-agent/hall/hall-store.ts'
import { blindIndex } from '../../kiosk-agent/privacy/blind-index.ts'
import { openKeys } from '../../kiosk-agent/privacy/keys.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

/** An agent in a process of its own, as on real hardware; its devices on pseudo-terminals and a TCP port in this one. */
export interface PortedTerminal extends AsyncDisposable {
  readonly bench: BenchPanel
  readonly gateway: GatewaySimulator
  readonly store: HallStore
  readonly dataFolder: string
  readonly ledgerPath: string
  readonly terminalFile: string
  /** Loopback port of the agent. */
  readonly port: number
  /** Process of the agent while it runs. */
  readonly pid: number | undefined
  controls<K extends keyof SimulatedControls>(kind: K): SimulatedControls[K]
  /** Starts the agent; resolves with its launch link. */
  start(): Promise<string>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** Everything the agent's runs wrote to standard output and error. */
  output(): string
}

const TERMINAL_ID = 'ported-1'

export interface PortedTerminalOptions {
  /** A simulator of this device set up otherwise than usual; undefined for the usual one. */
  simulator?(device: ConfiguredDevice): Simulator<unknown> | undefined
}

export async function portedTerminal(options: PortedTerminalOptions = {}): Promise<PortedTerminal> {
  const folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-ports-'))
  const dataFolder = join(folder, 'data')
  const { file, port, devices: configured, gatewayPort } = await writeConfiguration(folder)
  const devices = await Promise.all(
    configured.map(async (each) => {
      const device = await configureDevice(each)
      return simulateOnPort(device, () => {}, options.simulator?.(device))
    }),
  )
  const token = randomUUID()
  await mkdir(join(dataFolder, 'keys'), { recursive: true, mode: 0o700 })
  await writeFile(join(dataFolder, 'keys', 'health-token'), token, { mode: 0o600 })
  const gateway = await startGatewaySimulator({ token, records: healthRecords(), port: gatewayPort })
  const keys = await openKeys(dataFolder)
  const store = await openEmbeddedHallStore({
    path: join(dataFolder, 'halls', 'demo', 'hall.sqlite'),
    hallId: 'demo',
    capacity: 300,
  })
  const indexKey = keys.derive('appointment-index')
  const bench = createBench({
    devices,
    gateway,
    paperWidthDots: 576,
    store,
    blindIndex: (idNumber) => blindIndex(indexKey, idNumber),
    now: () => Date.now(),
    log: () => {},
    attestMask: () => {},
    onChange: () => {},
  })
  await bench.seed()
  let agent: ChildProcess | undefined
  let output = ''

  async function kill(): Promise<void> {
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return
    const gone = new Promise((resolve) => agent?.once('exit', resolve))
    agent.kill('SIGKILL')
    await gone
  }

  return {
    bench,
    gateway,
    store,
    dataFolder,
    ledgerPath: join(dataFolder, TERMINAL_ID, 'ledger.sqlite'),
    terminalFile: file,
    port,
    get pid() {
      return agent?.pid
    },
    controls<K extends keyof SimulatedControls>(kind: K) {
      return find(devices, kind).simulator.controls as SimulatedControls[K]
    },
    start() {
      const started = spawn(
        process.execPath,
        [
          ...['--require', './kiosk-agent/preflight.cjs', 'kiosk-agent/start.ts'],
          ...['--terminal', file, '--data', dataFolder, '--no-open'],
        ],
        { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      agent = started
      const from = output.length
      return new Promise<string>((resolve, reject) => {
        const take = (chunk: Buffer) => {
          output += chunk
          const link = /http:\S+#token=\S+/.exec(output.slice(from))
          if (link) resolve(link[0])
        }
        started.stdout.on('data', take)
        started.stderr.on('data', take)
        started.once('exit', (code) => reject(new Error(`the agent ended (${code}): ${output}`)))
      })
    },
    kill,
    output: () => output,
    async [Symbol.asyncDispose]() {
      await kill()
      await Promise.all(devices.map((device) => device.close()))
      await gateway.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function find(devices: readonly PortDevice[], kind: string): PortDevice {
  const device = devices.find((each) => each.kind === kind)
  if (!device) throw new Error(`no ${kind} in this test`)
  return device
}

/** The demo hall, and the terminal of `config/terminals/ports.json` with ports of its own. */
async function writeConfiguration(folder: string) {
  const config = join(folder, 'config')
  await cp(join(project, 'config', 'halls'), join(config, 'halls'), { recursive: true })
  await cp(join(project, 'config', 'rules'), join(config, 'rules'), { recursive: true })
  const example = join(project, 'config', 'terminals', 'ports.json')
  const terminal = terminalSchema.parse(JSON.parse(await readFile(example, 'utf8')))
  const [port, printerPort, gatewayPort] = await freePorts(3)
  const devices = terminal.devices.map((device) => ({
    ...device,
    options:
      device.id === 'printer'
        ? {
            profile: 'generic-80',
            transport: { type: 'tcp', host: '127.0.0.1', port: printerPort },
            checkEveryMs: 1000,
          }
        : { ...device.options, path: join(folder, 'ports', device.id) },
  }))
  const health = { ...terminal.health, url: `http://127.0.0.1:${gatewayPort}`, timeoutMs: 1000 }
  const file = join(config, 'terminals', 'ported.json')
  await mkdir(join(config, 'terminals'), { recursive: true })
  await writeFile(file, JSON.stringify({ ...terminal, id: TERMINAL_ID, port, health, devices }))
  return { file, port: port ?? 0, devices, gatewayPort: gatewayPort ?? 0 }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
