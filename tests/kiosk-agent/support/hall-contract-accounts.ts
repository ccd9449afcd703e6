import { beforeEach, describe, expect, test } from 'vitest'
import type { NewAccount } from '../../../kiosk-agent/hall/account-store.ts'
import type { HallStore } from '../../../kiosk-agent/hall/hall-store.ts'
import type { HallFixture } from './hall-fixture.ts'

const account = (id: string, changes: Partial<NewAccount> = {}): NewAccount => ({
  id,
  name: `Name of ${id}`,
  role: 'technician',
  pin: `hash of ${id}`,
  mustChangePin: false,
  at: 1_000,
  ...changes,
})
const start = 1_000_000

export function describeAccounts(hall: HallFixture): void {
  describe('accounts', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(3)
    })
    const booked = async (at: number) => (await store.bookAttempt('wu', at)).state

    test('are added once, listed without their PIN, and found with it', async () => {
      expect(await store.addAccount(account('wu'), 'any-time')).toBe('added')
      expect(await store.addAccount(account('wu', { pin: 'another' }), 'any-time')).toBe('exists')
      await store.addAccount(account('he', { role: 'staff', mustChangePin: true }), 'any-time')
      const listed = await store.accounts()
      expect(listed.map(({ id, role, mustChangePin }) => [id, role, mustChangePin])).toEqual([
        ['he', 'staff', true],
        ['wu', 'technician', false],
      ])
      expect(JSON.stringify(listed)).not.toContain('hash of')
      expect(await store.accountOf('wu')).toMatchObject({ pin: 'hash of wu', disabled: false, failures: 0 })
      expect(await store.accountOf('nobody')).toBeUndefined()
    })

    test('the first technician is made by one of two who try at the same time', async () => {
      await store.addAccount(account('he', { role: 'staff' }), 'any-time')
      const other = await hall.again()
      const made = await Promise.all([
        store.addAccount(account('wu'), 'first'),
        other.addAccount(account('lin'), 'first'),
      ])
      expect(made.toSorted()).toEqual(['added', 'not-first'])
      await other.close()
    })

    test('the last technician who can sign in stays', async () => {
      for (const id of ['wu', 'lin']) await store.addAccount(account(id), 'any-time')
      await store.addAccount(account('he', { role: 'staff' }), 'any-time')
      expect(await store.setDisabled('wu', true)).toBe('done')
      expect(await store.setDisabled('lin', true)).toBe('last')
      expect(await store.setDisabled('he', true)).toBe('done')
      expect(await store.setDisabled('wu', false)).toBe('done')
      expect(await store.setDisabled('lin', true)).toBe('done')
      expect(await store.setDisabled('nobody', true)).toBe('unknown')
    })

    test('lock for longer with each failed attempt, at most a quarter of an hour', async () => {
      await store.addAccount(account('wu'), 'any-time')
      const waits: number[] = []
      for (let at = start, tries = 0; tries < 16; tries++) {
        const attempt = await store.bookAttempt('wu', at)
        expect(attempt.state).toBe('booked')
        const waitMs = 'waitMs' in attempt ? attempt.waitMs : 0
        if (waitMs > 0) expect(await booked(at + waitMs - 1)).toBe('locked')
        waits.push(waitMs / 1000)
        at += waitMs
      }
      expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
    })

    test('count an attempt in every process, and forget all of them after a right one', async () => {
      await store.addAccount(account('wu'), 'any-time')
      const other = await hall.again()
      await Promise.all([store, other, store, other].map((each) => each.bookAttempt('wu', start)))
      expect(await other.accountOf('wu')).toMatchObject({ failures: 3, lockedUntil: start + 1000 })
      expect(await booked(start)).toBe('locked')
      await other.attemptSucceeded('wu', start + 5000)
      expect(await store.accountOf('wu')).toMatchObject({ failures: 0, lastSignIn: start + 5000 })
      expect(await booked(start + 5000)).toBe('booked')
      await other.close()
    })

    test('stay locked for as long as they should when the clock is set back, and no longer', async () => {
      await store.addAccount(account('wu'), 'any-time')
      for (let tries = 0; tries < 3; tries++) await store.bookAttempt('wu', start)
      expect(await store.bookAttempt('wu', start - 900_000)).toEqual({ state: 'locked', waitMs: 1000 })
      expect(await booked(start - 900_000 + 999)).toBe('locked')
      expect(await booked(start - 900_000 + 1000)).toBe('booked')
    })

    test('a new PIN opens the account again; what is asked of none is unknown', async () => {
      await store.addAccount(account('wu'), 'any-time')
      for (let tries = 0; tries < 3; tries++) await store.bookAttempt('wu', start)
      expect(await store.setPin('wu', { pin: 'fresh', mustChangePin: true })).toBe(true)
      expect(await store.accountOf('wu')).toMatchObject({ pin: 'fresh', mustChangePin: true, failures: 0 })
      expect(await booked(start)).toBe('booked')
      expect(await store.setPin('nobody', { pin: 'x', mustChangePin: false })).toBe(false)
      expect(await store.bookAttempt('nobody', start)).toEqual({ state: 'unknown' })
    })
  })
}
