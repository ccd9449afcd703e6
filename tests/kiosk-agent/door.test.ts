import { describe, expect, test } from 'vitest'
import { doorBench, li, openDoor, wang } from './support/door-bench.ts'

const HOUR = 3_600_000

describe('The door', () => {
  test('writes nonce, decision and grant before it tells the screen or sends the gate a byte', async () => {
    const { clock, visit, outcome, walk, happened, types, unhandled, store } = await openDoor()
    await visit()
    expect(await outcome()).toMatchObject({ decision: 'admit', lane: 'open', slip: 'printed' })
    const order = ['ledger nonce', 'ledger decision', 'ledger grant']
    expect(happened.slice(0, 3)).toEqual(order)
    for (const later of ['gate pulse', 'screen admit', 'paper'])
      expect(happened.indexOf(later)).toBeGreaterThan(2)
    expect(happened.indexOf('paper')).toBeGreaterThan(
      happened.findIndex((each, at) => each === 'ledger slip' && at > happened.indexOf('ledger slip')),
    )
    walk()
    await clock.advance(100)
    expect(types().slice(-3)).toEqual(['passage', 'grant-ended', 'settled'])
    expect(store.claims.get('e-1-claim')).toBe('inside')
    expect(unhandled).toEqual([])
  })

  test('writes the nonce as soon as only the rest of the evidence is missing, and claims under it without writing it again', async () => {
    const { clock, layCard, showCode, stand, attest, outcome, happened, store } = await openDoor()
    layCard(li)
    await clock.advance(100)
    expect(happened).toEqual(['ledger nonce'])
    expect(store.claims.size).toBe(0)
    showCode(li)
    await stand()
    attest()
    expect((await outcome())?.decision).toBe('admit')
    expect(happened.filter((each) => each === 'ledger nonce')).toHaveLength(1)
    expect(store.claims.get('e-1-claim')).toBe('granted')
  })

  test('closes a nonce that no claim came for, whether the visitor left or was refused', async () => {
    const { clock, layCard, visit, stand, send, view, entries, store } = await openDoor()
    layCard(li)
    await clock.advance(100)
    send({ type: 'cancel', about: view().session?.id ?? null })
    await visit(wang)
    await clock.advance(100)
    layCard(li)
    await stand(3730)
    await clock.advance(100)
    const closed = entries.flatMap((entry) => (entry.type === 'settled' ? [entry] : []))
    expect(closed[0]).toMatchObject({ nonce: 'e-1-claim', result: 'never-claimed' })
    expect([...store.claims.keys()]).toEqual(['e-2-claim'])
  })

  test('has the thermometer measure closely only while somebody is at the door', async () => {
    const { clock, door, layCard, send, view, attended } = await openDoor()
    door.refresh()
    expect(attended).toEqual([false])
    layCard(li)
    await clock.advance(100)
    expect(attended).toEqual([false, true])
    send({ type: 'cancel', about: view().session?.id ?? null })
    await clock.advance(100)
    expect(attended).toEqual([false, true, false])
  })

  test('neither opens nor tells anything while the decision is not synced', async () => {
    const { clock, visit, outcome, gate, view, ledger } = await openDoor()
    ledger.delayMs = 2000
    await visit()
    await clock.advance(3000) // the nonce is synced, the decision is not
    expect(await outcome()).toBeNull()
    expect(view().session).toBeNull()
    expect(gate.pulses).toEqual([])
    await clock.advance(2000)
    expect(gate.pulses).toHaveLength(1)
    expect((await outcome())?.decision).toBe('admit')
  })

  test('keeps no evidence of one visitor for the next', async () => {
    const { clock, visit, layCard, showCode, attest, outcome, walk, view, gate } = await openDoor()
    await visit()
    await outcome()
    walk()
    layCard(wang)
    showCode(wang)
    attest()
    await clock.advance(500)
    expect(view().session?.persons[0]?.checks).toContainEqual({ check: 'temperature', state: 'missing' })
    expect(gate.pulses).toHaveLength(1)
  })

  test('takes neither a thermal picture nor what is told around the kiosk for evidence', async () => {
    const { clock, door, layCard, view, gate } = await openDoor()
    layCard(wang)
    await clock.advance(100)
    const before = view().session
    const region = { left: 0, top: 0, width: 1, height: 1 }
    const picture = { columns: 1, rows: 1, centiCelsius: Int16Array.of(3650), region }
    for (let again = 0; again < 6; again++)
      door.onDevice({ kind: 'thermometer', event: { type: 'picture', picture } })
    door.onDevice({ kind: 'auxiliaries', event: { type: 'presence', present: false } })
    door.onDevice({ kind: 'auxiliaries', event: { type: 'door', open: true } })
    await clock.advance(100)
    expect(view().session?.persons).toEqual(before?.persons)
    expect(view().session?.persons[0]?.checks).toContainEqual({ check: 'temperature', state: 'missing' })
    expect(gate.pulses).toEqual([])
  })

  test('leaves the reasons on the screen when the refused visitor still shows a code, not when a card is laid down', async () => {
    const { clock, layCard, showCode, outcome, view, store } = await openDoor()
    store.nobodyBooked = true
    layCard(li)
    expect(await outcome()).toMatchObject({ decision: 'refuse', reasons: [{ code: 'no-appointment' }] })
    showCode(li)
    await clock.advance(100)
    expect(view()).toMatchObject({ session: null, outcome: { decision: 'refuse' } })
    await clock.advance(5000)
    showCode(wang) // by now it is somebody else's
    await clock.advance(100)
    expect(view()).toMatchObject({ session: { phase: 'collecting' }, outcome: null })
  })

  test('takes the next card while the last visitor still walks, and opens once for each', async () => {
    const { clock, visit, outcome, walk, gate, store } = await openDoor()
    await visit(li)
    await outcome()
    await visit(wang)
    expect((await outcome())?.lane).toBe('opening')
    expect(gate.pulses).toHaveLength(1)
    walk()
    expect((await outcome())?.lane).toBe('open')
    walk()
    await clock.advance(100)
    expect(gate.pulses).toHaveLength(2)
    expect([...store.claims.values()]).toEqual(['inside', 'inside'])
  })
})

describe('While the ledger cannot write', () => {
  test.each(['nonce', 'decision', true] as const)(
    'nobody is admitted (%s), the place goes back, and the door recovers by itself',
    async (broken) => {
      const { clock, visit, outcome, gate, view, ledger, store, types, unhandled } = await openDoor()
      ledger.broken = broken
      await visit()
      const told = await outcome()
      expect(told?.decision === 'admit').toBe(false)
      expect(gate.pulses).toEqual([])
      if (broken === true) expect(view().service.state).toBe('out-of-service')
      ledger.broken = false
      await clock.advance(3000)
      expect(view().service.state).toBe('in-service')
      expect(store.claims.get('e-1-claim')).not.toBe('granted')
      await visit(wang)
      expect(types()).toContain('settled')
      expect((await outcome())?.decision).toBe('admit')
      expect(gate.pulses).toHaveLength(1)
      expect(unhandled).toEqual([])
    },
  )

  test('a refusal is not told either, and the door still recovers without anybody pressing anything', async () => {
    const { clock, layCard, outcome, view, ledger, store } = await openDoor()
    store.away = true
    ledger.broken = true
    layCard(li)
    expect(await outcome()).toBeNull()
    expect(view().service.state).toBe('out-of-service')
    ledger.broken = false
    store.away = false
    await clock.advance(3000)
    expect(view().service.state).toBe('in-service')
  })

  test('a passage is kept and written down later, in its order', async () => {
    const { clock, visit, outcome, walk, ledger, types, store } = await openDoor()
    await visit()
    await outcome()
    ledger.broken = true
    walk()
    await clock.advance(5000)
    expect(types()).not.toContain('passage')
    ledger.broken = false
    await clock.advance(2000)
    expect(types().filter((type) => ['pulse', 'passage', 'grant-ended', 'settled'].includes(type))).toEqual([
      'pulse',
      'passage',
      'grant-ended',
      'settled',
    ])
    expect(store.claims.get('e-1-claim')).toBe('inside')
  })
})

describe('While the hall store is away', () => {
  test.each([
    ['throws', 0, true],
    ['answers after 400 ms', 400, false],
    ['never answers', 10 * HOUR, false],
  ])('a visitor is sent to a person: the store %s', async (_, delayMs, away) => {
    const { clock, layCard, gate, view, store } = await openDoor()
    Object.assign(store, { delayMs, away })
    layCard(li)
    await clock.advance(350)
    expect(view().outcome).toMatchObject({
      decision: 'assist',
      reasons: [{ code: 'appointments-unavailable' }],
    })
    expect(view().service).toMatchObject({ notices: ['no-store'] })
    expect(gate.pulses).toEqual([])
  })

  test('a claim that succeeds too late admits nobody and gives its place back', async () => {
    const { clock, layCard, showCode, stand, attest, gate, view, store, told } = await openDoor()
    layCard(li)
    showCode(li)
    await stand()
    store.delayMs = 5000
    attest()
    await clock.advance(350)
    expect(view().outcome).toMatchObject({ decision: 'assist', reasons: [{ code: 'store-unavailable' }] })
    expect(told).toEqual([])
    await clock.advance(20_000)
    expect(told).toEqual(['released e-1-claim'])
    expect(store.claims.get('e-1-claim')).toBe('released')
    expect(gate.pulses).toEqual([])
  })

  test('a passage is told as soon as it is back', async () => {
    const { clock, visit, outcome, walk, store } = await openDoor()
    await visit()
    await outcome()
    store.away = true
    walk()
    await clock.advance(10_000)
    expect(store.claims.get('e-1-claim')).toBe('granted')
    store.away = false
    await clock.advance(2000)
    expect(store.claims.get('e-1-claim')).toBe('inside')
  })

  test('a claim that got nothing says why, in the ledger too', async () => {
    const { clock, visit, outcome, gate, store, entries, told } = await openDoor()
    store.claim = { claimed: false, why: 'full' }
    await visit()
    expect(await outcome()).toMatchObject({ decision: 'refuse', reasons: [{ code: 'hall-full' }] })
    await clock.advance(100)
    expect(entries).toContainEqual({ type: 'settled', nonce: 'e-1-claim', result: 'full' })
    expect([told, gate.pulses]).toEqual([[], []])
  })
})

describe('Fire', () => {
  test('ends the session, checks nobody and sends the gate nothing', async () => {
    const { clock, layCard, visit, view, fire, gate, types, entries } = await openDoor()
    layCard(li)
    gate.fire = true
    fire(true)
    expect(view()).toMatchObject({ service: { state: 'emergency' }, session: null })
    await visit(wang)
    await clock.advance(1000)
    expect(view().session).toBeNull()
    expect(gate.pulses).toEqual([])
    gate.fire = false
    fire(false)
    await clock.advance(10)
    expect(view().service.state).toBe('in-service')
    expect(types()).toEqual(['fire', 'session-ended', 'fire'])
    expect(entries[1]).toMatchObject({ how: 'cancelled' })
  })

  test('that breaks out while the claim is under way opens nothing and gives the place back', async () => {
    const { clock, layCard, showCode, stand, attest, fire, gate, store } = await openDoor()
    layCard(li)
    showCode(li)
    await stand()
    store.delayMs = 100
    attest()
    await clock.advance(50)
    gate.fire = true
    fire(true)
    await clock.advance(2000)
    expect(gate.pulses).toEqual([])
    expect(store.claims.get('e-1-claim')).toBe('released')
  })

  test('that ended while the gate was away is over when the gate is back', async () => {
    const { door, view, fire, gate } = await openDoor()
    gate.fire = true
    fire(true)
    gate.online = false
    door.refresh()
    expect(view().service.state).toBe('emergency')
    gate.fire = false
    gate.online = true
    door.refresh()
    expect(view().service.state).toBe('in-service')
  })
})

describe('The passage of the gate', () => {
  test('that stays blocked is told to visitors and written down, until it is clear or the gate is away', async () => {
    const { clock, door, view, entries, gate } = await openDoor()
    const hold = (active: boolean) => door.onDevice({ kind: 'gate', event: { type: 'held', active } })
    hold(true)
    expect(view().service).toMatchObject({ state: 'limited', notices: ['gate-held'] })
    hold(false)
    expect(view().service.state).toBe('in-service')
    hold(true)
    gate.online = false
    door.refresh()
    gate.online = true
    door.refresh()
    await clock.advance(10)
    expect(view().service.state).toBe('in-service')
    const seen = entries.flatMap((entry) => (entry.type === 'gate-held' ? [entry.active] : []))
    expect(seen).toEqual([true, false, true, false])
  })

  test('tells the one admitted from the one who follows, and from whoever forces the way', async () => {
    const { clock, visit, outcome, walk, entries, told } = await openDoor()
    await visit()
    await outcome()
    walk()
    await clock.advance(1500)
    walk()
    await clock.advance(30_000)
    walk()
    await clock.advance(100)
    const passages = entries.flatMap((entry) => (entry.type === 'passage' ? [entry.how] : []))
    expect(passages).toEqual(['granted', 'tailgating', 'forced'])
    // Both are inside without a right: the hall counts them, and the ledger says that it does.
    expect(told).toEqual(['inside e-1-claim', 'slipped in e-walk-1', 'slipped in e-walk-2'])
    expect(entries.filter((entry) => entry.type === 'settled').map(({ result }) => result)).toEqual([
      'claimed',
      'slipped-in',
      'slipped-in',
    ])
  })

  test('counts no technician who walks through while the terminal is theirs, and calls nobody for them', async () => {
    const { clock, door, walk, auxiliary, view, told, entries } = await openDoor()
    door.handover.close('now')
    await clock.advance(1000)
    expect(door.handover.state).toBe('closed')
    walk()
    auxiliary({ type: 'call-button' })
    await clock.advance(1000)
    expect(entries.at(-1)).toEqual({ type: 'passage', grantId: null, late: false, how: 'forced' })
    expect([told, view().help]).toEqual([[], null])
  })

  test('counts whoever slipped in also when the hall store was away, and nobody who flees a fire', async () => {
    const { clock, walk, fire, gate, told, store } = await openDoor()
    store.away = true
    walk()
    await clock.advance(5000)
    store.away = false
    await clock.advance(2000)
    expect(told.at(-1)).toBe('slipped in e-walk-1')
    gate.fire = true
    fire(true)
    walk()
    await clock.advance(5000)
    expect(told.at(-1)).toBe('slipped in e-walk-1')
  })
})

describe('Presses on the screen', () => {
  test('meant for somebody who left are refused', async () => {
    const { layCard, send, view, outcome, visit } = await openDoor()
    layCard(li)
    const about = view().session?.id ?? null
    expect(send({ type: 'cancel', about })).toBe('accepted')
    expect(send({ type: 'cancel', about })).toBe('stale')
    layCard(wang)
    for (const type of ['cancel', 'attest-mask', 'no-phone', 'more-time', 'dismiss-outcome'] as const)
      expect(send({ type, about })).toBe('stale')
    expect(send({ type: 'dismiss-outcome', about: view().session?.id ?? null })).toBe('stale')
    await visit(wang)
    const id = (await outcome())?.id ?? null
    expect(send({ type: 'dismiss-outcome', about: id })).toBe('accepted')
    expect(send({ type: 'dismiss-outcome', about: id })).toBe('stale')
    expect(view().outcome).toBeNull()
  })

  test('made twice do everything once', async () => {
    const { clock, visit, attest, send, layCard, showCode, gate, types } = await openDoor()
    await visit()
    attest()
    layCard(li)
    showCode(li)
    await clock.advance(10)
    expect(gate.pulses).toHaveLength(1)
    send({ type: 'call-help' })
    send({ type: 'call-help' })
    send({ type: 'cancel-help' })
    send({ type: 'cancel-help' })
    await clock.advance(10)
    expect(types().filter((type) => type === 'help')).toHaveLength(2)
  })

  test('choose a language for one visit', async () => {
    const { clock, visit, outcome, layCard, send, view } = await openDoor()
    send({ type: 'set-language', language: 'en' })
    await visit(li)
    expect((await outcome())?.decision).toBe('admit')
    expect(view().language).toBe('en')
    layCard(wang)
    expect(view().language).toBe('zh-Hans')
    send({ type: 'set-language', language: 'zh-Hant' })
    send({ type: 'cancel', about: view().session?.id ?? null })
    expect(view().language).toBe('zh-Hans')
    send({ type: 'set-language', language: 'en' })
    await clock.advance(61_000)
    expect(view().language).toBe('zh-Hans')
  })

  test('leave no language behind when the next card lies there before the result is written', async () => {
    const { clock, visit, layCard, send, view, ledger, outcome } = await openDoor()
    send({ type: 'set-language', language: 'en' })
    await visit(li)
    ledger.delayMs = 50
    await clock.advance(1)
    layCard(wang)
    expect(view().language).toBe('zh-Hans')
    expect(await outcome()).toBeNull()
    expect(view().session).not.toBeNull()
    await clock.advance(200)
    expect(view().outcome).toBeNull()
  })

  test('call help until somebody comes, the next visitor begins, or two minutes are over', async () => {
    const { clock, layCard, send, view } = await openDoor()
    send({ type: 'call-help' })
    expect(view().help).toEqual({ since: '2020-03-02T10:30:00+08:00' })
    await clock.advance(121_000)
    expect(view().help).toBeNull()
    send({ type: 'call-help' })
    layCard(li)
    expect(view().help).toBeNull()
  })
})

describe('Time', () => {
  test.each([
    ['back', -5 * HOUR],
    ['forward', 5 * HOUR],
  ])('a clock set %s by hours neither ends a session nor keeps it', async (_, shiftMs) => {
    const { clock, wall, layCard, view } = await openDoor()
    layCard(li)
    await clock.advance(1000)
    wall.shiftMs = shiftMs
    await clock.advance(1000)
    expect(view().session?.remainingMs).toBeGreaterThan(57_000)
    await clock.advance(60_000)
    expect(view().session).toBeNull()
  })

  test('a clock set back keeps no result on the screen and no grant open', async () => {
    const { clock, wall, visit, outcome, view, store } = await openDoor()
    await visit()
    await outcome()
    wall.shiftMs = -5 * HOUR
    await clock.advance(9000)
    expect(view().outcome?.lane).toBe('timed-out')
    await clock.advance(12_000)
    expect(view().outcome).toBeNull()
    expect(store.claims.get('e-1-claim')).toBe('released')
  })

  test('the next visitor is judged by the clock as it was set', async () => {
    const { wall, visit, layCard, clock, view, send, outcome } = await openDoor()
    layCard(li)
    send({ type: 'cancel', about: view().session?.id ?? null })
    wall.shiftMs = 5 * HOUR
    await visit(li)
    await clock.advance(10)
    expect(await outcome()).toMatchObject({ reasons: [{ code: 'too-late' }] })
  })
})

describe('Whatever hangs or fails beside the door', () => {
  test('a hanging printer delays neither the gate nor the next visitor', async () => {
    const { visit, outcome, walk, gate, printer } = await openDoor()
    printer.print = () => new Promise(() => {})
    await visit(li)
    expect(await outcome()).toMatchObject({ lane: 'open', slip: 'printing' })
    walk()
    await visit(wang)
    expect(await outcome()).toMatchObject({ lane: 'open', slip: 'printing' })
    expect(gate.pulses).toHaveLength(2)
  })

  test('a screen that cannot be told stops nobody', async () => {
    const { clock, visit, walk, gate, screen, store, unhandled } = await openDoor()
    screen.throws = true
    await visit()
    await clock.advance(50)
    walk()
    await clock.advance(50)
    expect(gate.pulses).toHaveLength(1)
    expect(store.claims.get('e-1-claim')).toBe('inside')
    expect(unhandled).toEqual([])
  })

  test('nobody is checked before former runs are settled, nor after the door closed', async () => {
    const bench = doorBench({ start: false })
    bench.layCard(li)
    expect(bench.view()).toMatchObject({ session: null, service: { state: 'out-of-service' } })
    await bench.started()
    bench.layCard(li)
    expect(bench.view().session).not.toBeNull()
    await bench.clock.until(bench.door.close())
    expect(bench.types()).toEqual(['session-ended'])
    bench.layCard(wang)
    bench.showCode(wang)
    expect(bench.view().session).toBeNull()
    expect(bench.send({ type: 'cancel', about: null })).toBe('stale')
    await bench.clock.advance(100_000)
    expect(bench.types()).toEqual(['session-ended'])
    expect(bench.unhandled).toEqual([])
  })

  test('closing lets the one who walks pass, and never waits for ever', async () => {
    const walking = await openDoor()
    await walking.visit()
    await walking.outcome()
    const closed = walking.door.close()
    await walking.clock.advance(1000)
    walking.walk()
    await walking.clock.until(closed, 1000)
    expect(walking.types().at(-1)).toBe('settled')

    const hanging = await openDoor()
    hanging.printer.print = () => new Promise(() => {})
    await hanging.visit()
    await hanging.outcome()
    Object.assign(hanging.store, { delayMs: 10 * HOUR })
    hanging.ledger.broken = true
    hanging.walk()
    await hanging.clock.until(hanging.door.close(), 20_000)
    expect(hanging.unhandled).toEqual([])
  })
})
