import { mkdtempSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rootsUnder } from '../../devices/identify/roots.ts'
import { configureDevice } from '../../devices/registry.ts'
import type { SimulatedControls } from '../../kiosk-agent/bench/simulated-devices.ts'
import { type PortDevice, simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { type RunningTerminal, startTerminal } from '../../kiosk-agent/terminal-main.ts'
import { startDemoTerminal } from '../support/demo-terminal.ts'
import { type TechnicianClient, technicianAt } from '../support/technician-client.ts'

const project = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-identify-'))
const ports = join(folder, 'ports')
const path = (name: string) => join(ports, name)
let terminal: RunningTerminal
let technician: TechnicianClient
let devices: PortDevice[]

/** A terminal that is not simulated, with one thermometer, and two more devices on ports nobody configured. */
beforeAll(async () => {
  await cp(join(project, 'config'), join(folder, 'config'), { recursive: true })
  await mkdir(ports)
  const demo = JSON.parse(await readFile(join(project, 'config', 'terminals', 'ports.json'), 'utf8'))
  const thermometer = { id: 'thermometer', driver: 'gy-614v', options: { path: path('heat') } }
  const file = join(folder, 'config', 'terminals', 'bench-1.json')
  const { health: _, ...terminalConfig } = { ...demo, id: 'bench-1', port: 0, devices: [thermometer] }
  await writeFile(file, JSON.stringify(terminalConfig))
  devices = await Promise.all(
    [
      thermometer,
      { id: 'reader', driver: 'sam-serial', options: { path: path('reader') } },
      { id: 'scanner', driver: 'line-scanner', options: { path: path('scanner'), terminator: 'cr' } },
    ].map(async (each) => simulateOnPort(await configureDevice(each), () => {})),
  )
  terminal = await startTerminal({
    terminalFile: file,
    dataFolder: join(folder, 'data'),
    screens: { folder: ports, build: 'test' },
    log: () => {},
    port: 0,
    pinCost: 4,
    portRoots: rootsUnder(join(folder, 'no-machine'), [ports]),
  })
  technician = technicianAt(`http://127.0.0.1:${terminal.port}`)
  await technician.setUp(terminal.technicianUrl())
  await technician.watch()
  await technician.enter()
})
afterAll(async () => {
  technician.close()
  await terminal.close()
  for (const device of devices) await device.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await technician.command({ type: 'stop-identify' })
  const { version } = technician.console
  expect((await technician.command({ type: 'list-ports' })).status).toBe(202)
  await technician.until(
    (console) =>
      console.version > version && console.identify.state === 'idle' && port('scanner') !== undefined,
    'the list',
  )
})

const idle = () => technician.until(({ identify }) => identify.state === 'idle', 'the end of it')
const port = (name: string) => technician.console.identify.ports.find((each) => each.path === path(name))
const idOf = (name: string) => port(name)?.id ?? name

describe('Identify', () => {
  test('lists every port, and says which configured device has it', () => {
    expect(technician.console.identify.ports.map((each) => [each.path, each.usedBy]).toSorted()).toEqual([
      [path('heat'), 'thermometer'],
      [path('reader'), undefined],
      [path('scanner'), undefined],
    ])
  })

  test('asks a port of which the technician says what it is, and proposes settings that work when they are tried', async () => {
    const ask = { type: 'ask-port', port: idOf('reader'), kind: 'id-card-reader' } as const
    expect((await technician.command({ ...ask, kind: 'toaster' })).body.error).toBe('bad-options')
    expect((await technician.command(ask)).status).toBe(202)
    await technician.until(() => port('reader')?.state === 'known', 'the model')
    const [found] = port('reader')?.candidates ?? []
    expect(found).toMatchObject({ driver: 'sam-serial', certainty: 'answered', evidence: expect.any(String) })
    const device = { id: 'reader', driver: found?.driver ?? '', options: found?.options ?? {} }
    await idle()
    expect((await technician.command({ type: 'try-device', device })).status).toBe(202)
    const { trial } = await technician.until(({ trial }) => trial?.state === 'works', 'a reader that works')
    expect(trial?.facts.samNumber).toBeDefined()
    await technician.command({ type: 'drop-trial' })
  })

  test('never opens a port that a configured device has', async () => {
    const thermometer = () => technician.console.devices.find(({ id }) => id === 'thermometer')
    await technician.until(() => thermometer()?.state === 'online', 'the thermometer')
    const before = thermometer()?.counters
    expect(await technician.command({ type: 'ask-port', port: idOf('heat') })).toMatchObject({
      status: 409,
      body: { error: 'busy' },
    })
    const device = { id: 'other', driver: 'gy-614v', options: { path: path('heat') } }
    expect(await technician.command({ type: 'try-device', device })).toMatchObject({
      body: { error: 'busy' },
    })
    expect((await technician.command({ type: 'ask-all-ports' })).status).toBe(202)
    await technician.until(
      ({ identify }) => identify.total === 2 && port('reader')?.state !== 'unasked',
      'asking',
    )
    expect(port('heat')?.state).toBe('unasked')
    await technician.command({ type: 'stop-identify' })
    expect(thermometer()?.counters).toMatchObject({
      connections: before?.connections,
      errors: before?.errors,
    })
  })

  test('finds the scanner by the code that is scanned now', async () => {
    expect((await technician.command({ type: 'scan-now' })).status).toBe(202)
    await technician.until(({ identify }) => identify.state === 'scan-now', 'listening')
    const scanner = devices.find(({ id }) => id === 'scanner')?.simulator
      .controls as SimulatedControls['code-scanner']
    for (let shown = 0; shown < 40 && port('scanner')?.state !== 'known'; shown++) {
      await scanner.show(`6901234${shown}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(port('scanner')?.candidates[0]).toMatchObject({ driver: 'line-scanner', certainty: 'heard' })
    expect(JSON.stringify(technician.console.identify)).not.toContain('6901234')
    await technician.command({ type: 'stop-identify' })
  })

  test('notices what is plugged in, and what is pulled out', async () => {
    await technician.command({ type: 'wait-for-plug' })
    const reader = devices.find(({ id }) => id === 'reader')
    reader?.setPlugged(false)
    await technician.until(() => port('reader') === undefined, 'one port less')
    reader?.setPlugged(true)
    await technician.until(() => port('reader')?.fresh === true, 'the fresh port')
    expect(port('scanner')?.fresh).toBe(false)
    await technician.command({ type: 'stop-identify' })
    await idle()
  })

  test('asks one thing at a time, and can be stopped', async () => {
    await technician.command({ type: 'scan-now' })
    expect(await technician.command({ type: 'ask-port', port: idOf('reader') })).toMatchObject({
      status: 409,
      body: { error: 'busy' },
    })
    expect((await technician.command({ type: 'stop-identify' })).status).toBe(202)
    expect(await technician.command({ type: 'ask-port', port: 'serial:nowhere' })).toMatchObject({
      body: { error: 'unknown-port' },
    })
  })
})

test('a simulated terminal touches no real port, and says why', async () => {
  const demo = await startDemoTerminal()
  const client = technicianAt(`http://127.0.0.1:${demo.terminal.port}`)
  await client.setUp(demo.terminal.technicianUrl())
  await client.watch()
  await client.enter()
  const refused = await client.command({ type: 'scan-now' })
  expect(refused).toMatchObject({ status: 409, body: { error: 'simulated' } })
  expect(refused.body.message).toContain('simulated as a whole')
  client.close()
  await demo[Symbol.asyncDispose]()
})
