import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { configureDevice } from '../devices/registry.ts'
import { benchActionSchema } from './api/contract.ts'
import { createBench } from './bench/bench.ts'
import { benchAction, benchWords } from './bench/bench-words.ts'
import { healthRecords } from './bench/people.ts'
import { simulateOnPort } from './bench/simulated-ports.ts'
import { startGatewaySimulator } from './gateways/health/gateway-simulator.ts'
import { openEmbeddedHallStore } from './hall/embedded-hall-store.ts'
import { loadTerminal } from './load-terminal.ts'
import { logTo } from './log.ts'
import { blindIndex } from './privacy/blind-index.ts'
import { openKeys } from './privacy/keys.ts'

/**
 * The far end of a terminal that is not simulated: its devices on pseudo-terminals and TCP ports, its health gateway, and
 * demo visitors with appointments. The agent itself runs as it would on real hardware, in its own process.
 */
const project = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    terminal: { type: 'string', default: join(project, 'config', 'terminals', 'ports.json') },
    data: { type: 'string', default: join(project, 'data') },
  },
})

try {
  await simulate(resolve(values.terminal), resolve(values.data))
} catch (error) {
  process.stderr.write(
    `The simulation did not start.\n${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exit(1)
}

async function simulate(terminalFile: string, dataFolder: string): Promise<void> {
  const log = logTo(process.stderr)
  const { terminal, hall, folders } = await loadTerminal(terminalFile, dataFolder)
  const configured = await Promise.all(terminal.devices.map(configureDevice))
  const devices = await Promise.all(configured.map((device) => simulateOnPort(device, log)))
  const keys = await openKeys(dataFolder)
  const store = await openEmbeddedHallStore({
    path: folders.hallStore,
    hallId: hall.id,
    capacity: hall.capacity,
  })
  if (!terminal.health)
    throw new Error(`${terminalFile}: "health" is missing, so there is nothing to simulate it for`)
  const gateway = await startGatewaySimulator({
    token: await sharedToken(join(dataFolder, terminal.health.tokenFile)),
    records: healthRecords(),
    port: Number(new URL(terminal.health.url).port),
  })
  const indexKey = keys.derive('appointment-index')
  const bench = createBench({
    devices,
    gateway,
    paperWidthDots: 576,
    store,
    blindIndex: (idNumber) => blindIndex(indexKey, idNumber),
    now: () => Date.now(),
    log,
    attestMask: () => process.stdout.write('Now press "my mask is on" on the screen.\n'),
    onChange: () => {},
  })
  await bench.seed()

  const addresses = devices.map(({ id, address }) => `  ${id.padEnd(14)} ${address}`)
  process.stdout.write(
    `Simulated devices of terminal ${terminal.id}:\n${addresses.join('\n')}\n  health         ${gateway.url}\n\n` +
      `Start its agent elsewhere:  npm start -- --terminal ${values.terminal}\n\n${benchWords}\n`,
  )
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const action = benchActionSchema.safeParse(benchAction(line))
    if (!action.success) process.stdout.write(`${benchWords}\n`)
    else bench.act(action.data).catch((error) => log('that did not work', { error }))
  })
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())

  async function stop(): Promise<void> {
    lines.close()
    await Promise.all(devices.map((device) => device.close()))
    await gateway.close()
    await store.close()
    process.exit(0)
  }
}

/** The token the agent signs with; made here when there is none yet. */
async function sharedToken(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known.trim() !== '') return known.trim()
  const token = crypto.randomUUID()
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return token
}
