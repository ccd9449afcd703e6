import { describe, expect, onTestFinished, test } from 'vitest'
import type { HallStore } from '../../kiosk-agent/hall/hall-store.ts'
import { describeAccounts } from './support/hall-contract-accounts.ts'
import { describeClaiming, describeLimit } from './support/hall-contract-claims.ts'
import { describeAppointments, describeRecords } from './support/hall-contract-records.ts'
import {
  describeLatePassage,
  describeLeaving,
  describeSlippingIn,
  describeVisit,
} from './support/hall-contract-visits.ts'
import { appointment, type HallFixture } from './support/hall-fixture.ts'

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
    const hall = fixtureOf(open)
    describeClaiming(hall)
    describeVisit(hall)
    describeLatePassage(hall)
    describeSlippingIn(hall)
    describeLeaving(hall)
    describeLimit(hall)
    describeAppointments(hall)
    describeRecords(hall)
    describeAccounts(hall)

    test('a closed store answers nothing more', async () => {
      await hall.open(3)
      const other = await hall.again()
      await other.close()
      await expect(other.headCount()).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
      await other.close()
    })
  })
}

function fixtureOf(open: HallOpener): HallFixture {
  let current: HallUnderTest | undefined
  const hall = () => current ?? expect.fail('no hall is open')
  return {
    async open(capacity) {
      const opened = await open(capacity)
      current = opened
      onTestFinished(async () => {
        expect(await opened.problems()).toEqual([])
        await opened.store.close()
      })
      await opened.store.putAppointments(['a', 'b', 'c', 'd'].map((id) => appointment(id)))
      return opened.store
    },
    again: () => hall().again(),
    async status(id) {
      const [found] = await hall().store.appointmentsOf(`holder-of-${id}`, 0, 1e12)
      return found?.status
    },
  }
}
