import { spawnSync } from 'node:child_process'
import { createSecretKey, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../devices/lib/clock.ts'
import { fit, type Unfit } from '../../kiosk-agent/entry/view.ts'
import { isSigned, type ProofEntry, proofSigner } from '../../kiosk-agent/ledger/proof-signature.ts'
import { verifyProofs } from '../../kiosk-agent/ledger/verify.ts'
import { checkCertificate } from '../../kiosk-agent/technician/proof/certificate-check.ts'
import type { Check } from '../../kiosk-agent/technician/proof/check.ts'
import { checkClock } from '../../kiosk-agent/technician/proof/clock-check.ts'
import { checkDisk } from '../../kiosk-agent/technician/proof/disk-check.ts'
import { fitnessOf, unfitBy } from '../../kiosk-agent/technician/proof/fitness.ts'
import { checkLedger, verifyInThread } from '../../kiosk-agent/technician/proof/ledger-check.ts'
import { createMorningProof } from '../../kiosk-agent/technician/proof/morning-proof.ts'
import { dueSince } from '../../kiosk-agent/technician/proof/schedule.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { ledgerIn, setting, temporaryFolder } from './support/ledger-fixture.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** 2026-03-02 07:00 of the hall. */
const SEVEN = Date.UTC(2026, 2, 1, 23, 0, 0)
const good: Check = { check: 'disk', result: 'good', findings: [] }
const found = (check: string, result: Check['result'], code: Check['findings'][number]['code']): Check => ({
  check,
  result,
  findings: [{ code, values: {}, ok: result === 'good' }],
})
const signer = () => proofSigner(createSecretKey(randomBytes(32)))

function bench({ schedule = '07:30' as string | null, at = SEVEN } = {}) {
  const clock = fakeClock(at)
  const state = { idle: true, serviced: false, checks: [good] as Check[], ledgerBroken: false }
  const proofs: ProofEntry[] = []
  const unfits: Unfit[] = []
  let looks = 0
  const proof = createMorningProof({
    terminalId: 'east-1',
    schedule: schedule ?? undefined,
    utcOffsetMinutes: 480,
    clock,
    log: () => {},
    signer: signer(),
    async look() {
      looks++
      await clock.sleep(1000)
      return state.checks
    },
    isIdle: (by) => state.idle && (by !== 'schedule' || !state.serviced),
    head: () => ({ seq: 2, hash: 'ab'.repeat(32) }),
    async record(entry) {
      if (state.ledgerBroken) throw new Error('disk full')
      proofs.push(entry)
    },
    onUnfit: (unfit) => unfits.push(unfit),
    onChange: () => {},
  })
  onTestFinished(() => void proof.close())
  return { clock, proof, proofs, state, unfits, looks: () => looks }
}

describe('The morning proof', () => {
  test('runs at its time of the hall, once a day, and is signed', async () => {
    const { clock, proof, proofs } = bench()
    proof.start({ ...(await oldProof(SEVEN - HOUR)) })
    await clock.advance(29 * MINUTE)
    expect(proofs).toHaveLength(0)
    await clock.advance(3 * MINUTE)
    expect(proofs).toMatchObject([{ by: 'schedule', fitness: 'fit', terminalId: 'east-1' }])
    expect(proofs[0]?.at.slice(0, 16)).toBe('2026-03-02T07:30')
    expect(proofs.every(isSigned)).toBe(true)
    await clock.advance(12 * HOUR)
    expect(proofs).toHaveLength(1)
    await clock.advance(12 * HOUR)
    expect(proofs).toHaveLength(2)
  })

  test('that was missed because the machine was off is made up for at the start', async () => {
    const { clock, proof, proofs } = bench({ at: SEVEN + 3 * HOUR })
    proof.start(await oldProof(SEVEN - 20 * HOUR))
    await clock.advance(5000)
    expect(proofs).toHaveLength(1)
  })

  test('waits until nobody is at the terminal', async () => {
    const { clock, proof, proofs, state } = bench({ at: SEVEN + HOUR })
    state.idle = false
    proof.start(undefined)
    await clock.advance(10 * MINUTE)
    expect(proof.running).toBe(true)
    expect(proofs).toHaveLength(0)
    state.idle = true
    await clock.advance(5000)
    expect(proofs).toHaveLength(1)
    expect(proof.running).toBe(false)
  })

  test('by the clock waits for a technician who has the terminal; by button it does not', async () => {
    const { clock, proof, proofs, state } = bench({ at: SEVEN + HOUR })
    state.serviced = true
    proof.start(undefined)
    await clock.advance(MINUTE)
    expect(proofs).toEqual([])
    state.serviced = false
    await clock.advance(MINUTE)
    expect(proofs).toHaveLength(1)
    state.serviced = true
    proof.run('ada')
    await clock.advance(MINUTE)
    expect(proofs).toMatchObject([{ by: 'schedule' }, { by: 'ada' }])
  })

  test('by button says whose button it was, and two presses are one proof', async () => {
    const { clock, proof, proofs } = bench({ schedule: null })
    proof.start(undefined)
    await clock.advance(HOUR * 30)
    expect(proofs).toHaveLength(0)
    expect(proof.run('ada')).toBe(true)
    expect(proof.run('ada')).toBe(false)
    await clock.advance(5000)
    expect(proofs).toMatchObject([{ by: 'ada' }])
  })

  test('holds what nothing tells from moment to moment until the next one, also over a restart', async () => {
    const { clock, proof, unfits, state } = bench()
    state.checks = [found('clock', 'bad', 'clock-before-ledger')]
    proof.run('ada')
    await clock.advance(5000)
    expect(unfits.at(-1)).toEqual({ shut: ['clock-wrong'], limited: [] })
    state.checks = [good]
    proof.run('ada')
    await clock.advance(5000)
    expect(unfits.at(-1)).toEqual(fit)

    const again = bench()
    const damaged = {
      ...(await oldProof(SEVEN - MINUTE)),
      checks: [found('ledger', 'bad', 'ledger-damaged')],
    }
    again.proof.start(damaged)
    expect(again.unfits).toEqual([{ shut: ['record-damaged'], limited: [] }])
  })

  test('holds although the ledger does not take it, and is not tried every few seconds', async () => {
    const { clock, proof, state, unfits, looks } = bench({ at: SEVEN + HOUR })
    state.ledgerBroken = true
    state.checks = [found('disk', 'bad', 'disk-full')]
    proof.start(undefined)
    await clock.advance(30 * MINUTE)
    expect(looks()).toBe(1)
    expect(unfits.at(-1)).toEqual({ shut: ['disk-full'], limited: [] })
  })
})

async function oldProof(at: number): Promise<ProofEntry> {
  return signer().sign({
    type: 'morning-proof',
    terminalId: 'east-1',
    at: new Date(at).toISOString(),
    by: 'schedule',
    fitness: 'fit',
    checks: [],
    head: { seq: 1, hash: '00'.repeat(32) },
  })
}

describe('What a proof finds decides', () => {
  test.each([
    [[good], 'fit'],
    [[good, found('device', 'limited', 'not-online')], 'limited'],
    [[found('paper', 'limited', 'slips-left')], 'limited'],
    [
      [good, found('ledger', 'bad', 'ledger-damaged'), found('disk', 'limited', 'disk-nearly-full')],
      'out-of-service',
    ],
  ] as const)('%# how fit the terminal is', (checks, fitness) => {
    expect(fitnessOf(checks)).toBe(fitness)
  })

  test('and a device that was away leaves nothing behind: it may be back', () => {
    const checks = [
      found('device', 'bad', 'not-online'),
      found('device', 'limited', 'printer-fault'),
      found('paper', 'limited', 'slips-left'),
    ]
    expect(unfitBy({ checks })).toEqual(fit)
  })

  test('a clock that differs by hours shuts, one that differs by minutes asks for care', () => {
    expect(unfitBy({ checks: [found('clock', 'bad', 'clock-differs')] }).shut).toEqual(['clock-wrong'])
    expect(unfitBy({ checks: [found('clock', 'limited', 'clock-differs')] })).toEqual({
      shut: [],
      limited: ['needs-care'],
    })
  })
})

describe('The clock', () => {
  const facts = {
    now: SEVEN,
    builtAt: SEVEN - HOUR,
    ledgerAt: SEVEN - MINUTE,
    gatewayAt: undefined,
    machineOffsetMinutes: 480,
    hallOffsetMinutes: 480,
  }
  test.each([
    ['is plausible', {}, 'good', 'clock-plausible'],
    ['before the software was installed is wrong', { now: SEVEN - 3 * HOUR }, 'bad', 'clock-before-build'],
    ['before the last entry is wrong', { ledgerAt: SEVEN + HOUR }, 'bad', 'clock-before-ledger'],
    ['minutes off the gateway needs care', { gatewayAt: SEVEN + 5 * MINUTE }, 'limited', 'clock-differs'],
    ['hours off the gateway is wrong', { gatewayAt: SEVEN - 5 * HOUR }, 'bad', 'clock-differs'],
    ['of another zone is only noted', { machineOffsetMinutes: 0 }, 'good', 'zone-differs'],
  ] as const)('%s', async (_, change, result, code) => {
    const checked = await checkClock({ ...facts, ...change })
    expect(checked.result).toBe(result)
    expect(checked.findings.map((each) => each.code)).toContain(code)
  })
})

describe('The disk', () => {
  test('that takes a synced write is good, and nothing stays of it', async () => {
    const folder = temporaryFolder()
    const checked = await checkDisk({
      folder,
      monotonic: () => performance.now(),
      freeBytes: async () => 2e9,
    })
    expect(checked).toMatchObject({ result: 'good', findings: [{ code: 'disk-writes' }] })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    [10e6, 'bad', 'disk-full'],
    [200e6, 'limited', 'disk-nearly-full'],
  ])('with %d bytes free is %s', async (free, result, code) => {
    const folder = temporaryFolder()
    const checked = await checkDisk({ folder, monotonic: () => 0, freeBytes: async () => free })
    expect(checked).toMatchObject({ result, findings: [{ code }, {}] })
  })

  test('that does not write shuts the terminal', async () => {
    const folder = join(temporaryFolder(), 'missing')
    const checked = await checkDisk({ folder, monotonic: () => 0, freeBytes: async () => 2e9 })
    expect(checked).toMatchObject({ result: 'bad', findings: [{ code: 'disk-does-not-write' }] })
  })
})

test('A certificate is looked at where there is one: nothing answers here, so nothing is known', async () => {
  const facts = { now: SEVEN, utcOffsetMinutes: 480 }
  expect(await checkCertificate({ ...facts, url: 'http://127.0.0.1:9/' })).toMatchObject({
    result: 'not-applicable',
  })
  expect(await checkCertificate({ ...facts, url: undefined })).toMatchObject({ result: 'not-applicable' })
  expect(await checkCertificate({ ...facts, url: 'https://127.0.0.1:9/' })).toMatchObject({
    result: 'limited',
    findings: [{ code: 'certificate-not-read' }],
  })
})

describe('The certificate of a gateway', () => {
  const DAY = 24 * HOUR
  /** Until when the certificate in tests/fixtures/tls is good. */
  const until = Date.parse('2126-11-02T22:23:14Z')

  async function gateway(): Promise<string> {
    const folder = resolve(import.meta.dirname, '../fixtures/tls')
    const server = createServer({
      key: readFileSync(join(folder, 'key.pem')),
      cert: readFileSync(join(folder, 'certificate.pem')),
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  test.each([
    [20 * DAY, 'good', 'certificate-valid'],
    [10 * DAY, 'limited', 'certificate-ends-soon'],
    [-DAY, 'limited', 'certificate-ended'],
  ])('that is good for %d ms more is %s', async (left, result, code) => {
    const checked = await checkCertificate({ url: await gateway(), now: until - left, utcOffsetMinutes: 480 })
    expect(checked).toMatchObject({ result, findings: [{ code }] })
    expect(checked.findings[0]?.values.until).toBe('2126-11-03T06:23:14+08:00')
  })
})

describe('In a real ledger', () => {
  const command = resolve(import.meta.dirname, '../../kiosk-agent/ledger-command.ts')

  async function provenLedger() {
    const folder = join(temporaryFolder(), 'east-1')
    const ledger = await ledgerIn(folder)
    const key = signer()
    for (const each of [1, 2, 3]) {
      await ledger.append(setting(each))
      await ledger.append(
        key.sign({
          type: 'morning-proof',
          terminalId: 'east-1',
          at: new Date(SEVEN).toISOString(),
          by: 'schedule',
          fitness: 'fit',
          checks: [found('disk', 'good', 'disk-writes')],
          head: ledger.head(),
        }),
      )
    }
    return { folder, path: join(folder, 'ledger.sqlite'), key, ledger }
  }

  test('the chain is followed in a thread, a change in it is bad', async () => {
    const { path, ledger } = await provenLedger()
    const sound = await checkLedger(await verifyInThread(path, systemClock))
    expect(sound).toMatchObject({ result: 'good', findings: [{ code: 'ledger-sound' }] })
    await ledger.close()
    tamper(path, (body) => body.replace('volume', 'Volume'))
    const damaged = await checkLedger(await verifyInThread(path, systemClock))
    expect(damaged).toMatchObject({ result: 'bad', findings: [{ code: 'ledger-damaged' }] })
  })

  test('the command tells key and count of the proofs, and finds one that was forged', async () => {
    const { folder, path, key, ledger } = await provenLedger()
    expect(verifyProofs(path)).toEqual({ count: 3, keys: [key.publicKey], wrong: [] })
    await ledger.append({
      ...key.sign({
        type: 'morning-proof',
        terminalId: 'east-1',
        at: new Date(SEVEN).toISOString(),
        by: 'schedule',
        fitness: 'out-of-service',
        checks: [],
        head: ledger.head(),
      }),
      fitness: 'fit',
    })
    expect(verifyProofs(path).wrong).toEqual([expect.stringMatching(/signature .* entry 9 is not right/)])
    await ledger.append(key.sign({ ...(await oldProof(SEVEN)), head: { seq: 1, hash: '12'.repeat(32) } }))
    expect(verifyProofs(path).wrong).toHaveLength(2)
    await ledger.close()
    const { status, stdout } = spawnSync(process.execPath, [command, 'verify', '--data', dirname(folder)], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stdout).toContain(`5 morning proofs, signed by ${key.publicKey}`)
    expect(stdout).toContain('NOT SOUND: the signature of the morning proof in entry 9')
  })

  test('another key than the one noted is told', async () => {
    const { folder, key, ledger } = await provenLedger()
    await ledger.close()
    const verify = (noted: string) =>
      spawnSync(process.execPath, [command, 'verify', '--data', dirname(folder), '--key', noted]).status
    expect(verify(key.publicKey)).toBe(0)
    expect(verify(signer().publicKey)).toBe(1)
  })
})

/** Changes an entry behind the back of the triggers. */
function tamper(path: string, change: (body: string) => string): void {
  const db = new DatabaseSync(path)
  db.exec('DROP TRIGGER entries_never_change')
  const row = db.prepare('SELECT seq, body FROM entries WHERE type = ? LIMIT 1').get('setting')
  db.prepare('UPDATE entries SET body = ? WHERE seq = ?').run(change(String(row?.body)), Number(row?.seq))
  db.close()
}

test('A time of day is the hall’s own, and the moment itself counts', () => {
  const at = { time: '07:30', utcOffsetMinutes: 480 }
  expect(dueSince(SEVEN, at)).toBe(SEVEN + 30 * MINUTE - 24 * HOUR)
  expect(dueSince(SEVEN + 30 * MINUTE, at)).toBe(SEVEN + 30 * MINUTE)
  expect(dueSince(SEVEN + 30 * MINUTE - 1, at)).toBe(SEVEN + 30 * MINUTE - 24 * HOUR)
})
