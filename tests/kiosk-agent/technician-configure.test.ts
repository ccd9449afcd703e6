import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Model, SettingsFile, SettingsReview } from '../../kiosk-agent/api/technician-contract.ts'
import { lastRows } from '../../kiosk-agent/ledger/verify.ts'
import type { DeviceSettings } from '../../kiosk-agent/technician/configure/device-set.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'
import { TECHNICIAN, type TechnicianClient, technicianAt } from '../support/technician-client.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'
import type { Started } from './support/technician-victim.ts'

let demo: DemoTerminal
let technician: TechnicianClient

beforeAll(async () => {
  demo = await startDemoTerminal()
  technician = technicianAt(`http://127.0.0.1:${demo.terminal.port}`)
  await technician.setUp(demo.terminal.technicianUrl())
  await technician.watch()
})
afterAll(async () => {
  technician.close()
  await demo[Symbol.asyncDispose]()
})
beforeEach(() => technician.enter())

const vguang: DeviceSettings = { id: 'code-scanner', driver: 'vguang', options: { path: 'simulated' } }
const second: DeviceSettings = { id: 'second-scanner', driver: 'gm65', options: { path: 'simulated' } }
const settingsFile = () => JSON.parse(readFileSync(join(demo.dataFolder, 'demo-1', 'settings.json'), 'utf8'))
const device = (id: string) => technician.console.devices.find((each) => each.id === id)
const connections = () => technician.console.devices.map(({ id, counters }) => [id, counters.connections])
const works = () => technician.until(({ trial }) => trial?.state === 'works', 'a device that works')

async function keep(settings: DeviceSettings) {
  const known = technician.console.changes[0]?.version
  await technician.command({ type: 'try-device', device: settings })
  await works()
  expect((await technician.command({ type: 'keep-trial' })).status).toBe(202)
  await technician.until(({ changes }) => changes[0]?.version !== known, 'the change')
}
async function undoNewest() {
  const [newest] = technician.console.changes
  expect(await technician.command({ type: 'undo', version: newest?.version ?? 0 })).toMatchObject({
    status: 202,
  })
  await technician.until(({ changes }) => changes[0]?.what === 'undone', 'the undoing')
}

describe('Configuring a device', () => {
  test('offers every model with a form that says what each thing is', async () => {
    const models = (await technician.get('models')).body as Model[]
    expect(models.length).toBeGreaterThan(20)
    expect(models.find(({ driver }) => driver === 'sam-serial')).toMatchObject({
      kind: 'id-card-reader',
      options: { type: 'object', properties: { path: { type: 'string', description: expect.any(String) } } },
    })
  })

  test('tries it before it is kept, restarts nothing else, and puts the former one back when it is dropped', async () => {
    const before = connections()
    expect((await technician.command({ type: 'try-device', device: vguang })).status).toBe(202)
    const { trial } = await works()
    expect(trial).toMatchObject({ device: vguang, remainingMs: expect.any(Number) })
    expect(device('code-scanner')?.driver).toBe('vguang')
    await technician.command({ type: 'drop-trial' })
    await technician.until(
      ({ trial, devices }) =>
        !trial && devices[1]?.driver === 'line-scanner' && devices[1].state === 'online',
      'the former scanner',
    )
    const others = (all: typeof before) => all.filter(([id]) => id !== 'code-scanner')
    expect(others(connections())).toEqual(others(before))
    expect(await technician.command({ type: 'keep-trial' })).toMatchObject({
      status: 409,
      body: { error: 'nothing-to-keep' },
    })
  })

  test('keeps it on the disk with who and when, in the ledger too, and can undo that', async () => {
    await keep(second)
    expect(device('second-scanner')).toMatchObject({
      state: 'online',
      label: expect.stringContaining('GM65'),
    })
    expect(settingsFile().devices.at(-1)).toEqual(second)
    const [change] = technician.console.changes
    expect(change).toMatchObject({ who: TECHNICIAN.account, what: 'added', devices: ['second-scanner'] })
    const entries = lastRows(join(demo.dataFolder, 'demo-1', 'ledger.sqlite'), 200).map(({ body }) =>
      JSON.parse(body),
    )
    expect(entries).toContainEqual({
      ...{ type: 'setting', name: 'terminal added', who: TECHNICIAN.account },
      version: change?.version,
    })
    await undoNewest()
    expect(settingsFile()).not.toHaveProperty('devices')
    expect(device('second-scanner')).toBeUndefined()
    expect(await technician.command({ type: 'undo', version: change?.version ?? 0 })).toMatchObject({
      body: { error: 'not-newest' },
    })
  })

  test('gives a new device of a simulated terminal its simulator on the bench', async () => {
    await keep(second)
    const plugged = () => demo.screen.bench?.devices.find(({ id }) => id === 'second-scanner')?.plugged
    await expect.poll(plugged).toBe(true)
    await demo.screen.act({ type: 'cable', device: 'second-scanner', plugged: false })
    await technician.until(
      ({ devices }) => devices.find(({ id }) => id === 'second-scanner')?.state === 'powerOff',
      'the pulled cable',
    )
    await technician.command({ type: 'remove-device', device: 'second-scanner' })
    await technician.until(
      ({ devices }) => !devices.some(({ id }) => id === 'second-scanner'),
      'one device less',
    )
    await technician.until(({ changes }) => changes[0]?.what === 'removed', 'the removal in the history')
    expect(technician.console.changes[0]).toMatchObject({ what: 'removed', devices: ['second-scanner'] })
  })

  test('names what is wrong with options, and changes nothing', async () => {
    const wrong = { ...vguang, options: { path: 7, colour: 'red' } }
    const answer = await technician.command({ type: 'try-device', device: wrong })
    expect(answer).toMatchObject({ status: 400, body: { error: 'bad-options' } })
    expect(answer.body.message).toContain('path: found 7; expected string')
    expect(
      (await technician.command({ type: 'try-device', device: { ...vguang, driver: 'toaster' } })).body
        .message,
    ).toContain('found "toaster"')
    expect(device('code-scanner')?.driver).toBe('line-scanner')
  })

  test('drops a trial when the technician leaves', async () => {
    await technician.command({ type: 'try-device', device: vguang })
    await works()
    await technician.command({ type: 'leave' })
    await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')
    expect(technician.console.trial).toBeNull()
    expect(device('code-scanner')).toMatchObject({ driver: 'line-scanner', state: 'online' })
  })
})

describe('The settings as one file', () => {
  const exported = async () => (await technician.get('settings')).body as SettingsFile
  const review = async (file: unknown) =>
    (await technician.post('settings', file)).body as unknown as SettingsReview

  test('are exported, looked at and imported, all or nothing, and undone', async () => {
    const file = await exported()
    expect(file).toMatchObject({ format: 'hall-kiosk-settings-1', terminal: 'demo-1' })
    expect(file.settings.devices).toHaveLength(technician.console.devices.length)
    expect(await review(file)).toEqual({ added: [], changed: [], removed: [], panel: false, faults: [] })
    const devices = [...(file.settings.devices ?? []).filter(({ id }) => id !== 'thermometer'), second]
    const changed: SettingsFile = {
      ...file,
      settings: { devices: devices.map((each) => (each.id === 'code-scanner' ? vguang : each)) },
    }
    expect(await review(changed)).toMatchObject({
      added: ['second-scanner'],
      changed: ['code-scanner'],
      removed: ['thermometer'],
    })
    const before = new Map(connections() as [string, number][])
    expect((await technician.command({ type: 'import-settings', file: changed })).status).toBe(202)
    await technician.until(
      ({ devices }) => devices.at(-1)?.id === second.id && devices.every(({ state }) => state === 'online'),
      'the imported devices',
    )
    expect(technician.console.devices.map(({ id }) => id)).toEqual(
      changed.settings.devices?.map(({ id }) => id),
    )
    for (const id of ['card-reader', 'gate', 'printer'])
      expect(device(id)?.counters.connections).toBe(before.get(id))
    await undoNewest()
    expect((await exported()).settings).toEqual(file.settings)
  })

  test('are refused with every fault named by place, found and expected', async () => {
    const file = await exported()
    const wrong = structuredClone(file)
    const [first, scanner] = wrong.settings.devices ?? []
    if (first) Object.assign(first, { options: { path: true } })
    if (scanner) Object.assign(scanner, { driver: 'toaster' })
    wrong.settings.devices?.push({ ...second, id: 'gate' })
    const { faults } = await review(wrong)
    expect(faults).toEqual([
      'file: settings.devices[6].id: found "gate"; expected an id that no other device has',
      'file: settings.devices[0] "card-reader": options: path: found true; expected string',
      expect.stringContaining('file: settings.devices[1] "code-scanner": driver: found "toaster"'),
    ])
    expect(await technician.command({ type: 'import-settings', file: wrong })).toMatchObject({
      status: 400,
      body: { error: 'bad-file' },
    })
    expect(await exported()).toMatchObject({ settings: file.settings })
    expect((await review({ ...file, terminal: 'west-2' })).faults).toEqual([
      expect.stringContaining('found "west-2"; expected "demo-1": this file is of another terminal'),
    ])
    expect((await review({ ...file, formt: 1 })).faults).toEqual([
      'file: formt: this key is not known; remove or correct it',
    ])
    expect((await review([])).faults).toEqual(['file: (the whole file): found []; expected object'])
  })
})

test('a trial that nobody kept is gone after a power cut; what was kept stays, and can still be undone', async () => {
  const folder = temporaryFolder()
  const start = async () => {
    const program = join(import.meta.dirname, 'support', 'technician-victim.ts')
    const child = fork(program, [folder], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [started] = (await once(child, 'message')) as [Started]
    const client = technicianAt(`http://127.0.0.1:${started.port}`)
    onTestFinished(() => client.close())
    const signedIn = started.technicianUrl.includes('#')
      ? await client.setUp(started.technicianUrl)
      : await client.signIn(TECHNICIAN.account, TECHNICIAN.pin)
    expect(signedIn.status).toBe(200)
    await client.watch()
    await client.until(({ devices }) => devices.every(({ state }) => state === 'online'), 'the devices')
    return { child, client }
  }
  const first = await start()
  await first.client.enter()
  await first.client.command({ type: 'try-device', device: second })
  await first.client.until(({ trial }) => trial?.state === 'works', 'a device that works')
  await first.client.command({ type: 'keep-trial' })
  await first.client.command({ type: 'try-device', device: vguang })
  await first.client.until(({ trial }) => trial?.state === 'works', 'the second trial')
  const ended = once(first.child, 'close')
  first.child.kill('SIGKILL')
  await ended

  const { client } = await start()
  expect(client.console).toMatchObject({ trial: null, vendorMode: { state: 'visitors' } })
  expect(client.console.devices.map(({ driver }) => driver)).toContain('gm65')
  expect(client.console.devices.map(({ driver }) => driver)).not.toContain('vguang')
  const [change] = client.console.changes
  expect(change).toMatchObject({ what: 'added', devices: ['second-scanner'], who: TECHNICIAN.account })
  await client.enter()
  await client.command({ type: 'undo', version: change?.version ?? 0 })
  await client.until(({ devices }) => !devices.some(({ driver }) => driver === 'gm65'), 'the former devices')
}, 60_000)

describe('A password', () => {
  const camera: DeviceSettings = {
    id: 'thermometer',
    driver: 'hikvision-isapi',
    options: {
      host: '127.0.0.1',
      username: 'kiosk',
      password: 'not-for-anybody',
      declaredAmbientCentiCelsius: 2400,
    },
  }
  const marked = { ...camera, options: { ...camera.options, password: '••••••' } }
  const exported = async () => (await technician.get('settings')).body as SettingsFile
  const withCamera = (settings: DeviceSettings[] | undefined = [], other: DeviceSettings) =>
    settings.map((each) => (each.id === other.id ? other : each))

  test('is kept on the disk, and told neither to the console nor to a file that leaves the terminal', async () => {
    await keep(camera)
    expect(settingsFile().devices).toContainEqual(camera)
    expect(device('thermometer')?.options).toEqual(marked.options)
    expect((await exported()).settings.devices).toContainEqual(marked)
    expect(technician.events?.events.map(({ data }) => data).join()).not.toContain('not-for-anybody')
    await undoNewest()
  })

  test('stays as it is when what was exported, or the form that hid it, comes back', async () => {
    await keep(camera)
    const file = await exported()
    const review = (await technician.post('settings', file)).body as unknown as SettingsReview
    expect(review).toMatchObject({ changed: [], faults: [] })
    await keep({ ...marked, options: { ...marked.options, maxAgeMs: 2000 } })
    expect(settingsFile().devices).toContainEqual({
      ...camera,
      options: { ...camera.options, maxAgeMs: 2000 },
    })
    await undoNewest()
    await keep({ id: 'thermometer', driver: 'gy-614v', options: { path: 'simulated' } })
  })

  test('is asked for again where it is not kept', async () => {
    const answer = await technician.command({ type: 'try-device', device: marked })
    expect(answer).toMatchObject({ status: 400, body: { error: 'bad-options' } })
    expect(answer.body.message).toContain('device.options.password')
    const file = await exported()
    const devices = withCamera(file.settings.devices, marked)
    const review = await technician.post('settings', { ...file, settings: { devices } })
    expect((review.body as unknown as SettingsReview).faults.join()).toContain('options.password')
  })
})
