import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idle, next, type Session, type SessionEvent, wakeAt } from '../../kiosk-agent/entry/session.ts'
import { timeLeft } from '../../kiosk-agent/entry/session-time.ts'
import { appointment, circumstances, healthOf, MONDAY_1030, resident, sample } from '../support/visitor.ts'

const li = resident()
const { idleSeconds, presentSeconds, graceSeconds } = circumstances().rules.session
const card: SessionEvent = { type: 'card', card: li }
const tick: SessionEvent = { type: 'tick' }
const facts = (present: boolean | undefined) => ({ ...circumstances(), present })

/** What may happen while somebody stands there, or nobody does. */
interface Moment {
  readonly waitMs: number
  readonly present: boolean | undefined
  readonly event: SessionEvent
}

const visit: SessionEvent[] = [
  card,
  { type: 'appointments', sessionId: 't-1', appointments: [appointment()] },
  { type: 'code', code: 'YKMDEMO:li' },
  { type: 'health', sessionId: 't-1', question: 1, answer: healthOf(li) },
  { type: 'mask-attested' },
  ...Array.from(
    { length: 5 },
    (): SessionEvent => ({ type: 'temperature', sample: sample(3650), takenAt: 0 }),
  ),
  { type: 'claim', nonce: 't-1-claim', answer: { claimed: true } },
]
const present = fc.constantFrom(true, true, false, undefined)
const moments = (events: readonly SessionEvent[], waits: readonly number[]): fc.Arbitrary<Moment[]> =>
  fc.array(fc.record({ waitMs: fc.constantFrom(...waits), present, event: fc.constantFrom(...events) }), {
    maxLength: 40,
  })

describe('Whoever is seen before the kiosk', () => {
  test('changes no decision: the same evidence at the same time ends the same way', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(visit, { minLength: 8 }), fc.array(present), (events, seen) => {
        let held: Session = idle('t')
        let alone: Session = idle('t')
        events.forEach((event, at) => {
          const now = MONDAY_1030 + 100 * at
          const timed = event.type === 'temperature' ? { ...event, takenAt: now } : event
          const one = next(held, timed, facts(seen[at]), now)
          const other = next(alone, timed, facts(undefined), now)
          expect(one.effects).toEqual(other.effects)
          held = one.session
          alone = other.session
        })
      }),
      { numRuns: 300 },
    )
  })

  test('opens no session and ends none', () => {
    for (const seen of [true, false, undefined])
      expect(next(idle('t'), tick, facts(seen), MONDAY_1030)).toEqual({ session: idle('t'), effects: [] })
  })

  test('holds a session open, but never beyond its maximum, and never shortens it', () => {
    const happenings: SessionEvent[] = [tick, tick, tick, { type: 'more-time' }, { type: 'no-phone' }]
    fc.assert(
      fc.property(moments(happenings, [200, 5000, 30_000, 70_000]), (day) => {
        let now = MONDAY_1030
        let held = next(idle('t'), card, facts(true), now).session
        let alone = next(idle('t'), card, facts(undefined), now).session
        let lastActivity = now
        for (const { waitMs, present: seen, event } of day) {
          now += waitMs
          // Activity is compared only while both sessions may still have some.
          const both: boolean = held.phase !== 'idle' && alone.phase !== 'idle'
          const played: SessionEvent = both ? event : tick
          held = next(held, played, facts(seen), now).session
          alone = next(alone, played, facts(undefined), now).session
          if (both && held.phase !== 'idle' && played !== tick) lastActivity = now
          if (alone.phase !== 'idle') expect(held.phase).not.toBe('idle')
          if (held.phase !== 'idle')
            expect(now).toBeLessThan(lastActivity + (idleSeconds + presentSeconds) * 1000)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves a grace when gone, and the session wakes at every moment at which its time changes', () => {
    const start = next(idle('t'), card, facts(true), MONDAY_1030).session
    if (start.phase === 'idle') throw new Error('no session')
    expect(timeLeft(start, facts(true), MONDAY_1030)).toEqual({
      remainingMs: idleSeconds * 1000,
      paused: true,
    })
    expect(
      wakeAt({ ...start, persons: [{ ...start.persons[0], openedAt: 0 }] }, facts(true), MONDAY_1030),
    ).toBe(MONDAY_1030 + presentSeconds * 1000)
    const later = MONDAY_1030 + 100_000
    const gone = next(start, tick, facts(false), later).session
    if (gone.phase === 'idle') throw new Error('no session')
    expect(timeLeft(gone, facts(false), later)).toEqual({ remainingMs: graceSeconds * 1000, paused: false })
    expect(next(gone, tick, facts(false), later + graceSeconds * 1000).effects).toEqual([
      { type: 'end', sessionId: 't-1', how: 'timed-out' },
    ])
  })
})
