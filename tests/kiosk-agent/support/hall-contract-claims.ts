import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { HallStore } from '../../../kiosk-agent/hall/hall-store.ts'
import { appointment, type HallFixture, order } from './hall-fixture.ts'

export function describeClaiming(hall: HallFixture): void {
  describe('claiming', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(3)
    })

    test('checks the appointment in and takes one right a person', async () => {
      expect(await store.claim(order('n1', 'a', 2))).toEqual({ claimed: true })
      expect(await hall.status('a')).toBe('checked-in')
      expect(await store.headCount()).toEqual({
        capacity: 3,
        inside: 0,
        unconfirmed: 0,
        granted: 2,
        free: 1,
        over: 0,
      })
      expect(await store.claimOf('n1')).toEqual({ ...order('n1', 'a', 2), state: 'granted' })
    })

    test('knows nothing of a nonce it never saw', async () => {
      expect(await store.claimOf('n1')).toBeUndefined()
    })

    test('answers the same nonce as the first time and spends nothing more', async () => {
      await store.claim(order('n1', 'a'))
      expect(await store.claim(order('n1', 'a'))).toEqual({ claimed: true })
      expect(await store.headCount()).toMatchObject({ granted: 1, free: 2 })
      await store.release('n1', 2_000)
      expect(await store.claim(order('n1', 'a'))).toEqual({ claimed: true })
      expect(await store.claimOf('n1')).toMatchObject({ state: 'released' })
    })

    test('answers a lost nonce as the first time, also when a place is free by then', async () => {
      await store.claim(order('n1', 'a', 3))
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: false, why: 'full' })
      await store.release('n1', 2_000)
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: false, why: 'full' })
      expect(await store.claimOf('n2')).toEqual({ ...order('n2', 'b'), state: 'lost' })
      expect(await store.claim(order('n3', 'b'))).toEqual({ claimed: true })
    })

    test('lets an appointment in once, also after the visit', async () => {
      await store.claim(order('n1', 'a'))
      expect(await store.claim(order('n2', 'a'))).toEqual({ claimed: false, why: 'taken' })
      await store.confirm('n1', 2_000)
      expect(await store.claim(order('n3', 'a'))).toEqual({ claimed: false, why: 'taken' })
      await store.leave({ nonce: 'n1', persons: 1, at: 3_000 })
      expect(await store.claim(order('n4', 'a'))).toEqual({ claimed: false, why: 'taken' })
      expect(await hall.status('a')).toBe('fulfilled')
    })

    test('lets in nobody who is not booked, and takes no right for it', async () => {
      await store.putAppointments([
        appointment('a', { status: 'cancelled' }),
        appointment('b', { status: 'noshow' }),
        appointment('c', { status: 'fulfilled' }),
      ])
      for (const id of ['a', 'b', 'c', 'unknown']) {
        expect(await store.claim(order(`n-${id}`, id)), id).toEqual({ claimed: false, why: 'not-booked' })
      }
      expect(await store.headCount()).toMatchObject({ granted: 0, free: 3 })
    })

    test('lets in who has arrived, and not who the booking system says is checked in', async () => {
      await store.putAppointments([
        appointment('a', { status: 'arrived' }),
        appointment('b', { status: 'checked-in' }),
      ])
      expect(await store.claim(order('n1', 'a'))).toEqual({ claimed: true })
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: false, why: 'taken' })
    })

    test('takes all rights of a party or none', async () => {
      await store.claim(order('n1', 'a', 2))
      expect(await store.claim(order('n2', 'b', 2))).toEqual({ claimed: false, why: 'full' })
      expect(await hall.status('b')).toBe('booked')
      expect(await store.headCount()).toMatchObject({ granted: 2, free: 1 })
    })

    test('refuses an order that makes no sense before anything is written', async () => {
      for (const persons of [0, -1, 1.5, Number.NaN]) {
        await expect(store.claim(order('n1', 'a', persons))).rejects.toThrow(RangeError)
      }
      expect(await store.claimOf('n1')).toBeUndefined()
    })

    test('is seen by every agent of the hall', async () => {
      const other = await hall.again()
      onTestFinished(() => other.close())
      await store.claim(order('n1', 'a'))
      expect(await other.claim(order('n2', 'a'))).toEqual({ claimed: false, why: 'taken' })
      expect(await other.claimOf('n1')).toMatchObject({ state: 'granted' })
      expect(await other.headCount()).toEqual(await store.headCount())
    })
  })
}

export function describeLimit(hall: HallFixture): void {
  describe('the limit', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(4)
    })

    test('lowered burns free rights first, and tells who is too many', async () => {
      await store.claim(order('n1', 'a', 2))
      await store.confirm('n1', 2_000)
      expect(await store.setCapacity(3, 'staff', 3_000)).toMatchObject({ capacity: 3, free: 1, over: 0 })
      expect(await store.setCapacity(1, 'staff', 3_000)).toMatchObject({ capacity: 1, free: 0, over: 1 })
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: false, why: 'full' })
      await store.leave({ nonce: 'n1', persons: 1, at: 4_000 })
      expect(await store.headCount()).toMatchObject({ inside: 1, free: 0, over: 0 })
      await store.leave({ nonce: 'n1', persons: 1, at: 5_000 })
      expect(await store.headCount()).toMatchObject({ inside: 0, free: 1 })
    })

    test('lowered below open grants gives no right back for those taken back', async () => {
      await store.claim(order('n1', 'a', 2))
      await store.claim(order('n2', 'b', 2))
      await store.setCapacity(2, 'staff', 2_000)
      await store.release('n1', 3_000)
      expect(await store.headCount()).toMatchObject({ granted: 2, free: 0 })
    })

    test('raised makes rights', async () => {
      await store.claim(order('n1', 'a', 4))
      await store.setCapacity(5, 'staff', 2_000)
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: true })
      await expect(store.setCapacity(-1, 'staff', 2_000)).rejects.toThrow(RangeError)
      expect(await store.headCount()).toMatchObject({ capacity: 5, free: 0 })
    })

    test('of the first opening stands, whatever a later one says', async () => {
      await store.setCapacity(7, 'staff', 2_000)
      const other = await hall.again()
      onTestFinished(() => other.close())
      expect(await other.headCount()).toMatchObject({ capacity: 7, free: 7 })
    })
  })
}
