import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lastRows } from '../../kiosk-agent/ledger/verify.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'
import { TECHNICIAN, type TechnicianClient, technicianAt } from '../support/technician-client.ts'

let demo: DemoTerminal
let technician: TechnicianClient
const origin = () => `http://127.0.0.1:${demo.terminal.port}`

beforeAll(async () => {
  demo = await startDemoTerminal()
  technician = technicianAt(origin())
  expect((await technician.setUp(demo.terminal.technicianUrl())).status).toBe(200)
  await technician.watch()
})
afterAll(async () => {
  technician.close()
  await demo[Symbol.asyncDispose]()
})
afterEach(async () => {
  await technician.command({ type: 'leave', force: true })
  await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')
})

/** A visitor whose card was read; `rest` gives what else the door asks for. */
async function visitor() {
  const { screen } = demo
  await screen.act({ type: 'reset' })
  await screen.act({ type: 'set-temperature', centiCelsius: 3650 })
  await screen.act({ type: 'lay-card', person: 'li' })
  const { session } = await screen.until(({ session }) => session !== null, 'a session')
  return { id: session?.id ?? '' }
}

describe('The technician’s console', () => {
  test('is shut to whoever is not signed in', async () => {
    const stranger = technicianAt(origin())
    for (const path of ['me', 'events', 'models', 'settings'])
      expect((await fetch(`${origin()}/api/technician/${path}`)).status).toBe(401)
    expect((await stranger.command({ type: 'enter', when: 'now' })).status).toBe(401)
  })

  test('shows every device with state, address, facts and counters', async () => {
    const { devices } = technician.console
    const ids = ['card-reader', 'code-scanner', 'thermometer', 'gate', 'printer', 'auxiliaries']
    expect(devices.map(({ id, state }) => [id, state])).toEqual(ids.map((id) => [id, 'online']))
    expect(devices[0]).toMatchObject({
      driver: 'sam-serial',
      address: 'serial simulated',
      facts: { samNumber: expect.stringContaining('-') },
      counters: { connections: 1, errors: 0 },
    })
    expect(devices.find(({ id }) => id === 'thermometer')?.facts).toMatchObject({
      firmware: expect.stringMatching(/^\d+$/),
    })
    expect(devices.find(({ id }) => id === 'gate')?.facts).toMatchObject({ seesFire: 'true', fire: 'false' })
  })

  test('tells that whoever set the account up is signed in', () => {
    expect(technician.console.accounts).toMatchObject([
      { id: TECHNICIAN.account, lastSignIn: expect.any(String) },
    ])
  })

  test('proves printer and scanner with one slip, which the bench holds before the scanner', async () => {
    await technician.enter()
    await technician.command({ type: 'run-test', device: 'printer', test: 'print-slip' })
    await technician.until(({ test }) => test?.ask === 'scan-slip', 'a slip to scan')
    const [slip] = demo.screen.bench?.slips ?? []
    await demo.screen.act({ type: 'scan-slip', slip: slip?.id ?? '' })
    const { test: run } = await technician.until(({ test }) => test?.state === 'passed', 'a test passed')
    expect(run?.findings.map(({ code }) => code)).toContain('own-code-read')
  })

  test('takes no work on devices before the terminal was handed over', async () => {
    const device = { id: 'gate', driver: 'modbus-relay', options: { path: 'simulated' } }
    expect(await technician.command({ type: 'try-device', device })).toMatchObject({
      status: 403,
      body: { error: 'not-in-vendor-mode' },
    })
    expect((await technician.post('commands', { type: 'open-sesame' })).status).toBe(400)
  })

  test('ends the session of the visitor who is there, says so on the screen, and gives the terminal back', async () => {
    await visitor()
    await technician.enter()
    expect(technician.console.vendorMode).toMatchObject({ state: 'active', by: TECHNICIAN.name })
    await demo.screen.until(
      ({ service, session }) => service.state === 'maintenance' && !session,
      'the sign that it is being serviced',
    )
    await demo.screen.act({ type: 'take-card' })
    await demo.screen.act({ type: 'lay-card', person: 'zhang' })
    await technician.until(
      ({ devices }) => (devices.find(({ id }) => id === 'card-reader')?.counters.cards ?? 0) >= 2,
      'the second card',
    )
    expect(demo.screen.snapshot.session).toBeNull()
    await demo.screen.act({ type: 'take-card' })
    await technician.command({ type: 'leave' })
    await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')
    await demo.screen.until(({ service }) => service.state === 'in-service', 'service again')
  })

  test('waits for the visitor who is there until that one has gone through the gate, and lets nobody else begin', async () => {
    const { id } = await visitor()
    await technician.command({ type: 'enter', when: 'after-visitor' })
    await technician.until(({ vendorMode }) => vendorMode.state === 'entering', 'waiting')
    await demo.screen.act({ type: 'show-code', code: 'YKMDEMO:li' })
    await demo.screen.send({ type: 'attest-mask', about: id })
    await demo.screen.until(
      ({ outcome }) => outcome?.decision === 'admit' && outcome.lane === 'open',
      'admission',
    )
    expect(technician.console.vendorMode.state).toBe('entering')
    await demo.screen.act({ type: 'take-card' })
    await demo.screen.act({ type: 'lay-card', person: 'zhang' })
    await demo.screen.act({ type: 'walk-through' })
    const { outcome } = await demo.screen.until(({ outcome }) => outcome?.lane === 'passed', 'the passage')
    await demo.screen.send({ type: 'dismiss-outcome', about: outcome?.id ?? null })
    await technician.until(({ vendorMode }) => vendorMode.state === 'active', 'the terminal')
    expect(demo.screen.snapshot.session).toBeNull()
    await demo.screen.act({ type: 'take-card' })
  })

  test('gives the terminal back only when the devices are ready, or when the technician does not want to wait', async () => {
    const cable = (plugged: boolean) => demo.screen.act({ type: 'cable', device: 'thermometer', plugged })
    await technician.enter()
    await cable(false)
    await technician.until(
      ({ devices }) => devices.some(({ state }) => state !== 'online'),
      'the pulled cable',
    )
    await technician.command({ type: 'leave' })
    await technician.until(
      ({ vendorMode }) => vendorMode.waitingFor?.[0] === 'thermometer',
      'what it waits for',
    )
    expect(demo.screen.snapshot.service.state).toBe('maintenance')
    await cable(true)
    await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')

    await technician.enter()
    await cable(false)
    await technician.until(
      ({ devices }) => devices.some(({ state }) => state !== 'online'),
      'the pulled cable',
    )
    await technician.command({ type: 'leave' })
    await technician.until(({ vendorMode }) => vendorMode.state === 'exiting', 'waiting')
    await technician.command({ type: 'leave', force: true })
    await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')
    await demo.screen.until(({ service }) => service.state === 'limited', 'service without temperatures')
    await cable(true)
    await demo.screen.until(({ service }) => service.state === 'in-service', 'whole service')
  })

  test('is not to be had while it burns', async () => {
    await demo.screen.act({ type: 'fire', active: true })
    await demo.screen.until(({ service }) => service.state === 'emergency', 'the fire')
    expect(await technician.command({ type: 'enter', when: 'now' })).toMatchObject({
      status: 409,
      body: { error: 'fire' },
    })
    await demo.screen.act({ type: 'fire', active: false })
    await demo.screen.until(({ service }) => service.state === 'in-service', 'the end of the fire')
    await technician.enter()
    await demo.screen.act({ type: 'fire', active: true })
    await demo.screen.until(({ service }) => service.state === 'emergency', 'the fire before the maintenance')
    await demo.screen.act({ type: 'fire', active: false })
    await demo.screen.until(({ service }) => service.state === 'maintenance', 'maintenance again')
  })

  test('writes every handover down with the account', async () => {
    await technician.enter()
    await technician.command({ type: 'leave' })
    await technician.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the visitors’ turn')
    const handovers = () =>
      lastRows(join(demo.dataFolder, 'demo-1', 'ledger.sqlite'), 100)
        .map(({ body }) => JSON.parse(body))
        .filter(({ type }) => type === 'vendor-mode')
        .slice(-4)
    await expect
      .poll(() => handovers().map(({ state, by }) => [state, by]))
      .toEqual([
        ['entering', TECHNICIAN.account],
        ['active', TECHNICIAN.account],
        ['exiting', TECHNICIAN.account],
        ['visitors', TECHNICIAN.account],
      ])
  })
})
