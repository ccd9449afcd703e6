import { beforeEach, describe, expect, test } from 'vitest'
import type { HallStore } from '../../../kiosk-agent/hall/hall-store.ts'
import { appointment, type HallFixture, order } from './hall-fixture.ts'

export function describeAppointments(hall: HallFixture): void {
  describe('appointments', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(3)
    })

    test('are found by holder and time, by start', async () => {
      const late = appointment('late', { holder: 'h', start: 3_000, end: 4_000 })
      const early = appointment('early', { holder: 'h', start: 1_000, end: 2_000, partySize: 3 })
      await store.putAppointments([late, early, appointment('other', { start: 1_000, end: 2_000 })])
      expect(await store.appointmentsOf('h', 0, 10_000)).toEqual([early, late])
      expect(await store.appointmentsOf('h', 1_999, 3_000)).toEqual([early])
      expect(await store.appointmentsOf('h', 2_000, 3_001)).toEqual([late])
      expect(await store.appointmentsOf('nobody', 0, 10_000)).toEqual([])
    })

    test('are replaced by id, all or none', async () => {
      const moved = appointment('a', { start: 5_000, end: 6_000 })
      await store.putAppointments([moved])
      expect(await store.appointmentsOf('holder-of-a', 0, 1e12)).toEqual([moved])
      const wrong = appointment('x', { start: 6_000, end: 5_000 })
      await expect(store.putAppointments([appointment('b', { status: 'cancelled' }), wrong])).rejects.toThrow(
        RangeError,
      )
      expect(await hall.status('b')).toBe('booked')
    })

    test('that are checked in keep that while the booking system changes them', async () => {
      await store.claim(order('n1', 'a'))
      await store.putAppointments([appointment('a', { status: 'cancelled', end: 1e9 })])
      expect(await store.appointmentsOf('holder-of-a', 0, 1e12)).toMatchObject([
        { status: 'checked-in', end: 1e9 },
      ])
      await store.release('n1', 2_000)
      expect(await hall.status('a')).toBe('cancelled')
    })
  })
}

export function describeRecords(hall: HallFixture): void {
  describe('documents and salts', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(3)
    })

    test('documents keep a version each time they are written', async () => {
      expect(await store.document('rules/everyday')).toBeUndefined()
      const body = { checks: ['identity'], limit: null }
      const first = { name: 'rules/everyday', version: 1, body, who: 'set-up', at: 1_000 }
      expect(await store.putDocument('rules/everyday', body, 'set-up', 1_000)).toEqual(first)
      expect(await store.document('rules/everyday')).toEqual(first)
      await store.putDocument('rules/everyday', 'closed', 'staff', 2_000)
      await store.putDocument('hall', {}, 'staff', 2_000)
      expect(await store.document('rules/everyday')).toMatchObject({
        version: 2,
        body: 'closed',
        who: 'staff',
      })
      await expect(store.putDocument('hall', undefined, 'staff', 2_000)).rejects.toThrow(RangeError)
    })

    test('salts go when they expire, and only those', async () => {
      await store.putSalt('c1', 's1', 1_000)
      await store.putSalt('c2', 's2', 2_000)
      await store.putSalt('c3', 's3', 1_000)
      await store.putSalt('c3', 's3', 3_000)
      expect(await store.purgeSalts(999)).toBe(0)
      expect(await store.purgeSalts(2_000)).toBe(2)
      expect(await store.purgeSalts(3_000)).toBe(1)
    })
  })
}
