import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Me } from '../../kiosk-agent/api/technician-contract.ts'
import { lastRows } from '../../kiosk-agent/ledger/verify.ts'
import { createSignIns } from '../../kiosk-agent/technician/sign-ins.ts'
import { startDemoTerminal } from '../support/demo-terminal.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { TECHNICIAN, technicianAt } from '../support/technician-client.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

async function demoTerminal(options: Parameters<typeof startDemoTerminal>[0] = {}) {
  const demo = await startDemoTerminal(options)
  onTestFinished(() => demo[Symbol.asyncDispose]())
  const client = () => {
    const made = technicianAt(`http://127.0.0.1:${demo.terminal.port}`)
    onTestFinished(() => made.close())
    return made
  }
  const entries = () =>
    lastRows(join(demo.dataFolder, 'demo-1', 'ledger.sqlite'), 500).map(({ body }) => body)
  return { demo, client, entries }
}
const lin = { account: 'lin', name: 'Lin', pin: '135791' }

describe('Signing in to the technician’s console', () => {
  test('begins with the printed link, once; after that the terminal prints only the address', async () => {
    const { demo, client } = await demoTerminal()
    const url = demo.terminal.technicianUrl()
    expect(url).toMatch(/\/technician#setup=[\w-]{43}$/)
    const first = client()
    expect((await first.signIn('wu', '246810')).body).toEqual({ error: 'no-accounts' })
    expect((await first.setUp(url.replace(/.$/, '.'))).body).toEqual({ error: 'token' })
    expect((await first.setUp(url, { account: 'wu', name: 'Wu', pin: '1234' })).status).toBe(400)
    expect(await first.setUp(url)).toMatchObject({
      status: 200,
      body: { account: 'wu', mustChangePin: false },
    })
    expect((await first.get('me')).body).toMatchObject({ account: 'wu', role: 'technician' })
    expect((await client().setUp(url, lin)).body).toEqual({ error: 'token' })
    expect(demo.terminal.technicianUrl()).toMatch(/\/technician$/)
  })

  test('survives no restart, asks the PIN again, and keeps its cookie from the visitor’s screen', async () => {
    const dataFolder = temporaryFolder()
    const one = await demoTerminal({ dataFolder })
    const technician = one.client()
    await technician.setUp(one.demo.terminal.technicianUrl())
    expect(
      (
        await fetch(`http://127.0.0.1:${one.demo.terminal.port}/api/technician/me`, {
          headers: { cookie: one.demo.screen.cookie },
        })
      ).status,
    ).toBe(401)
    await one.demo.terminal.close()
    const { demo, client } = await demoTerminal({ dataFolder })
    const again = client()
    expect(demo.terminal.technicianUrl()).toMatch(/\/technician$/)
    expect((await again.get('me')).status).toBe(401)
    expect(await again.signIn('wu', TECHNICIAN.pin)).toMatchObject({ status: 200, body: { account: 'wu' } })
    expect((await again.post('sign-out', {})).status).toBe(204)
    expect((await again.get('me')).status).toBe(401)
  })

  test('locks the account after wrong PINs, and neither another account nor a visitor waits for it', async () => {
    const { demo, client, entries } = await demoTerminal()
    const wu = client()
    await wu.setUp(demo.terminal.technicianUrl())
    await wu.command({ type: 'add-account', ...lin, role: 'technician' })
    const guesser = client()
    const answers: unknown[] = []
    for (let guess = 0; guess < 5; guess++) answers.push((await guesser.signIn('wu', '000000')).body.error)
    expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'locked', 'locked'])
    expect((await guesser.signIn('wu', TECHNICIAN.pin)).body).toMatchObject({ error: 'locked' })
    expect((await client().signIn('lin', lin.pin)).status).toBe(200)
    await demo.screen.act({ type: 'lay-card', person: 'li' })
    await demo.screen.until(({ session }) => session !== null, 'a visitor’s session')
    const written = entries().filter((body) => body.includes('"wrong"'))
    expect(written).toHaveLength(3)
  })

  test('makes whoever got a PIN from somebody else choose another before anything else', async () => {
    const { demo, client } = await demoTerminal()
    const wu = client()
    await wu.setUp(demo.terminal.technicianUrl())
    await wu.command({ type: 'add-account', ...lin, role: 'technician' })
    const other = client()
    expect((await other.signIn('lin', lin.pin)).body).toMatchObject({ mustChangePin: true })
    expect(await other.command({ type: 'enter', when: 'now' })).toMatchObject({
      status: 403,
      body: { error: 'must-change-pin' },
    })
    const change = { type: 'change-own-pin', pin: lin.pin, newPin: '864209' } as const
    expect((await other.command({ ...change, pin: '111111' })).body).toMatchObject({ error: 'wrong-pin' })
    expect((await other.command(change)).status).toBe(202)
    expect((await other.command({ type: 'enter', when: 'now' })).status).toBe(202)
  })

  test('lets one technician have the terminal and others watch; a disabled one is out at once', async () => {
    const { demo, client } = await demoTerminal()
    const [wu, other] = [client(), client()]
    await wu.setUp(demo.terminal.technicianUrl())
    await wu.watch()
    await wu.command({ type: 'add-account', ...lin, role: 'technician' })
    await other.signIn('lin', lin.pin)
    await other.command({ type: 'change-own-pin', pin: lin.pin, newPin: '864209' })
    await other.watch()
    await wu.enter()
    await other.until(({ vendorMode }) => vendorMode.by === 'Wu', 'who has the terminal')
    expect(await other.command({ type: 'enter', when: 'now' })).toMatchObject({
      status: 409,
      body: { error: 'busy' },
    })
    expect((await other.command({ type: 'leave' })).body).toMatchObject({ error: 'busy' })
    expect((await other.command({ type: 'remove-device', device: 'gate' })).status).toBe(403)
    expect((await wu.command({ type: 'disable-account', account: 'wu', disabled: true })).status).toBe(202)
    expect((await wu.get('me')).status).toBe(401)
    expect(await other.command({ type: 'disable-account', account: 'lin', disabled: true })).toMatchObject({
      body: { error: 'last-account' },
    })
    await other.until(({ vendorMode }) => vendorMode.state === 'visitors', 'the terminal that nobody has')
  })

  test('staff accounts are for other screens', async () => {
    const { demo, client } = await demoTerminal()
    const wu = client()
    await wu.setUp(demo.terminal.technicianUrl())
    await wu.command({ type: 'add-account', account: 'he', name: 'He', role: 'staff', pin: lin.pin })
    expect(await client().signIn('he', lin.pin)).toMatchObject({
      status: 401,
      body: { error: 'not-technician' },
    })
  })

  test('a link for a forgotten PIN gives the account a new one, and says so in the ledger', async () => {
    const dataFolder = temporaryFolder()
    const one = await demoTerminal({ dataFolder })
    await one.client().setUp(one.demo.terminal.technicianUrl())
    await one.demo.terminal.close()
    const { demo, client, entries } = await demoTerminal({ dataFolder, recoverTechnician: true })
    const url = demo.terminal.technicianUrl()
    expect((await client().setUp(url, { ...TECHNICIAN, pin: '112233' })).status).toBe(200)
    expect((await client().signIn('wu', TECHNICIAN.pin)).body.error).toBe('wrong')
    expect((await client().signIn('wu', '112233')).status).toBe(200)
    expect(entries().some((body) => body.includes('"recovered"'))).toBe(true)
  })

  test('no PIN, hash or token is in ledger, log or any answer', async () => {
    const { demo, client, entries } = await demoTerminal()
    const wu = client()
    const url = demo.terminal.technicianUrl()
    const answers: unknown[] = [await wu.setUp(url)]
    await wu.watch()
    answers.push(await wu.command({ type: 'add-account', ...lin, role: 'technician' }))
    answers.push(await client().signIn('wu', '918273645'), await client().signIn('918273645', '918273645'))
    answers.push(await wu.get('me'), await wu.get('settings'), wu.console)
    const all = JSON.stringify([answers, entries(), demo.logged, wu.events?.events])
    for (const secret of [TECHNICIAN.pin, lin.pin, '918273645', 'scrypt', url.split('=')[1] ?? ''])
      expect(all.includes(secret), secret.slice(0, 3)).toBe(false)
  })
})

describe('A sign-in', () => {
  const wu: Me = { account: 'wu', name: 'Wu', role: 'technician', mustChangePin: false }
  function signIns() {
    const clock = fakeClock()
    const told: string[] = []
    const made = createSignIns({
      terminalId: 't-1',
      clock,
      onTimedOut: ({ account }) => told.push(`${account} timed out`),
      onLost: (account) => told.push(`${account} lost`),
    })
    onTestFinished(() => made.close())
    let cookie = ''
    const response = {
      cookie(name: string, value: string) {
        cookie = `${name}=${value}`
      },
    }
    made.begin(wu, response as never)
    return {
      clock,
      told,
      made,
      find: (touch: boolean) => made.find(`other=1; ${cookie}`, touch),
      cookie: () => cookie,
    }
  }

  test('ends after a quarter of an hour without a touch, though its page is open', async () => {
    const { clock, find, told } = signIns()
    await clock.advance(14 * 60_000)
    expect(find(true)?.me).toEqual(wu)
    await clock.advance(14 * 60_000)
    expect(find(false)?.me).toEqual(wu)
    await clock.advance(60_000)
    expect(find(true)).toBeUndefined()
    await clock.advance(5000)
    expect(told).toContain('wu timed out')
  })

  test('ends after eight hours of work', async () => {
    const { clock, find } = signIns()
    for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
      await clock.advance(10 * 60_000)
      expect(find(true), `after ${minutes} minutes`).toBeDefined()
    }
    await clock.advance(10 * 60_000)
    expect(find(true)).toBeUndefined()
  })

  test('is told as lost when its page has been closed for a minute, and not a moment before', async () => {
    const { clock, made, find, told } = signIns()
    const signedIn = find(true)
    let close = () => {}
    const stream = {
      on(_: string, listener: () => void) {
        close = listener
      },
      end: () => {},
    }
    if (signedIn) made.watch(signedIn, stream as never)
    await clock.advance(5 * 60_000)
    expect(told).toEqual([])
    close()
    await clock.advance(50_000)
    expect(told).toEqual([])
    await clock.advance(20_000)
    expect(told).toContain('wu lost')
  })

  test('is found by its own cookie only, named after terminal and role', () => {
    const { made, cookie } = signIns()
    expect(cookie()).toMatch(/^hall-kiosk-t-1-technician=[\w-]{43}$/)
    expect(made.find(cookie().replace('-technician', '-visitor'), true)).toBeUndefined()
    expect(made.find(`${cookie()}x`, true)).toBeUndefined()
    expect(made.find(undefined, true)).toBeUndefined()
  })
})
