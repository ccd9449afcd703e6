import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { HallStore } from '../../kiosk-agent/hall/hall-store.ts'
import { appointment, order } from './support/hall-fixture.ts'

/** A hall of its own for one test, opened a second time by `again` as another agent would. */
export interface HallUnderTest {
  readonly store: HallStore
  again(): Promise<HallStore>
  /** What is wrong in the store's own tables; empty when its invariant holds. */
  problems(): Promise<readonly string[]>
}

export type HallOpener = (capacity: number) => Promise<HallUnderTest>

/** What every adapter of the port must do. */
export function describeHallStore(name: string, open: HallOpener): void {
  describe(name, () => {
    let hall: HallUnderTest
    let store: HallStore

    async function hallFor(capacity: number) {
      hall = await open(capacity)
      store = hall.store
      onTestFinished(async () => {
        expect(await hall.problems()).toEqual([])
        await store.close()
      })
      await store.putAppointments(['a', 'b', 'c', 'd'].map((id) => appointment(id)))
    }
    const status = async (id: string) => (await store.appointmentsOf(`holder-of-${id}`, 0, 1e12))[0]?.status

    describe('claiming', () => {
      beforeEach(() => hallFor(3))

      test('checks the appointment in and takes one right a person', async () => {
        expect(await store.claim(order('n1', 'a', 2))).toEqual({ claimed: true })
        expect(await status('a')).toBe('checked-in')
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
        expect(await status('a')).toBe('fulfilled')
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
        expect(await status('b')).toBe('booked')
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

    describe('a visit', () => {
      beforeEach(() => hallFor(3))

      test('begins with the passage and ends at the exit, which gives the right back', async () => {
        await store.claim(order('n1', 'a'))
        await store.confirm('n1', 2_000)
        expect(await store.headCount()).toMatchObject({ inside: 1, granted: 0, free: 2 })
        await store.leave({ nonce: 'n1', persons: 1, at: 3_000 })
        expect(await store.headCount()).toMatchObject({ inside: 0, granted: 0, free: 3 })
        expect(await store.claimOf('n1')).toMatchObject({ state: 'left' })
      })

      test('without proof counts as inside, marked, until proof comes', async () => {
        await store.claim(order('n1', 'a', 2))
        await store.confirmUnseen('n1', 2_000)
        expect(await store.headCount()).toMatchObject({ inside: 2, unconfirmed: 2, granted: 0, free: 1 })
        await store.release('n1', 3_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'unconfirmed' })
        await store.confirm('n1', 4_000)
        expect(await store.headCount()).toMatchObject({ inside: 2, unconfirmed: 0 })
        await store.confirmUnseen('n1', 5_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'inside' })
      })

      test('that never began gives right and appointment back', async () => {
        await store.claim(order('n1', 'a'))
        await store.release('n1', 2_000)
        expect(await store.headCount()).toMatchObject({ granted: 0, free: 3 })
        expect(await status('a')).toBe('booked')
        expect(await store.claim(order('n2', 'a'))).toEqual({ claimed: true })
      })

      test('is not taken back once it has begun', async () => {
        await store.claim(order('n1', 'a'))
        await store.confirm('n1', 2_000)
        await store.release('n1', 3_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'inside' })
        expect(await store.headCount()).toMatchObject({ inside: 1, free: 2 })
      })

      test('told twice is one visit, in every step', async () => {
        await store.claim(order('n1', 'a'))
        await store.claim(order('n2', 'b'))
        for (const at of [2_000, 2_001]) await store.confirm('n1', at)
        for (const at of [2_000, 2_001]) await store.release('n2', at)
        expect(await store.headCount()).toMatchObject({ inside: 1, granted: 0, free: 2 })
        for (const at of [3_000, 3_001]) await store.leave({ nonce: 'n1', persons: 1, at })
        await store.confirm('n1', 4_000)
        await store.confirmUnseen('n1', 4_000)
        await store.release('n1', 4_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'left' })
        expect(await store.headCount()).toMatchObject({ inside: 0, granted: 0, free: 3 })
      })

      test('of an unknown or a lost nonce changes nothing', async () => {
        await store.claim(order('lost', 'unknown'))
        for (const nonce of ['never', 'lost']) {
          await store.confirm(nonce, 2_000)
          await store.confirmUnseen(nonce, 2_000)
          await store.release(nonce, 2_000)
        }
        await store.leave({ nonce: 'lost', persons: 1, at: 3_000 })
        expect(await store.claimOf('lost')).toMatchObject({ state: 'lost' })
        expect(await store.claimOf('never')).toBeUndefined()
        expect(await store.headCount()).toMatchObject({ inside: 0, granted: 0, free: 3 })
      })
    })

    describe('a late passage', () => {
      beforeEach(() => hallFor(2))

      test('takes a right again when one is free', async () => {
        await store.claim(order('n1', 'a'))
        await store.release('n1', 2_000)
        await store.confirm('n1', 3_000)
        expect(await store.headCount()).toMatchObject({ inside: 1, free: 1, over: 0 })
        expect(await status('a')).toBe('checked-in')
        expect(await store.claim(order('n2', 'a'))).toEqual({ claimed: false, why: 'taken' })
      })

      test('counts as too many when none is free, and no right is made of it later', async () => {
        await store.claim(order('n1', 'a'))
        await store.release('n1', 2_000)
        await store.claim(order('n2', 'b', 2))
        await store.confirm('n2', 2_500)
        await store.confirm('n1', 3_000)
        expect(await store.headCount()).toMatchObject({ inside: 3, free: 0, over: 1 })
        await store.leave({ nonce: 'n1', persons: 1, at: 4_000 })
        expect(await store.headCount()).toMatchObject({ inside: 2, free: 0, over: 0 })
        await store.leave({ nonce: 'n2', persons: 2, at: 5_000 })
        expect(await store.headCount()).toMatchObject({ inside: 0, free: 2 })
      })

      test('counts the person also when the appointment was claimed again meanwhile', async () => {
        await store.claim(order('n1', 'a'))
        await store.release('n1', 2_000)
        await store.claim(order('n2', 'a'))
        await store.confirm('n1', 3_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'inside' })
        expect(await store.claimOf('n2')).toMatchObject({ state: 'granted' })
        expect(await store.headCount()).toMatchObject({ inside: 1, granted: 1, free: 0 })
      })

      test('is needed to undo a release: no proof is not enough', async () => {
        await store.claim(order('n1', 'a'))
        await store.release('n1', 2_000)
        await store.confirmUnseen('n1', 3_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'released' })
      })

      test('is proven too by the exit', async () => {
        await store.claim(order('n1', 'a', 2))
        await store.release('n1', 2_000)
        await store.leave({ nonce: 'n1', persons: 1, at: 3_000 })
        expect(await store.claimOf('n1')).toMatchObject({ state: 'inside' })
        expect(await store.headCount()).toMatchObject({ inside: 1, free: 1 })
        expect(await status('a')).toBe('checked-in')
      })
    })

    describe('leaving', () => {
      beforeEach(() => hallFor(6))

      test('counts the members of a party one by one, and the same one only once', async () => {
        await store.claim(order('n1', 'a', 3))
        await store.confirm('n1', 2_000)
        for (const at of [3_000, 3_000, 3_500]) await store.leave({ nonce: 'n1', persons: 1, at })
        expect(await store.headCount()).toMatchObject({ inside: 1, free: 5 })
        expect(await store.claimOf('n1')).toMatchObject({ state: 'inside', persons: 3 })
        await store.leave({ nonce: 'n1', persons: 9, at: 4_000 })
        expect(await store.claimOf('n1')).toMatchObject({ state: 'left' })
        expect(await store.headCount()).toMatchObject({ inside: 0, free: 6 })
      })

      test('of somebody unknown ends the oldest unconfirmed visit first, then the oldest', async () => {
        for (const [nonce, id] of Object.entries({ n1: 'a', n2: 'b', n3: 'c', n4: 'd' })) {
          await store.claim(order(nonce, id))
        }
        await store.confirm('n1', 2_000)
        await store.confirm('n2', 2_100)
        await store.confirmUnseen('n4', 2_200)
        await store.confirmUnseen('n3', 2_300)
        const left: string[] = []
        for (let at = 3_000; at < 3_004; at++) {
          await store.leave({ persons: 1, at })
          for (const nonce of ['n1', 'n2', 'n3', 'n4']) {
            if ((await store.claimOf(nonce))?.state === 'left' && !left.includes(nonce)) left.push(nonce)
          }
        }
        expect(left).toEqual(['n4', 'n3', 'n1', 'n2'])
      })

      test('of more than are inside touches no open grant', async () => {
        await store.claim(order('n1', 'a'))
        await store.claim(order('n2', 'b', 2))
        await store.confirm('n2', 2_000)
        await store.leave({ persons: 5, at: 3_000 })
        await store.leave({ nonce: 'never', persons: 1, at: 3_000 })
        expect(await store.headCount()).toMatchObject({ inside: 0, granted: 1, free: 5 })
      })

      test('before the passage was told ends the visit all the same', async () => {
        await store.claim(order('n1', 'a'))
        await store.leave({ nonce: 'n1', persons: 1, at: 3_000 })
        await store.confirm('n1', 4_000)
        expect(await store.claimOf('n1')).toMatchObject({ state: 'left' })
        expect(await store.headCount()).toMatchObject({ inside: 0, granted: 0, free: 6 })
      })
    })

    describe('the limit', () => {
      beforeEach(() => hallFor(4))

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

    describe('appointments', () => {
      beforeEach(() => hallFor(3))

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
        await expect(
          store.putAppointments([appointment('b', { status: 'cancelled' }), wrong]),
        ).rejects.toThrow(RangeError)
        expect(await status('b')).toBe('booked')
      })

      test('that are checked in keep that while the booking system changes them', async () => {
        await store.claim(order('n1', 'a'))
        await store.putAppointments([appointment('a', { status: 'cancelled', end: 1e9 })])
        expect(await store.appointmentsOf('holder-of-a', 0, 1e12)).toMatchObject([
          { status: 'checked-in', end: 1e9 },
        ])
        await store.release('n1', 2_000)
        expect(await status('a')).toBe('cancelled')
      })
    })

    describe('documents and salts', () => {
      beforeEach(() => hallFor(3))

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

    test('a closed store answers nothing more', async () => {
      await hallFor(3)
      const other = await hall.again()
      await other.close()
      await expect(other.headCount()).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
      await other.close()
    })
  })
}
