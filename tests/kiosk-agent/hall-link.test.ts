import { describe, expect, test } from 'vitest'
import { createHallLink } from '../../kiosk-agent/entry/hall-link.ts'
import type { ClaimAnswer, HeadCount } from '../../kiosk-agent/hall/hall-store.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { order } from './support/hall-fixture.ts'

const count = (inside: number): HeadCount => ({
  capacity: 300,
  inside,
  unconfirmed: 0,
  granted: 0,
  free: 300 - inside,
  over: 0,
})

/** A store whose answers come when the test says; each question gets the next delay. */
function linkBench(delaysMs: readonly number[], broken = false) {
  const clock = fakeClock()
  const logged: string[] = []
  let asked = 0
  async function answer<Answer>(value: Answer): Promise<Answer> {
    await clock.sleep(delaysMs[asked++] ?? 0)
    if (broken) throw new Error('unreachable')
    return value
  }
  let inside = 0
  const link = createHallLink({
    store: {
      headCount: () => answer(count(++inside)),
      appointmentsOf: () => answer([]),
      claim: () => answer<ClaimAnswer>({ claimed: true }),
    },
    clock,
    log: (message) => logged.push(message),
    onChange: () => {},
  })
  return { clock, link, logged }
}

describe('The hall store as the door asks it', () => {
  test.each([
    [299, { claimed: true }],
    [301, undefined],
  ])('an answer after %i ms is %j', async (delayMs, expected) => {
    const { clock, link } = linkBench([delayMs])
    expect(await clock.until(link.claim(order('n1', 'a')))).toEqual(expected)
    expect(clock.monotonic()).toBeLessThanOrEqual(300)
  })

  test('knows when a late claim has been answered after all, also by an error', async () => {
    for (const broken of [false, true]) {
      const { clock, link } = linkBench([5000], broken)
      await clock.until(link.claim(order('n1', 'a')))
      await clock.until(link.claimAnswered('n1'))
      expect(clock.monotonic()).toBe(5000)
      await link.claimAnswered('n1')
      await link.claimAnswered('never asked')
    }
  })

  test('an older count never replaces a newer one', async () => {
    const { clock, link } = linkBench([200, 50])
    const older = link.recount()
    const newer = link.recount()
    await clock.until(Promise.all([older, newer]))
    expect(link.head?.inside).toBe(2)
  })

  test('a store that is away is logged once, and forgotten when it counts again', async () => {
    const { clock, link, logged } = linkBench([], true)
    const over = new AbortController()
    const watching = link.watch(over.signal)
    await clock.advance(60_000)
    expect(link.head).toBeUndefined()
    expect(logged).toHaveLength(1)
    over.abort()
    await clock.until(watching)
  })
})
