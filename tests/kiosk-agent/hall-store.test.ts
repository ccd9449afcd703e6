import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { auditHallFile } from '../../kiosk-agent/hall/embedded/audit.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import { describeHallStore } from './hall-store-contract.ts'
import { appointment, order } from './support/hall-fixture.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

describeHallStore('The embedded hall store', async (capacity) => {
  const path = join(temporaryFolder(), 'hall.sqlite')
  const open = () => openEmbeddedHallStore({ path, hallId: 'south', capacity })
  return {
    store: await open(),
    again: open,
    problems: async () => auditHallFile(path, 'south').problems,
  }
})

describe('The file of a hall', () => {
  async function open(path: string, options: { hallId?: string; maxBytes?: number } = {}) {
    const store = await openEmbeddedHallStore({ path, hallId: 'south', capacity: 3, ...options })
    onTestFinished(() => store.close())
    return store
  }

  test('keeps several halls apart', async () => {
    const path = join(temporaryFolder(), 'hall.sqlite')
    const [south, north] = [await open(path), await open(path, { hallId: 'north' })]
    await south.putAppointments([appointment('a')])
    expect(await north.claim(order('n1', 'a'))).toEqual({ claimed: false, why: 'not-booked' })
    expect(await south.claim(order('n1', 'a'))).toEqual({ claimed: true })
    expect(await north.headCount()).toMatchObject({ granted: 0, free: 3 })
    for (const hall of ['south', 'north']) expect(auditHallFile(path, hall).problems).toEqual([])
  })

  test('is told as busy, within a bounded time, when another process holds it, and works again after', async () => {
    const path = join(temporaryFolder(), 'hall.sqlite')
    const store = await open(path)
    await store.putAppointments([appointment('a')])
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.claim(order('n1', 'a'))).rejects.toMatchObject({ name: 'StoreError', code: 'busy' })
    expect(await store.headCount()).toMatchObject({ granted: 0 })
    other.exec('ROLLBACK')
    other.close()
    expect(await store.claimOf('n1')).toBeUndefined()
    expect(await store.claim(order('n1', 'a'))).toEqual({ claimed: true })
  })

  test('of an older program keeps everything and gets accounts', async () => {
    const path = join(temporaryFolder(), 'hall.sqlite')
    const store = await open(path)
    await store.putAppointments([appointment('a')])
    await store.claim(order('n1', 'a'))
    await store.close()
    const db = new DatabaseSync(path)
    db.exec('DROP TABLE accounts; PRAGMA user_version = 1')
    db.close()
    const [one, other] = await Promise.all([open(path), open(path)])
    expect(await one.claimOf('n1')).toMatchObject({ state: 'granted' })
    const wu = { id: 'wu', name: 'Wu', role: 'technician', pin: 'x', mustChangePin: false, at: 1 } as const
    expect(await one.addAccount(wu, 'first')).toBe('added')
    expect(await other.accounts()).toHaveLength(1)
    expect(auditHallFile(path, 'south').problems).toEqual([])
  })

  test('of a newer program, of another program or damaged is refused with its name and why', async () => {
    const damaged = join(temporaryFolder(), 'hall.sqlite')
    writeFileSync(damaged, 'this is no database '.repeat(100))
    await expect(open(damaged)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(damaged),
    })
    for (const [statement, message] of [
      ['PRAGMA user_version = 99', 'newer version'],
      ['CREATE TABLE songs (name TEXT)', 'another program'],
    ] as const) {
      const path = join(temporaryFolder(), 'hall.sqlite')
      const db = new DatabaseSync(path)
      db.exec(statement)
      db.close()
      await expect(open(path)).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining(message),
      })
    }
  })

  test('on a full disk writes nothing half and goes on when there is room', async () => {
    const path = join(temporaryFolder(), 'hall.sqlite')
    const store = await open(path, { maxBytes: 128 * 1024 })
    const many = Array.from({ length: 2_000 }, (_, n) => appointment(`many-${n}`))
    await expect(store.putAppointments(many)).rejects.toMatchObject({ name: 'StoreError', code: 'disk-full' })
    expect(await store.appointmentsOf('holder-of-many-0', 0, 1e12)).toEqual([])
    await store.putAppointments([appointment('a')])
    expect(await store.claim(order('n1', 'a'))).toEqual({ claimed: true })
    expect(auditHallFile(path, 'south').problems).toEqual([])
  })

  test('holds no byte of a salt that was purged', async () => {
    const path = join(temporaryFolder(), 'hall.sqlite')
    const store = await open(path)
    await store.putSalt('commitment', 'a-salt-to-be-forgotten', 1_000)
    const holds = () =>
      [path, `${path}-wal`].some(
        (file) => existsSync(file) && readFileSync(file).includes('a-salt-to-be-forgotten'),
      )
    expect(holds()).toBe(true)
    expect(await store.purgeSalts(1_000)).toBe(1)
    expect(holds()).toBe(false)
  })
})
