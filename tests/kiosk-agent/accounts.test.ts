import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { openKeys } from '../../kiosk-agent/privacy/keys.ts'
import { createAccounts } from '../../kiosk-agent/technician/accounts/accounts.ts'
import { createPinHash } from '../../kiosk-agent/technician/accounts/pin-hash.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

const PIN = '246810'

/** The accounts of a hall after a start of the agent on this data folder. */
async function started(folder: string, clock: FakeClock) {
  const keys = await openKeys(folder)
  const path = join(folder, 'halls', 'demo', 'hall.sqlite')
  const store = await openEmbeddedHallStore({ path, hallId: 'demo', capacity: 3, clock })
  onTestFinished(() => store.close())
  const entries: Entry[] = []
  const ledger = { append: async (...written: Entry[]) => void entries.push(...written) }
  const accounts = createAccounts({
    ...{ store, keys, clock, cost: 4 },
    ledger: ledger as never,
    log: () => {},
    changed: () => {},
  })
  await accounts.refresh()
  return { accounts, store, entries }
}

async function withWu() {
  const [folder, clock] = [temporaryFolder(), fakeClock()]
  const hall = await started(folder, clock)
  await hall.accounts.setUp({ account: 'wu', name: 'Wu', pin: PIN }, 'first')
  return { folder, clock, ...hall }
}

describe('The accounts of technicians', () => {
  test('let in with the right PIN alone, and the first is made once', async () => {
    const { accounts } = await withWu()
    expect(await accounts.authenticate('wu', PIN)).toEqual({
      me: { account: 'wu', name: 'Wu', role: 'technician', mustChangePin: false },
    })
    expect(await accounts.authenticate('wu', '000000')).toMatchObject({ error: 'wrong' })
    expect(await accounts.setUp({ account: 'eve', name: 'Eve', pin: PIN }, 'first')).toBe('not-first')
  })

  test('are not guessed by somebody who restarts the agent and sets the clock back as often as wished', async () => {
    const { folder, clock, ...hall } = await withWu()
    let { accounts } = hall
    let tried = 0
    // Ten hours at the keyboard, a guess whenever one is taken; every twentieth time the power is cut.
    for (let guess = 0, setBackMs = 0; clock.monotonic() < 10 * 3_600_000; guess++) {
      const answer = await accounts.authenticate('wu', String(100_000 + guess))
      expect(answer).not.toHaveProperty('me')
      if ('error' in answer && answer.error === 'wrong') tried++
      await clock.advance('waitMs' in answer ? Math.max(1, answer.waitMs ?? 0) : 1)
      if (guess % 20 !== 19) continue
      setBackMs += 3_600_000
      const wrong = { ...clock, now: () => clock.now() - setBackMs }
      accounts = (await started(folder, wrong)).accounts
    }
    expect(tried).toBeLessThan(80)
  })

  test('an attempt that was cut off by a crash has been counted', async () => {
    const { store, accounts, clock } = await withWu()
    for (let tries = 0; tries < 3; tries++) await store.bookAttempt('wu', clock.now())
    expect(await accounts.authenticate('wu', PIN)).toMatchObject({ error: 'locked', waitMs: 1000 })
    await clock.advance(1000)
    expect(await accounts.authenticate('wu', PIN)).toHaveProperty('me')
  })

  test('that do not exist are answered like those that do', async () => {
    const { accounts } = await withWu()
    const answers = async (id: string) => {
      const seen: unknown[] = []
      for (let tries = 0; tries < 5; tries++) {
        const { known: _, ...answer } = (await accounts.authenticate(id, '000000')) as { known: boolean }
        seen.push(answer)
      }
      return seen
    }
    expect(await answers('nobody')).toEqual(await answers('wu'))
  })

  test('a wrong PIN and an unknown account make the same hash', async () => {
    const hashes = createPinHash({ key: (await openKeys(temporaryFolder())).derive('test'), cost: 13 })
    const kept = await hashes.make('wu', PIN)
    const took = async (work: () => Promise<unknown>) => {
      const before = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    const ratios: number[] = []
    for (let round = 0; round < 5; round++) {
      const wrong = await took(() => hashes.matches('wu', '000000', kept))
      const unknown = await took(() => hashes.matches('nobody', '000000', undefined))
      ratios.push(unknown / wrong)
    }
    const [, , median] = ratios.toSorted((a, b) => a - b)
    // Skipping the hash would make this a hundredth.
    expect(median).toBeGreaterThan(0.2)
    expect(median).toBeLessThan(5)
  })

  test('hashes are salted, bound to the account and to the keys of the data folder', async () => {
    const make = async () => createPinHash({ key: (await openKeys(temporaryFolder())).derive('p'), cost: 4 })
    const hashes = await make()
    const kept = await hashes.make('wu', PIN)
    expect(kept).toMatch(/^scrypt\$4\$8\$3\$/)
    expect(await hashes.make('wu', PIN)).not.toBe(kept)
    expect(await hashes.matches('wu', PIN, kept)).toBe(true)
    expect(await hashes.matches('lin', PIN, kept)).toBe(false)
    expect(await (await make()).matches('wu', PIN, kept)).toBe(false)
    await expect(hashes.matches('wu', PIN, 'plain$1')).rejects.toThrow('give the account a new PIN')
  })

  test('whoever was given a PIN must choose another; a disabled account is told so with the right PIN only', async () => {
    const { accounts, entries } = await withWu()
    const lin = { account: 'lin', name: 'Lin', pin: '135791', role: 'technician' } as const
    expect(await accounts.add(lin, 'wu')).toBe('added')
    expect(await accounts.authenticate('lin', '135791')).toMatchObject({ me: { mustChangePin: true } })
    expect(await accounts.changeOwnPin('lin', '000000', '111111')).toBe(false)
    expect(await accounts.changeOwnPin('lin', '135791', '975310')).toBe(true)
    expect(await accounts.authenticate('lin', '975310')).toMatchObject({ me: { mustChangePin: false } })
    await accounts.setDisabled('lin', true, 'wu')
    expect(await accounts.authenticate('lin', '000000')).toMatchObject({ error: 'wrong' })
    expect(await accounts.authenticate('lin', '975310')).toMatchObject({ error: 'disabled' })
    expect(await accounts.setDisabled('wu', true, 'wu')).toBe('last')
    expect(entries.map((entry) => entry.type === 'account' && entry.what)).toEqual([
      ...(['first', 'added', 'pin-changed', 'disabled'] as const),
    ])
  })

  test('a forgotten last PIN is replaced by whoever can start the agent; staff keep theirs', async () => {
    const { accounts } = await withWu()
    await accounts.add({ account: 'he', name: 'He', pin: PIN, role: 'staff' }, 'wu')
    expect(await accounts.setUp({ account: 'he', name: 'He', pin: '999999' }, 'recovered')).toBe('exists')
    expect(await accounts.setUp({ account: 'wu', name: 'Wu', pin: '999999' }, 'recovered')).toBe('made')
    expect(await accounts.authenticate('wu', '999999')).toHaveProperty('me')
  })

  test('no PIN is in the hall’s files', async () => {
    const pin = String(100_000_000_000 + (randomBytes(4).readUInt32BE() % 899_999_999))
    const { folder, accounts } = await withWu()
    await accounts.resetPin('wu', pin, 'wu')
    await accounts.authenticate('wu', pin)
    const hall = join(folder, 'halls', 'demo')
    for (const file of readdirSync(hall))
      expect(readFileSync(join(hall, file)).includes(pin), file).toBe(false)
  })
})
