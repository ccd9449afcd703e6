import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Circumstances } from '../../kiosk-agent/entry/judgement.ts'
import {
  type Decision,
  type Effect,
  idle,
  next,
  type Session,
  type SessionEvent,
} from '../../kiosk-agent/entry/session.ts'
import type { HealthErrorCode, HealthResult } from '../../kiosk-agent/gateways/health/health-adapter.ts'
import type { Appointment, ClaimAnswer } from '../../kiosk-agent/hall/hall-store.ts'
import {
  appointment,
  circumstances,
  healthOf,
  MINUTE,
  MONDAY_1030,
  resident,
  sample,
} from '../support/visitor.ts'

const li = resident()
const wang = resident('王芳', '128')

/** What the world answers when the session asks. */
interface World {
  readonly appointments: readonly Appointment[] | 'unavailable'
  readonly health: HealthResult | HealthErrorCode
  readonly claim: ClaimAnswer | 'unavailable'
  readonly hall?: Partial<Circumstances['hall']>
}

const goodWorld: World = {
  appointments: [appointment()],
  health: healthOf(li),
  claim: { claimed: true },
}

const card: SessionEvent = { type: 'card', card: li }
const code: SessionEvent = { type: 'code', code: 'YKMDEMO:li' }
const mask: SessionEvent = { type: 'mask-attested' }
const heat = (centi: number): SessionEvent[] =>
  [0, 4, -3, 2, 1].map((jitter, at) => ({
    type: 'temperature',
    sample: sample(centi + jitter),
    takenAt: MONDAY_1030 + 100 * (at + 1),
  }))

/** Plays streams of events; `pick` chooses the next stream. Answers to questions become streams of their own. */
function play(streams: SessionEvent[][], world: World, pick: (count: number) => number) {
  const facts = circumstances(world.hall)
  const waiting = streams.map((stream) => [...stream])
  const effects: Effect[] = []
  let session: Session = idle('t')
  for (;;) {
    const open = waiting.filter((stream) => stream.length > 0)
    const event = open[pick(open.length)]?.shift()
    if (!event) return { session, effects, decision: undefined }
    const step = next(session, event, facts, MONDAY_1030)
    session = step.session
    effects.push(...step.effects)
    for (const effect of step.effects) {
      if (effect.type === 'decide') return { session, effects, decision: effect.decision }
      const answer = answerTo(effect, world)
      if (answer) waiting.push([answer])
    }
  }
}

function answerTo(effect: Effect, world: World): SessionEvent | undefined {
  switch (effect.type) {
    case 'find-appointments':
      return { type: 'appointments', sessionId: effect.sessionId, appointments: world.appointments }
    case 'verify-health':
      return { type: 'health', sessionId: effect.sessionId, question: effect.question, answer: world.health }
    case 'claim':
      return { type: 'claim', nonce: effect.nonce, answer: world.claim }
    case 'decide':
    case 'end':
      return undefined
  }
}

function decide(world: Partial<World> = {}, centi = 3650): Decision | undefined {
  return play([[card], [code], heat(centi), [mask]], { ...goodWorld, ...world }, () => 0).decision
}

const codes = (decision: Decision | undefined) => decision?.reasons.map((reason) => reason.code)

describe('The entry session', () => {
  test('admits a visitor with an appointment, a green code, no fever and a mask', () => {
    expect(decide()).toMatchObject({ decision: 'admit', reasons: [], nonce: 't-1-claim' })
  })

  test('refuses whoever has no appointment as soon as the card tells, without asking for a code', () => {
    const { decision } = play([[card]], { ...goodWorld, appointments: [] }, () => 0)
    expect(decision).toMatchObject({ decision: 'refuse', reasons: [{ code: 'no-appointment' }] })
  })

  test('tells somebody who is early when the door opens for them', () => {
    const start = MONDAY_1030 + 63 * MINUTE
    const early = [appointment({ start, end: start + 30 * MINUTE })]
    expect(decide({ appointments: early })).toMatchObject({
      decision: 'refuse',
      reasons: [
        {
          code: 'too-early',
          slotStart: '2020-03-02T11:33:00+08:00',
          admittedFrom: '2020-03-02T11:18:00+08:00',
          minutes: 48,
        },
      ],
    })
  })

  test.each<[string, Partial<World>, number, string, string]>([
    [
      'a late visitor',
      { appointments: [appointment({ start: MONDAY_1030 - 90 * MINUTE, end: MONDAY_1030 - 60 * MINUTE })] },
      3650,
      'refuse',
      'too-late',
    ],
    [
      'an appointment used before',
      { appointments: [appointment({ status: 'checked-in' })] },
      3650,
      'assist',
      'appointment-used',
    ],
    [
      'a cancelled appointment',
      { appointments: [appointment({ status: 'cancelled' })] },
      3650,
      'refuse',
      'appointment-cancelled',
    ],
    ['a store that is away', { appointments: 'unavailable' }, 3650, 'assist', 'appointments-unavailable'],
    ['a full hall', { hall: { free: 0 } }, 3650, 'refuse', 'hall-full'],
    [
      'a hall that filled a moment ago',
      { claim: { claimed: false, why: 'full' } },
      3650,
      'refuse',
      'hall-full',
    ],
    [
      'an appointment somebody used a moment ago',
      { claim: { claimed: false, why: 'taken' } },
      3650,
      'assist',
      'appointment-used',
    ],
    ['a store that fails at the claim', { claim: 'unavailable' }, 3650, 'assist', 'store-unavailable'],
    [
      'a gate that is away',
      { hall: { available: { gate: false, thermometer: true } } },
      3650,
      'assist',
      'gate-unavailable',
    ],
    ['a yellow code', { health: healthOf(li, 'yellow') }, 3650, 'refuse', 'health-yellow'],
    ['a red code', { health: healthOf(li, 'red') }, 3650, 'refuse', 'health-red'],
    ['a grade nobody knows', { health: healthOf(li, 'unknown') }, 3650, 'assist', 'health-unknown'],
    [
      'a code whose owner is not told',
      { health: { ...healthOf(li), subject: {} } },
      3650,
      'assist',
      'health-unknown',
    ],
    ["somebody else's green code", { health: healthOf(wang) }, 3650, 'refuse', 'health-owner-mismatch'],
    ['a gateway that is down', { health: 'offline' }, 3650, 'assist', 'health-unavailable'],
    ['a gateway that is busy', { health: 'busy' }, 3650, 'assist', 'health-unavailable'],
    ['37.3', {}, 3730, 'refuse', 'temperature-high'],
    ['37.25, which is shown as 37.3', {}, 3725, 'refuse', 'temperature-high'],
  ])('does not admit %s', (_name, world, centi, decision, reason) => {
    const result = decide(world, centi)
    expect(result?.decision).toBe(decision)
    expect(codes(result)).toEqual([reason])
  })

  test('admits 37.24, which is shown as 37.2', () => {
    expect(decide({}, 3723)?.decision).toBe('admit')
  })

  test('asks again when a code has expired, and sends the visitor to staff after the third', () => {
    const once = play([[card], [code], heat(3650), [mask]], { ...goodWorld, health: 'expired-code' }, () => 0)
    expect(once.decision).toBeUndefined()
    const facts = circumstances()
    let session: Session = idle('t')
    const effects: Effect[] = []
    const found: SessionEvent = {
      type: 'appointments',
      sessionId: 't-1',
      appointments: goodWorld.appointments,
    }
    const tries = [1, 2, 3].flatMap((question): SessionEvent[] => [
      code,
      { type: 'health', sessionId: 't-1', question, answer: 'expired-code' },
    ])
    for (const event of [card, found, ...heat(3650), mask, ...tries]) {
      const step = next(session, event, facts, MONDAY_1030)
      session = step.session
      effects.push(...step.effects)
    }
    expect(effects.at(-1)).toMatchObject({
      type: 'decide',
      decision: { decision: 'assist', reasons: [{ code: 'health-code-rejected' }] },
    })
  })

  test('never counts a temperature taken before this person was open', () => {
    const before = heat(3650).map((event) => ({ ...event, takenAt: MONDAY_1030 - 5000 }) as SessionEvent)
    const { decision } = play([[card], [code], before, [mask]], goodWorld, () => 0)
    expect(decision).toBeUndefined()
  })

  test('never mixes the evidence of two people: another card begins a new session', () => {
    const facts = circumstances()
    let session: Session = idle('t')
    for (const event of [card, code, ...heat(3650), mask]) {
      session = next(session, event, facts, MONDAY_1030).session
    }
    const { session: second, effects } = next(session, { type: 'card', card: wang }, facts, MONDAY_1030)
    expect(effects).toContainEqual({ type: 'end', sessionId: 't-1', how: 'replaced' })
    expect(second).toMatchObject({
      id: 't-2',
      persons: [{ health: { status: 'none' }, maskAttested: false }],
    })
    expect(second.phase === 'collecting' && second.persons[0].temperature).toBeUndefined()
  })

  test('drops an answer of the gateway that was meant for the visitor before', () => {
    const facts = circumstances()
    const first = next(idle('t'), code, facts, MONDAY_1030).session
    const gone = next(first, { type: 'cancel' }, facts, MONDAY_1030).session
    const second = next(gone, code, facts, MONDAY_1030).session
    const late: SessionEvent = { type: 'health', sessionId: 't-1', question: 1, answer: healthOf(li) }
    expect(next(second, late, facts, MONDAY_1030).session).toEqual(second)
  })

  test('neither cancels nor times out while a place is being taken', () => {
    const facts = circumstances()
    let session: Session = idle('t')
    const answers = [goodWorld.appointments, goodWorld.health]
    expect(answers).toHaveLength(2)
    const events: SessionEvent[] = [
      card,
      { type: 'appointments', sessionId: 't-1', appointments: goodWorld.appointments },
      code,
      { type: 'health', sessionId: 't-1', question: 1, answer: goodWorld.health },
      ...heat(3650),
      mask,
    ]
    for (const event of events) session = next(session, event, facts, MONDAY_1030).session
    expect(session.phase).toBe('committing')
    for (const type of ['cancel', 'tick'] as const) {
      const step = next(session, { type }, facts, MONDAY_1030 + 3_600_000)
      expect(step).toEqual({ session, effects: [] })
    }
  })

  test('takes the card of a quick next visitor as soon as the decision is made', () => {
    const facts = circumstances()
    const events: SessionEvent[] = [
      card,
      { type: 'appointments', sessionId: 't-1', appointments: goodWorld.appointments },
      code,
      { type: 'health', sessionId: 't-1', question: 1, answer: goodWorld.health },
      ...heat(3650),
      mask,
      { type: 'card', card: wang },
      { type: 'claim', nonce: 't-1-claim', answer: { claimed: true } },
    ]
    let session: Session = idle('t')
    const effects: Effect[] = []
    for (const event of events) {
      const step = next(session, event, facts, MONDAY_1030)
      session = step.session
      effects.push(...step.effects)
    }
    expect(effects.map(({ type }) => type).slice(-2)).toEqual(['decide', 'find-appointments'])
    expect(session).toMatchObject({ phase: 'collecting', id: 't-2', persons: [{ card: { name: '王芳' } }] })
  })

  test('ends by itself when nobody goes on, and goes on when somebody asks for more time', () => {
    const facts = circumstances()
    const { session } = next(idle('t'), card, facts, MONDAY_1030)
    const late = MONDAY_1030 + 60_000
    expect(next(session, { type: 'tick' }, facts, late).effects).toEqual([
      { type: 'end', sessionId: 't-1', how: 'timed-out' },
    ])
    const longer = next(session, { type: 'more-time' }, facts, late - 1).session
    expect(next(longer, { type: 'tick' }, facts, late).session.phase).toBe('collecting')
  })
})

const worlds: fc.Arbitrary<World> = fc.record({
  appointments: fc.constantFrom<World['appointments']>(
    [appointment()],
    [],
    [appointment({ status: 'checked-in' })],
    'unavailable',
  ),
  health: fc.constantFrom<World['health']>(
    healthOf(li),
    healthOf(li, 'yellow'),
    healthOf(li, 'unknown'),
    healthOf(wang),
    'offline',
    'expired-code',
  ),
  claim: fc.constantFrom<World['claim']>({ claimed: true }, { claimed: false, why: 'full' }, 'unavailable'),
  hall: fc.constantFrom({}, { free: 0 }, { available: { gate: true, thermometer: false } }),
})

describe('Whatever the order in which evidence arrives', () => {
  test('the decision and its reasons are the same', () => {
    const choices = fc.array(fc.nat(), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(worlds, fc.constantFrom(3650, 3730), choices, (world, centi, order) => {
        // A thermometer that is away sends nothing.
        const measures = world.hall?.available?.thermometer ?? true
        const streams = [[card], [code], ...(measures ? [heat(centi)] : []), [mask]]
        const inOrder = play(streams, world, () => 0).decision
        let turn = 0
        // A visitor begins with a card or a code; before that nothing belongs to anybody.
        const mixed = play(streams, world, (count) => {
          const choice = order[turn % order.length] ?? 0
          return turn++ === 0 ? choice % 2 : choice % count
        }).decision
        expect(mixed?.decision).toBe(inOrder?.decision)
        expect(mixed?.reasons).toEqual(inOrder?.reasons)
      }),
      { numRuns: 500 },
    )
  })
})

/** What a test plays: events, time that goes by, and answers that find their session only when they are played. */
type Played =
  | SessionEvent
  | { wait: number }
  | { played: 'health'; stale: boolean; with: HealthResult | HealthErrorCode }
  | { played: 'appointments'; stale: boolean; with: World['appointments'] }
  | { played: 'claim'; stale: boolean; with: ClaimAnswer }

const stale = fc.constantFrom(false, false, false, true)
const anything: fc.Arbitrary<Played> = fc.oneof(
  fc.constantFrom<Played>(
    card,
    { type: 'card', card: wang },
    code,
    { type: 'code', code: undefined },
    mask,
    { type: 'no-phone' },
    { type: 'tick' },
    { type: 'more-time' },
    { type: 'cancel' },
    { type: 'card-problem', problem: 'hold-still' },
    { wait: 300 },
    { wait: 5000 },
    { wait: 61_000 },
    // Times of temperatures are relative to the moment they are played.
    { type: 'temperature', sample: sample(3650), takenAt: 0 },
    { type: 'temperature', sample: sample(3650), takenAt: -4000 },
    { type: 'temperature', sample: sample(3730), takenAt: 0 },
    { type: 'temperature', sample: sample(2500), takenAt: 0 },
  ),
  fc.record({
    played: fc.constant('health' as const),
    stale,
    with: fc.constantFrom(healthOf(li), healthOf(wang), healthOf(li, 'red'), 'offline' as const),
  }),
  fc.record({
    played: fc.constant('appointments' as const),
    stale,
    with: fc.constantFrom<World['appointments']>([appointment()], [], 'unavailable'),
  }),
  fc.record({
    played: fc.constant('claim' as const),
    stale,
    with: fc.constantFrom<ClaimAnswer>({ claimed: true }, { claimed: false, why: 'full' }),
  }),
)

/** A visit in which everything is right, in any order, perhaps with pieces missing. */
const visit = fc
  .constantFrom(li, wang)
  .chain((who) =>
    fc.shuffledSubarray<Played>(
      [
        { type: 'card', card: who },
        code,
        mask,
        { played: 'appointments', stale: false, with: [appointment()] },
        { played: 'health', stale: false, with: healthOf(li) },
        { played: 'claim', stale: false, with: { claimed: true } },
        ...Array.from(
          { length: 5 },
          (): Played => ({ type: 'temperature', sample: sample(3650), takenAt: 0 }),
        ),
      ],
      { minLength: 9 },
    ),
  )
const days = fc
  .array(
    fc.oneof({ weight: 2, arbitrary: visit }, { weight: 3, arbitrary: anything.map((each) => [each]) }),
    {
      minLength: 3,
      maxLength: 20,
    },
  )
  .map((chunks) => chunks.flat())

function resolved(played: Exclude<Played, { wait: number }>, session: Session, now: number): SessionEvent {
  if (!('played' in played)) {
    return played.type === 'temperature' ? { ...played, takenAt: now + played.takenAt } : played
  }
  const count = played.stale ? session.count - 1 : session.count
  const sessionId = `t-${count}`
  switch (played.played) {
    case 'health': {
      const question = session.phase === 'idle' ? 1 : session.persons[0].questions
      return { type: 'health', sessionId, question, answer: played.with }
    }
    case 'appointments':
      return { type: 'appointments', sessionId, appointments: played.with }
    case 'claim':
      return { type: 'claim', nonce: `${sessionId}-claim`, answer: played.with }
  }
}

describe('Whatever happens at the door', () => {
  test('nobody is admitted without every check passed by that very person, and at most once a session', () => {
    let admitted = 0
    fc.assert(
      fc.property(days, (day) => {
        const facts = circumstances()
        let now = MONDAY_1030
        let session: Session = idle('t')
        // What was really fed to the session that is open, noted by the test itself.
        let fed: SessionEvent[] = []
        let laidMeanwhile: SessionEvent | undefined
        const claimed: string[] = []
        const ended: string[] = []
        for (const each of day) {
          now += 'wait' in each ? each.wait : 10
          if ('wait' in each) continue
          const event = resolved(each, session, now)
          const before = session.phase === 'idle' ? undefined : session.id
          // While a place is being taken nothing is evidence any more, but a next visitor may lay down a card.
          const committing = session.phase === 'committing'
          if (committing && event.type === 'card') laidMeanwhile = event
          const step = next(session, event, facts, now)
          session = step.session
          for (const effect of step.effects) {
            if (effect.type === 'claim') claimed.push(effect.sessionId)
            if (effect.type === 'end') ended.push(effect.sessionId)
            if (effect.type !== 'decide') continue
            ended.push(effect.decision.sessionId)
            if (effect.decision.decision !== 'admit') continue
            admitted++
            expectEverythingPassed([...fed, event], effect.decision)
          }
          const after = session.phase === 'idle' ? undefined : session.id
          if (after === undefined) fed = []
          else if (after !== before) fed = laidMeanwhile ? [laidMeanwhile] : [event]
          else if (!committing) fed = [...fed, event]
          if (session.phase !== 'committing') laidMeanwhile = undefined
        }
        expect(new Set(ended).size).toBe(ended.length)
        expect(new Set(claimed).size).toBe(claimed.length)
      }),
      { numRuns: 4000, seed: 20200302 },
    )
    // Otherwise the test above would have looked at nothing.
    expect(admitted).toBeGreaterThan(100)
  })
})

function expectEverythingPassed(fed: readonly SessionEvent[], decision: Decision): void {
  const of = <T extends SessionEvent['type']>(type: T) =>
    fed.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type)
  const { sessionId } = decision
  const holders = new Set(of('card').map((event) => event.card.idNumber))
  expect(holders.size).toBe(1)
  const answers = of('health').filter((event) => event.sessionId === sessionId)
  const holder = of('card')[0]?.card
  expect(
    answers.some(
      ({ answer }) => typeof answer !== 'string' && answer.grade === 'green' && isOf(answer, holder?.name),
    ),
  ).toBe(true)
  expect(
    of('appointments').some(
      (event) =>
        event.sessionId === sessionId && Array.isArray(event.appointments) && event.appointments.length === 1,
    ),
  ).toBe(true)
  expect(
    of('temperature').filter(({ sample: { bodyCentiCelsius } }) => bodyCentiCelsius === 3650).length,
  ).toBeGreaterThanOrEqual(5)
  expect(of('mask-attested').length).toBeGreaterThan(0)
  expect(of('claim')).toContainEqual({
    type: 'claim',
    nonce: `${sessionId}-claim`,
    answer: { claimed: true },
  })
}

function isOf(answer: HealthResult, name: string | undefined): boolean {
  return answer.subject?.nameMasked?.startsWith(name?.slice(0, 1) ?? '?') ?? false
}
