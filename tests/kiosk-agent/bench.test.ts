import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { benchSchema, type Check, type Snapshot } from '../../kiosk-agent/api/contract.ts'
import { createDemoHall } from '../../kiosk-agent/bench/demo-hall.ts'
import { demoPeople, EXPIRED_CODE, STRANGE_CODE } from '../../kiosk-agent/bench/people.ts'
import { stories } from '../../kiosk-agent/bench/stories.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'
import { MINUTE, MONDAY_1030 } from '../support/visitor.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

let demo: DemoTerminal
beforeAll(async () => {
  demo = await startDemoTerminal()
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
})

const { act, until } = {
  act: async (...[action]: Parameters<DemoTerminal['screen']['act']>) => {
    expect(await demo.screen.act(action)).toBe(202)
  },
  until: (holds: (snapshot: Snapshot) => boolean, what: string) => demo.screen.until(holds, what),
}

function check<Name extends Check['check']>({ session }: Snapshot, name: Name) {
  const checks = session?.persons[session.current]?.checks ?? []
  return checks.find((each): each is Extract<Check, { check: Name }> => each.check === name)
}

const shows = async (expected: object) => vi.waitFor(() => expect(demo.screen.bench).toMatchObject(expected))
/** Health checks count as out of order until the next one answers. */
const isFree = ({ session, outcome, service }: Snapshot) =>
  session === null && outcome === null && (service.state === 'in-service' || service.state === 'limited')

describe('The bench', () => {
  beforeEach(async () => {
    await act({ type: 'reset' })
    await act({ type: 'fire', active: false })
    await act({ type: 'paper', paper: 'full' })
    await act({ type: 'cover', open: false })
    const unplugged = demo.screen.bench?.devices.filter(({ plugged }) => !plugged) ?? []
    for (const { id } of unplugged) await act({ type: 'cable', device: id, plugged: true })
    const { session, outcome } = demo.screen.snapshot
    if (session) await demo.screen.send({ type: 'cancel', about: session.id })
    if (outcome) await demo.screen.send({ type: 'dismiss-outcome', about: outcome.id })
    await until(isFree, 'a terminal for the next visitor')
  })

  test('shows everything the contract promises', () => {
    expect(benchSchema.parse(demo.screen.bench)).toEqual(demo.screen.bench)
    expect(demo.screen.bench?.persons.map(({ id }) => id)).toEqual(demoPeople.map(({ id }) => id))
    expect(demo.screen.bench?.codes.map(({ code }) => code)).toEqual([
      ...demoPeople.map(({ code }) => code),
      EXPIRED_CODE,
      STRANGE_CODE,
    ])
  })

  test('lays a card down, of somebody booked, and takes it away', async () => {
    await act({ type: 'lay-card', person: 'li' })
    await shows({ card: 'li' })
    const read = await until(
      (snapshot) => check(snapshot, 'appointment')?.state === 'passed',
      'a booked holder',
    )
    expect(check(read, 'identity')?.holder).toEqual({
      nameMasked: '李*明',
      idMasked: expect.stringMatching(/^9999\*+/),
    })
    await act({ type: 'take-card' })
    await shows({ card: null })
  })

  test('does nothing for a person, a cable or a code that does not exist', async () => {
    // Lights blink by themselves.
    const seen = () => ({ ...demo.screen.bench, around: undefined })
    const before = seen()
    await act({ type: 'lay-card', person: 'nobody' })
    await act({ type: 'cable', device: 'nothing', plugged: false })
    expect(seen()).toEqual(before)
    expect(demo.screen.snapshot.session).toBeNull()
  })

  test.each([
    ['TEST-green', 'YKMDEMO:li', 'passed', undefined],
    ['an expired one', EXPIRED_CODE, 'attention', 'expired-code'],
    ['one that is no health code', STRANGE_CODE, 'attention', 'unknown-code'],
  ])('shows a code: %s', async (_what, code, state, problem) => {
    await act({ type: 'lay-card', person: 'li' })
    await until(({ session }) => session !== null, 'a session')
    await act({ type: 'show-code', code })
    const after = await until((snapshot) => check(snapshot, 'health')?.state === state, `health ${state}`)
    expect(check(after, 'health')?.problem).toBe(problem)
  })

  test('puts somebody before the thermometer, and takes them away', async () => {
    await act({ type: 'lay-card', person: 'li' })
    await act({ type: 'set-temperature', centiCelsius: 3680 })
    await shows({ centiCelsius: 3680 })
    const warm = await until(
      (snapshot) => check(snapshot, 'temperature')?.state === 'passed',
      'a temperature',
    )
    expect(check(warm, 'temperature')?.tenths).toBe(368)
    await act({ type: 'nobody-at-thermometer' })
    await shows({ centiCelsius: null })
  })

  test('stands before the kiosk, and the light at the reader invites; then the code window blinks', async () => {
    const isLit = (wanted: string) =>
      demo.screen.bench?.around?.lights.some(({ device, lit }) => device === wanted && lit)
    await act({ type: 'stand-here', present: true })
    await vi.waitFor(() => expect(isLit('id-card-reader')).toBe(true))
    await act({ type: 'lay-card', person: 'li' })
    await vi.waitFor(() => expect(isLit('code-scanner')).toBe(true), { timeout: 5000 })
    expect(isLit('id-card-reader')).toBe(false)
    const { session } = await until(({ session }) => session?.paused === true, 'time that stands still')
    expect(session?.step).toBe('health')
  })

  test('calls staff by the button, and opens the kiosk', async () => {
    await act({ type: 'call-button' })
    await until(({ help }) => help !== null, 'a call for help')
    await demo.screen.send({ type: 'cancel-help' })
    await act({ type: 'kiosk-door', open: true })
    await until(({ service }) => service.notices.includes('kiosk-open'), 'the notice of the open kiosk')
    await act({ type: 'kiosk-door', open: false })
    await until(({ service }) => !service.notices.includes('kiosk-open'), 'the kiosk closed')
  })

  test('leaves a card on the reader: its visitor is reminded until it is taken', async () => {
    await act({ type: 'lay-card', person: 'li' })
    const { session } = await until(({ session }) => session !== null, 'a session')
    await demo.screen.send({ type: 'cancel', about: session?.id ?? null })
    await until(({ cardLeft }) => cardLeft, 'a reminder')
    await act({ type: 'take-card' })
    await until(({ cardLeft }) => !cardLeft, 'the card taken')
  })

  test('walks through a gate that nobody opened: the hall counts one more', async () => {
    const { hall } = demo.screen.snapshot
    await act({ type: 'walk-through' })
    await until(({ hall: { inside } }) => inside === (hall.inside ?? 0) + 1, 'one more inside')
  })

  test('walks through a gate that was opened', async () => {
    const pulses = demo.screen.bench?.pulses ?? 0
    await act({ type: 'lay-card', person: 'li' })
    await act({ type: 'show-code', code: 'YKMDEMO:li' })
    await act({ type: 'set-temperature', centiCelsius: 3650 })
    const { session } = await until(({ session }) => session !== null, 'a session')
    await demo.screen.send({ type: 'attest-mask', about: session?.id ?? null })
    await until(({ outcome }) => outcome?.lane === 'open', 'an open lane')
    await shows({ pulses: pulses + 1 })
    // By hand nobody walks unless somebody is told to.
    await act({ type: 'walk-through' })
    await until(({ outcome }) => outcome?.lane === 'passed', 'somebody passed')
  })

  test('raises and ends a fire alarm', async () => {
    await act({ type: 'fire', active: true })
    await until(({ service }) => service.state === 'emergency', 'an emergency')
    await shows({ fire: true })
    await act({ type: 'fire', active: false })
    await until(({ service }) => service.state === 'in-service', 'service')
  })

  test.each([
    [{ type: 'cable', device: 'thermometer', plugged: false }, 'no-temperature'],
    [{ type: 'cable', device: 'code-scanner', plugged: false }, 'codes-by-camera'],
    [{ type: 'cable', device: 'gate', plugged: false }, 'no-gate'],
  ] as const)('does %j, which the plug mends, and a reset too', async (action, notice) => {
    for (const mend of [{ ...action, plugged: true }, { type: 'reset' }] as const) {
      await act(action)
      await until(({ service }) => service.notices.includes(notice), notice)
      await act(mend)
      await until(({ service }) => !service.notices.includes(notice), 'everything mended')
    }
    expect(demo.screen.bench?.devices.every(({ plugged }) => plugged)).toBe(true)
  })

  test.each([
    [{ type: 'paper', paper: 'out' }, { paper: 'out' }, 'failed'],
    [{ type: 'cover', open: true }, { coverOpen: true }, 'failed'],
    [{ type: 'paper', paper: 'low' }, { paper: 'low' }, 'printed'],
  ] as const)('does %j to the printer', async (action, shown, slip) => {
    await act(action)
    await shows(shown)
    await act({ type: 'lay-card', person: 'huang' })
    const { outcome } = await until(({ outcome }) => outcome?.slip === slip, `a slip that is ${slip}`)
    await act({ type: 'take-card' })
    await act({ type: 'paper', paper: 'full' })
    await act({ type: 'cover', open: false })
    await shows({ paper: 'full', coverOpen: false })
    await demo.screen.send({ type: 'dismiss-outcome', about: outcome?.id ?? null })
    await act({ type: 'lay-card', person: 'huang' })
    await until(({ outcome: next }) => next?.id !== outcome?.id && next?.slip === 'printed', 'a printed slip')
  })

  // Another code each time: the scan head takes the same one again only after a while.
  test.each([
    ['down', 'li'],
    ['busy', 'he'],
  ] as const)('makes the health gateway %s', async (state, person) => {
    await act({ type: 'gateway', state })
    await shows({ gateway: state })
    await act({ type: 'lay-card', person })
    await until(({ session }) => session !== null, 'a session')
    await act({ type: 'show-code', code: `YKMDEMO:${person}` })
    const after = await until((snapshot) => check(snapshot, 'health')?.state === 'failed', 'no health check')
    expect(check(after, 'health')?.problem).toBe('unavailable')
  })

  test('fills the hall, so that nobody is let in, and empties it', async () => {
    await act({ type: 'fill-hall', full: true })
    await shows({ hallFull: true })
    await act({ type: 'lay-card', person: 'li' })
    const { outcome } = await until(({ outcome }) => outcome !== null, 'an outcome')
    expect(outcome).toMatchObject({ decision: 'refuse', reasons: [{ code: 'hall-full' }] })
    await act({ type: 'fill-hall', full: false })
    await shows({ hallFull: false })
  })

  test('stops a story where it is when another begins or a hand takes over', async () => {
    await act({ type: 'preset', preset: 'admitted' })
    await shows({ card: 'li' })
    await act({ type: 'preset', preset: 'no-appointment' })
    await shows({ card: 'huang' })
    await act({ type: 'lay-card', person: 'chen' })
    await shows({ card: 'chen', centiCelsius: null })
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(demo.screen.bench).toMatchObject({ card: 'chen', centiCelsius: null })
  })

  test('keeps the newest five slips, each under an id of its own', async () => {
    for (let visitor = 0; visitor < 6; visitor++) {
      const before = demo.screen.snapshot.outcome?.id
      await act({ type: 'lay-card', person: 'huang' })
      const { outcome } = await until(
        ({ outcome }) => outcome !== null && outcome.id !== before && outcome.slip === 'printed',
        `slip ${visitor}`,
      )
      const newest = () => JSON.stringify(demo.screen.bench?.slips[0]?.paper.items)
      await vi.waitFor(() => expect(newest()).toContain(outcome?.slipCode))
      await act({ type: 'take-card' })
      await demo.screen.send({ type: 'dismiss-outcome', about: outcome?.id ?? null })
      await until(isFree, 'the next visitor')
    }
    const ids = demo.screen.bench?.slips.map(({ id }) => id)
    expect(ids).toHaveLength(5)
    expect(new Set(ids).size).toBe(5)
  })

  test('has a story for each preset, of somebody who exists', () => {
    for (const { person, codeOf = person } of Object.values(stories)) {
      expect(demoPeople.map(({ id }) => id)).toContain(person)
      expect(demoPeople.map(({ id }) => id)).toContain(codeOf)
    }
  })
})

describe('The demo hall', () => {
  async function startHall(capacity: number) {
    const folder = temporaryFolder()
    const state = { now: MONDAY_1030 }
    const store = await openEmbeddedHallStore({ path: `${folder}/hall.sqlite`, hallId: 'demo', capacity })
    const open = () =>
      createDemoHall({ store, blindIndex: (number) => `h-${number}`, now: () => state.now++ })
    const person = (id: string) => {
      const found = demoPeople.find((each) => each.id === id)
      if (!found) throw new Error(`nobody is called ${id}`)
      return found
    }
    const bookingsOf = async (id: string) =>
      (
        await store.appointmentsOf(`h-${person(id).card.idNumber}`, MONDAY_1030 - 1e9, MONDAY_1030 + 1e9)
      ).filter(({ status }) => status === 'booked')
    return { store, state, open, person, bookingsOf, [Symbol.asyncDispose]: () => store.close() }
  }

  test('lets nobody in by a booking that was for later when it was made', async () => {
    await using hall = await startHall(10)
    const { book } = hall.open()
    await book(hall.person('chen'))
    hall.state.now += 90 * MINUTE
    await book(hall.person('chen'))
    const bookings = await hall.bookingsOf('chen')
    expect(bookings.map(({ start }) => start)).toEqual([MONDAY_1030 + 180 * MINUTE])
    await book(hall.person('huang'))
    expect(await hall.bookingsOf('huang')).toEqual([])
  })

  test('is full after two calls at once, and empty after one', async () => {
    await using hall = await startHall(10)
    const demoHall = hall.open()
    await Promise.all([demoHall.fill(true), demoHall.fill(true)])
    expect(await hall.store.headCount()).toMatchObject({ inside: 10, free: 0 })
    await demoHall.fill(false)
    expect(await hall.store.headCount()).toMatchObject({ inside: 0, free: 10 })
  })

  test('sends only the crowd home while there is room, and everybody when there is none', async () => {
    await using hall = await startHall(3)
    const demoHall = hall.open()
    const admit = async (nonce: string) => {
      hall.state.now++
      await demoHall.book(hall.person('li'))
      const [booking] = await hall.bookingsOf('li')
      const at = hall.state.now
      const order = { nonce, appointmentId: booking?.id ?? '', persons: 1, terminalId: 't', at }
      expect(await hall.store.claim(order)).toEqual({ claimed: true })
      await hall.store.confirm(nonce, at)
    }
    await admit('n1')
    await Promise.all([demoHall.fill(true), demoHall.fill(true)])
    await demoHall.fill(false)
    expect(await hall.store.headCount()).toMatchObject({ inside: 1 })
    await admit('n2')
    await admit('n3')
    await demoHall.fill(false)
    expect(await hall.store.headCount()).toMatchObject({ inside: 0, free: 3 })
  })

  test('is not full for ever when the agent stopped while a crowd was inside', async () => {
    await using hall = await startHall(10)
    await hall.open().fill(true)
    await hall.open().fill(false)
    expect(await hall.store.headCount()).toMatchObject({ inside: 0, free: 10 })
  })
})
