import { beforeEach, describe, expect, test } from 'vitest'
import type { HallStore } from '../../../kiosk-agent/hall/hall-store.ts'
import { type HallFixture, order } from './hall-fixture.ts'

export function describeVisit(hall: HallFixture): void {
  describe('a visit', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(3)
    })

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
      expect(await hall.status('a')).toBe('booked')
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
}

export function describeLatePassage(hall: HallFixture): void {
  describe('a late passage', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(2)
    })

    test('takes a right again when one is free', async () => {
      await store.claim(order('n1', 'a'))
      await store.release('n1', 2_000)
      await store.confirm('n1', 3_000)
      expect(await store.headCount()).toMatchObject({ inside: 1, free: 1, over: 0 })
      expect(await hall.status('a')).toBe('checked-in')
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
      expect(await hall.status('a')).toBe('checked-in')
    })
  })
}

export function describeSlippingIn(hall: HallFixture): void {
  describe('somebody who slipped in', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(2)
    })
    const slip = (nonce: string, at = 2_000) => store.slippedIn({ nonce, persons: 1, terminalId: 't1', at })

    test('counts as inside, marked, burns a right nobody has spent, and is told twice without counting twice', async () => {
      await slip('w1')
      await slip('w1', 2_500)
      expect(await store.headCount()).toMatchObject({ inside: 1, unconfirmed: 1, free: 1, over: 0 })
      expect(await store.claimOf('w1')).toMatchObject({ state: 'unconfirmed', appointmentId: '' })
    })

    test('takes nobody’s place who holds a grant: what is too much shows, and no right is made of it later', async () => {
      await store.claim(order('n1', 'a', 2))
      await slip('w1')
      expect(await store.headCount()).toMatchObject({ inside: 1, granted: 2, free: 0 })
      await store.confirm('n1', 3_000)
      expect(await store.headCount()).toMatchObject({ inside: 3, free: 0, over: 1 })
      expect(await store.claim(order('n2', 'b'))).toEqual({ claimed: false, why: 'full' })
      await store.leave({ persons: 1, at: 4_000 })
      expect(await store.claimOf('w1')).toMatchObject({ state: 'left' })
      expect(await store.headCount()).toMatchObject({ inside: 2, free: 0, over: 0 })
    })

    test('changes no claim of the same name, and several hold no appointment', async () => {
      await store.claim(order('n1', 'a'))
      await slip('n1')
      expect(await store.claimOf('n1')).toMatchObject({ state: 'granted', appointmentId: 'a' })
      await slip('w1')
      await slip('w2')
      expect(await store.headCount()).toMatchObject({ inside: 2, granted: 1, free: 0 })
    })
  })
}

export function describeLeaving(hall: HallFixture): void {
  describe('leaving', () => {
    let store: HallStore
    beforeEach(async () => {
      store = await hall.open(6)
    })

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

    test('goes by when a visit began, not by when proof of it came', async () => {
      await store.claim(order('n1', 'a'))
      await store.claim(order('n2', 'b'))
      await store.confirmUnseen('n1', 2_000)
      await store.confirm('n2', 2_100)
      await store.confirm('n1', 2_200)
      await store.leave({ persons: 1, at: 3_000 })
      expect(await store.claimOf('n1')).toMatchObject({ state: 'left' })
      expect(await store.claimOf('n2')).toMatchObject({ state: 'inside' })
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
}
