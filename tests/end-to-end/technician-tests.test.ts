import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Console, TestName, TestRun } from '../../kiosk-agent/api/technician-contract.ts'
import { demoPeople } from '../../kiosk-agent/bench/people.ts'
import { entrySchema } from '../../kiosk-agent/ledger/entries.ts'
import { isSigned } from '../../kiosk-agent/ledger/proof-signature.ts'
import { lastRows } from '../../kiosk-agent/ledger/verify.ts'
import { parseTrace } from '../../kiosk-agent/technician/wire/trace-format.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { replay } from '../support/replay-trace.ts'
import { TECHNICIAN, type TechnicianClient, technicianAt } from '../support/technician-client.ts'

let demo: DemoTerminal
let dataFolder: string
let technician: TechnicianClient

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'hall-kiosk-'))
  demo = await startDemoTerminal({ dataFolder })
  technician = technicianAt(`http://127.0.0.1:${demo.terminal.port}`)
  await technician.setUp(demo.terminal.technicianUrl())
  await technician.watch()
  await technician.enter()
}, 30_000)
afterAll(async () => {
  technician.close()
  await demo[Symbol.asyncDispose]()
  await rm(dataFolder, { recursive: true, force: true })
})

const entries = () =>
  lastRows(join(demo.dataFolder, 'demo-1', 'ledger.sqlite'), 300).map(({ body }) =>
    entrySchema.parse(JSON.parse(body)),
  )

const settled = ['passed', 'failed', 'cancelled']

async function begin(device: string, name: TestName, more: { referenceCentiCelsius?: number } = {}) {
  // What an earlier test of this file left is none of this one's business.
  await technician.command({ type: 'cancel-test' })
  await technician.until(({ test: run }) => !run || settled.includes(run.state), 'the end of what ran')
  const answer = await technician.command({ type: 'run-test', device, test: name, ...more })
  expect(answer).toMatchObject({ status: 202 })
}

const asks = (what: TestRun['ask']) => technician.until(({ test: run }) => run?.ask === what, `${what}`)

async function ended(device: string): Promise<TestRun> {
  const { test: run } = await technician.until(
    ({ test: each }) => each?.device === device && settled.includes(each.state),
    `the end of the test of ${device}`,
  )
  return run as TestRun
}

const codes = (run: TestRun) => run.findings.map(({ code }) => code)

describe('A technician at the demo terminal', { timeout: 60_000 }, () => {
  test('prints a test slip and reads its code back', async () => {
    await begin('printer', 'print-slip')
    await asks('scan-slip')
    const slip = entries().findLast((entry) => entry.type === 'test-slip')
    expect(slip).toMatchObject({ by: TECHNICIAN.account, device: 'printer' })
    await demo.screen.act({ type: 'show-code', code: slip?.type === 'test-slip' ? slip.slipCode : '' })
    const run = await ended('printer')
    expect(run.state).toBe('passed')
    expect(codes(run)).toEqual(['slip-printed', 'own-code-read'])
  })

  test('reads a card and a code, of which nothing is told', async () => {
    const [li] = demoPeople
    await begin('card-reader', 'read-card')
    await asks('lay-card')
    await demo.screen.act({ type: 'lay-card', person: 'li' })
    const card = await ended('card-reader')
    expect(card.state).toBe('passed')
    expect(JSON.stringify(card)).not.toContain(li?.card.idNumber)
    await demo.screen.act({ type: 'take-card' })
    await begin('code-scanner', 'read-code')
    await asks('show-code')
    // A head tells two codes only some time apart, and the slip's was a moment ago.
    await sleep(400)
    await demo.screen.act({ type: 'show-code', code: 'YKMDEMO:li' })
    const code = await ended('code-scanner')
    expect(codes(code)).toEqual(['code-read', 'not-own-code'])
    expect(JSON.stringify(code)).not.toContain('YKMDEMO')
  })

  test('pulses the gate, is seen to walk through, and the ledger knows whose pulse it was', async () => {
    await begin('gate', 'pulse-gate')
    await asks('walk-through')
    await demo.screen.act({ type: 'walk-through' })
    expect(codes(await ended('gate'))).toEqual(['pulse-confirmed', 'passed'])
    const pulses = () =>
      entries().flatMap((entry) => (entry.type === 'test-pulse' ? [`${entry.state} by ${entry.by}`] : []))
    const by = TECHNICIAN.account
    await vi.waitFor(
      () => expect(pulses()).toEqual([`ordered by ${by}`, `confirmed by ${by}`, `passed by ${by}`]),
      10_000,
    )
    expect(entries().some(({ type }) => type === 'grant')).toBe(false)
  })

  test('opens nothing while the fire alarm sounds', async () => {
    await demo.screen.act({ type: 'fire', active: true })
    await demo.screen.until(({ service }) => service.state === 'emergency', 'the emergency')
    expect(await technician.command({ type: 'run-test', device: 'gate', test: 'pulse-gate' })).toMatchObject({
      status: 409,
      body: { error: 'fire' },
    })
    await demo.screen.act({ type: 'fire', active: false })
    await demo.screen.until(({ service }) => service.state !== 'emergency', 'the end of it')
  })

  test('compares the thermometer, and the kept correction is what it measures by', async () => {
    await demo.screen.act({ type: 'set-temperature', centiCelsius: 3620 })
    await begin('thermometer', 'compare-temperature', { referenceCentiCelsius: 3680 })
    const run = await ended('thermometer')
    expect(codes(run)).toEqual(['temperature-measured', 'temperature-differs'])
    expect(Math.abs((run.offsetCentiCelsius ?? 0) - 60)).toBeLessThanOrEqual(8)
    expect(await technician.command({ type: 'keep-offset' })).toMatchObject({ status: 202 })
    const offsetIn = ({ devices }: Console) => devices.find(({ id }) => id === 'thermometer')?.options.offset
    const console = await technician.until((now) => offsetIn(now) !== undefined, 'the kept correction')
    expect(offsetIn(console)).toMatchObject({
      centiCelsius: run.offsetCentiCelsius,
      by: TECHNICIAN.account,
    })
    expect(console.changes[0]).toMatchObject({ what: 'offset', who: TECHNICIAN.account })
    await technician.until(
      ({ devices: now }) => now.every(({ state }) => state === 'online'),
      'the thermometer with its correction',
    )
  })

  test('sees the lights, and the call button', async () => {
    await begin('auxiliaries', 'lights-and-inputs')
    await asks('watch-lights')
    await technician.until(
      ({ test: run }) => run?.findings.some(({ code }) => code === 'light-lit') ?? false,
      'a light',
    )
    await technician.command({ type: 'cancel-test' })
    expect((await ended('auxiliaries')).state).toBe('cancelled')
  })

  test('watches the wire of the reader, records it, and the trace replays', async () => {
    const [li] = demoPeople
    const frames = await technician.stream('wire/card-reader')
    expect(await technician.command({ type: 'record', device: 'card-reader', on: true })).toMatchObject({
      status: 202,
    })
    await technician.until(({ recording }) => recording.includes('card-reader'), 'the recording')
    await technician.until(({ devices }) => devices.every(({ state }) => state === 'online'), 'the reader')
    await demo.screen.act({ type: 'lay-card', person: 'li' })
    const seen = () =>
      frames.events
        .filter(({ event }) => event === 'frames')
        .map(({ data }) => data)
        .join('\n')
    await vi.waitFor(() => expect(seen()).toContain('card data (1284 bytes)'), 10_000)
    await technician.command({ type: 'record', device: 'card-reader', on: false })
    const { traces } = await technician.until(({ traces: list }) => list.length === 1, 'the trace')
    const { status, text } = await technician.download(`traces/${traces[0]?.name}`)
    expect(status).toBe(200)
    for (const told of [seen(), text])
      for (const form of [
        li?.card.idNumber ?? '',
        Buffer.from(li?.card.name ?? '', 'utf16le').toString('hex'),
      ])
        expect(told.includes(form)).toBe(false)
    const trace = parseTrace(text)
    const { events } = await replay(trace, fakeClock(Date.parse(trace.header.at)))
    expect(events).toContainEqual(expect.objectContaining({ type: 'card' }))
    const folder = join(demo.dataFolder, 'demo-1', 'traces')
    expect(statSync(join(folder, readdirSync(folder)[0] ?? '')).mode & 0o777).toBe(0o600)
    await technician.command({ type: 'delete-trace', name: traces[0]?.name ?? '' })
    expect(readdirSync(folder)).toEqual([])
    expect((await technician.download(`traces/${traces[0]?.name}`)).status).toBe(404)
    expect((await technician.get('wire/nobody')).status).toBe(404)
    frames.close()
    await demo.screen.act({ type: 'take-card' })
  })

  test('proves the terminal by button; the result is signed into the ledger', async () => {
    expect(await technician.command({ type: 'run-proof' })).toMatchObject({ status: 202 })
    const { proof } = await technician.until(({ proof: each }) => each.last !== undefined, 'the proof')
    const results = proof.last?.checks.map(({ check, device, result }) => [device ?? check, result])
    expect(Object.fromEntries(results ?? [])).toMatchObject({
      'card-reader': 'good',
      gate: 'good',
      printer: 'good',
      clock: 'good',
      ledger: 'good',
      certificate: 'not-applicable',
    })
    expect(proof.last?.by).toBe(TECHNICIAN.account)
    const entry = await vi.waitFor(() => {
      const found = entries().findLast(({ type }) => type === 'morning-proof')
      if (found?.type !== 'morning-proof') throw new Error('not written yet')
      return found
    }, 10_000)
    expect(isSigned(entry)).toBe(true)
    expect(isSigned({ ...entry, fitness: 'limited' })).toBe(entry.fitness === 'limited')
    expect(entry).toMatchObject({ signature: proof.last?.signature, publicKey: proof.last?.publicKey })
  })
})

test('The result of the last proof is known again after a restart', async () => {
  const last = technician.console.proof.last
  technician.close()
  await demo[Symbol.asyncDispose]()
  demo = await startDemoTerminal({ dataFolder })
  technician = technicianAt(`http://127.0.0.1:${demo.terminal.port}`)
  await technician.signIn(TECHNICIAN.account, TECHNICIAN.pin)
  await technician.watch()
  expect(technician.console.proof).toEqual({ running: false, last })
}, 30_000)
