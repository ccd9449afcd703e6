import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditHallFile } from '../../kiosk-agent/hall/embedded/audit.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import type { HallStore } from '../../kiosk-agent/hall/hall-store.ts'
import { appointment, order } from './support/hall-fixture.ts'
import { type ModelHall, modelHall } from './support/hall-model.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

const bookable = ['a', 'b', 'c', 'd']
const nonces = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6']
const nonce = fc.constantFrom(...nonces)
const at = fc.integer({ min: 1, max: 6 })
const persons = fc.integer({ min: 1, max: 3 })

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('claim' as const),
      nonce,
      id: fc.constantFrom(...bookable, 'unknown'),
      persons,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constantFrom('confirm', 'confirmUnseen', 'release'), nonce, at }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('leave' as const),
      nonce: fc.option(fc.constantFrom(...nonces, 'never'), { nil: undefined }),
      persons,
      at,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('slippedIn' as const), nonce, persons, at }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('setCapacity' as const),
      capacity: fc.integer({ min: 0, max: 7 }),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never

/** The same step in the store and in the model; both answers. */
async function take(store: HallStore, model: ModelHall, next: Step): Promise<readonly [unknown, unknown]> {
  switch (next.does) {
    case 'claim': {
      const claim = order(next.nonce, next.id, next.persons)
      return [await store.claim(claim), model.claim(claim)]
    }
    case 'leave': {
      const { nonce: whose, persons: leaving, at: when } = next
      const leave = { persons: leaving, at: when, ...(whose === undefined ? {} : { nonce: whose }) }
      return [await store.leave(leave), model.leave(whose, leaving, when)]
    }
    case 'slippedIn': {
      const { nonce: whose, persons: in_, at: when } = next
      const slipped = { nonce: whose, persons: in_, terminalId: 't', at: when }
      return [await store.slippedIn(slipped), model.slippedIn(whose, in_, when)]
    }
    case 'setCapacity':
      model.setCapacity(next.capacity)
      return [await store.setCapacity(next.capacity, 'test', 1), model.headCount()]
    default:
      return [await store[next.does](next.nonce, next.at), model[next.does](next.nonce, next.at)]
  }
}

test('the hall store answers like a hall in plain words, whatever happens in whatever order', async () => {
  const path = join(temporaryFolder(), 'hall.sqlite')
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 6 }),
      fc.array(step, { maxLength: 30 }),
      async (capacity, steps) => {
        const hallId = `hall-${++run}`
        const store = await openEmbeddedHallStore({ path, hallId, capacity })
        try {
          await store.putAppointments(bookable.map((id) => appointment(id)))
          const model = modelHall(capacity, bookable)
          for (const next of steps) {
            const [answered, expected] = await take(store, model, next)
            expect(answered).toEqual(expected)
            expect(await store.headCount()).toEqual(model.headCount())
          }
          for (const known of nonces) expect((await store.claimOf(known))?.state).toBe(model.stateOf(known))
          expect(auditHallFile(path, hallId).problems).toEqual([])
        } finally {
          await store.close()
        }
      },
    ),
    { numRuns: Number(process.env.HALL_RUNS ?? 30) },
  )
})
