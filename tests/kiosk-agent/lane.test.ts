import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLane, type LaneState } from '../../kiosk-agent/entry/lane.ts'
import type { Ending } from '../../kiosk-agent/entry/settlement.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type Behaviour, FakeGate } from './support/gate-fake.ts'

const PASSAGE_MS = 8000

function laneBench() {
  const clock = fakeClock()
  const gate = new FakeGate(clock)
  const entries: Entry[] = []
  const settled: [string, Ending][] = []
  const states: [string, LaneState][] = []
  const held: boolean[] = []
  const slipped: string[] = []
  let strangers = 0
  const ledger = { broken: false }
  const lane = createLane({
    gate: gate.commands,
    clock,
    log: () => {},
    passageMs: PASSAGE_MS,
    async record(...written) {
      if (ledger.broken) throw new Error('disk full')
      entries.push(...written)
    },
    settle: (nonce, how) => settled.push([nonce, how]),
    newNonce: () => `w${++strangers}`,
    slippedIn: (nonce) => slipped.push(nonce),
    onChange: (grantId, state) => states.push([grantId, state]),
    onHeld: (active) => held.push(active),
  })
  const grant = (name: string, validMs = 15_000) =>
    lane.carryOut({
      grantId: name,
      nonce: `${name}-claim`,
      persons: 1,
      notAfter: clock.monotonic() + validMs,
    })
  const ended = () =>
    entries.flatMap((entry) => (entry.type === 'grant-ended' ? [[entry.grantId, entry.how]] : []))
  return { clock, gate, entries, settled, states, held, slipped, ledger, lane, grant, ended }
}

describe('The lane', () => {
  test.each<
    [string, Behaviour, { walk?: boolean; away?: boolean; blind?: boolean }, string, Ending, LaneState]
  >([
    ['a person who walks', 'confirms', { walk: true }, 'passed', 'inside', 'passed'],
    ['a person who does not walk', 'confirms', {}, 'timed-out', 'released', 'timed-out'],
    [
      'a pulse without proof, but somebody walks',
      'unconfirmed',
      { walk: true },
      'passed',
      'inside',
      'passed',
    ],
    ['a pulse without proof, and nobody walks', 'unconfirmed', {}, 'timed-out', 'released', 'timed-out'],
    ['a gate that cannot see', 'confirms', { blind: true }, 'unconfirmed', 'unconfirmed', 'open'],
    ['a cable pulled while the pulse goes out', 'loses-link', {}, 'unconfirmed', 'unconfirmed', 'open'],
    ['a gate that is away', 'confirms', { away: true }, 'not-opened', 'released', 'fault'],
    ['an expired command', 'expired', {}, 'not-opened', 'released', 'fault'],
    ['a fire', 'fire', {}, 'not-opened', 'released', 'fault'],
  ])('settles %s', async (_, behaviour, { walk, away, blind }, how, ending, shown) => {
    const { clock, gate, lane, grant, settled, states, ended } = laneBench()
    gate.behaviour = behaviour
    gate.online = !away
    gate.seesPassage = !blind
    grant('a')
    await clock.advance(1000)
    if (walk) lane.passed()
    await clock.until(lane.drained())
    expect(ended()).toEqual([['a', how]])
    expect(settled).toEqual([['a-claim', ending]])
    expect(states.at(-1)).toEqual(['a', shown])
    expect(gate.pulses.length).toBeLessThanOrEqual(1)
  })

  test('never commands a gate whose fire input is active', async () => {
    const { clock, gate, lane, grant, ended } = laneBench()
    gate.fire = true
    grant('a')
    await clock.until(lane.drained())
    expect(gate.pulses).toEqual([])
    expect(ended()).toEqual([['a', 'not-opened']])
  })

  test('opens for the second only when the first is through, and not at all when its own time is over', async () => {
    const { clock, gate, lane, grant, settled } = laneBench()
    grant('a')
    grant('b')
    grant('c', 5000)
    await clock.advance(3000)
    expect(gate.pulses).toHaveLength(1)
    lane.passed()
    await clock.advance(100)
    expect(gate.pulses).toHaveLength(2)
    await clock.until(lane.drained())
    expect(gate.pulses).toHaveLength(2)
    expect(settled).toEqual([
      ['a-claim', 'inside'],
      ['b-claim', 'released'],
      ['c-claim', 'released'],
    ])
  })

  test('does not even ask the gate to open for a grant that expired in the queue', async () => {
    const { clock, gate, lane, grant, ended } = laneBench()
    gate.careless = true
    grant('a')
    grant('b', 5000)
    await clock.until(lane.drained())
    expect(gate.pulses).toHaveLength(1)
    expect(ended()).toEqual([
      ['a', 'timed-out'],
      ['b', 'not-opened'],
    ])
  })

  test('gives no passage to the one who was too slow once the gate was opened for somebody else', async () => {
    const { clock, lane, grant, settled, entries } = laneBench()
    grant('a')
    await clock.advance(PASSAGE_MS + 1)
    grant('b')
    await clock.advance(1000)
    lane.passed()
    await clock.advance(1000)
    lane.passed()
    await clock.until(lane.drained())
    expect(settled).toEqual([
      ['a-claim', 'released'],
      ['b-claim', 'inside'],
    ])
    expect(entries.at(-1)).toEqual({
      type: 'passage',
      grantId: null,
      late: false,
      how: 'tailgating',
      nonce: 'w1',
    })
  })

  test('gives a late passage to the one who was too slow, not to the next visitor', async () => {
    const { clock, gate, lane, grant, settled, entries } = laneBench()
    grant('a')
    await clock.advance(PASSAGE_MS + 1)
    gate.writeMs = 200
    grant('b')
    await clock.advance(100)
    lane.passed() // the gate has not been opened for b yet
    await clock.advance(1000)
    expect(entries).toContainEqual({ type: 'passage', grantId: 'a', late: true, how: 'late' })
    lane.passed()
    await clock.until(lane.drained())
    expect(settled).toEqual([
      ['a-claim', 'released'],
      ['a-claim', 'inside'],
      ['b-claim', 'inside'],
    ])
  })

  test('counts a passage seen before the pulse was answered', async () => {
    const { clock, gate, lane, grant, settled } = laneBench()
    gate.answerMs = 800
    grant('a')
    await clock.advance(500)
    lane.passed()
    await clock.until(lane.drained())
    expect(settled).toEqual([['a-claim', 'inside']])
  })

  test('makes an unconfirmed person a counted one when the passage is seen after all', async () => {
    const { clock, gate, lane, grant, settled } = laneBench()
    grant('a')
    await clock.advance(2000)
    gate.replug()
    await clock.advance(PASSAGE_MS)
    lane.passed()
    await clock.until(lane.drained())
    expect(settled).toEqual([
      ['a-claim', 'unconfirmed'],
      ['a-claim', 'inside'],
    ])
  })

  test.each([
    ['without any grant', 0],
    ['long after a grant was taken back', 70_000],
  ])('writes down a passage %s, and gives it to nobody', async (_, afterMs) => {
    const { clock, lane, grant, settled, entries } = laneBench()
    if (afterMs > 0) {
      grant('a')
      await clock.advance(PASSAGE_MS + afterMs)
    }
    lane.passed()
    await clock.until(lane.drained())
    expect(entries.at(-1)).toEqual({
      type: 'passage',
      grantId: null,
      late: false,
      how: 'forced',
      nonce: 'w1',
    })
    expect(settled).not.toContainEqual(['a-claim', 'inside'])
  })

  test('writes down the second of two who went through on one pulse', async () => {
    const { clock, lane, grant, settled, entries } = laneBench()
    grant('a')
    await clock.advance(1000)
    lane.passed()
    lane.passed()
    await clock.until(lane.drained())
    expect(entries.filter(({ type }) => type === 'passage')).toHaveLength(2)
    expect(entries).toContainEqual({
      type: 'passage',
      grantId: null,
      late: false,
      how: 'tailgating',
      nonce: 'w1',
    })
    expect(settled).toEqual([['a-claim', 'inside']])
  })

  test.each([
    ['close behind, in the window of the one in front', 1000, 3000, 'tailgating'],
    ['close behind one who passed in the last moment', PASSAGE_MS - 100, 2900, 'tailgating'],
    ['when the window of the one in front is over', 1000, PASSAGE_MS, 'forced'],
  ])('knows somebody who goes through %s', async (_, afterMs, behindMs, how) => {
    const { clock, lane, grant, settled, entries } = laneBench()
    grant('a')
    await clock.advance(afterMs)
    lane.passed()
    await clock.advance(behindMs)
    lane.passed()
    await clock.until(lane.drained())
    expect(entries.at(-1)).toEqual({ type: 'passage', grantId: null, late: false, how, nonce: 'w1' })
    expect(settled).toEqual([['a-claim', 'inside']])
    expect(lane.counts).toMatchObject({ granted: 1, [how]: 1 })
  })

  test('calls nobody who flees a fire an intruder, and still knows the one who was admitted late', async () => {
    const { clock, gate, lane, grant, settled, entries } = laneBench()
    grant('a')
    await clock.advance(PASSAGE_MS + 1)
    gate.fire = true
    lane.passed()
    lane.passed()
    await clock.until(lane.drained())
    expect(entries.slice(-2)).toEqual([
      { type: 'passage', grantId: 'a', late: true, how: 'late' },
      { type: 'passage', grantId: null, late: false, how: 'fire' },
    ])
    expect(settled.at(-1)).toEqual(['a-claim', 'inside'])
  })

  test('writes down once that something stays in the passage, and once that it is clear again', async () => {
    const { clock, lane, entries, held } = laneBench()
    for (const active of [false, true, true, false]) lane.held(active)
    await clock.until(lane.drained())
    expect(entries).toEqual([
      { type: 'gate-held', active: true },
      { type: 'gate-held', active: false },
    ])
    expect(held).toEqual([true, false])
    expect(lane.counts.held).toBe(1)
  })

  test('does not wait for ever for a gate that never answers', async () => {
    const { clock, gate, lane, grant, settled } = laneBench()
    gate.behaviour = 'never-answers'
    grant('a')
    gate.online = true
    await clock.until(lane.drained())
    expect(settled).toEqual([['a-claim', 'released']])
    gate.behaviour = 'confirms'
    grant('b')
    await clock.advance(10)
    lane.passed()
    await clock.until(lane.drained())
    expect(settled.at(-1)).toEqual(['b-claim', 'inside'])
  })

  test('still watches and settles when the ledger takes nothing', async () => {
    const { clock, ledger, lane, grant, settled } = laneBench()
    ledger.broken = true
    grant('a')
    await clock.advance(1000)
    lane.passed()
    await clock.until(lane.drained())
    expect(settled).toEqual([['a-claim', 'inside']])
  })

  type Action =
    | { readonly do: 'grant'; readonly validMs: number }
    | { readonly do: 'pass' | 'unplug' | 'plug' }
    | { readonly do: 'wait'; readonly ms: number }
    | {
        readonly do: 'behave'
        readonly behaviour: Behaviour
        readonly writeMs: number
        readonly answerMs: number
      }

  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({ do: fc.constant('grant' as const), validMs: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ do: fc.constantFrom('pass' as const, 'pass' as const, 'unplug' as const, 'plug' as const) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12_000 }) }),
    fc.record({
      do: fc.constant('behave' as const),
      behaviour: fc.constantFrom<Behaviour>('confirms', 'unconfirmed', 'loses-link', 'expired', 'fire'),
      writeMs: fc.constantFrom(0, 0, 300),
      answerMs: fc.constantFrom(0, 0, 700),
    }),
  )

  test('opens once a grant at most and never too late, and ends every grant exactly once, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
        const { clock, gate, lane, grant, settled, slipped, entries, ended } = laneBench()
        let granted = 0
        let walked = 0
        for (const each of actions) {
          if (each.do === 'grant') grant(`g${granted++}`, each.validMs)
          else if (each.do === 'wait') await clock.advance(each.ms)
          else if (each.do === 'behave') Object.assign(gate, each)
          else if (each.do === 'unplug') gate.online = false
          else if (each.do === 'plug') gate.online = true
          else {
            walked++
            lane.passed()
          }
          await clock.advance(0)
        }
        await clock.until(lane.drained(), 3_600_000)
        const names = Array.from({ length: granted }, (_, at) => `g${at}`)
        expect(ended().map(([name]) => name)).toEqual(names)
        expect(gate.pulses.length).toBeLessThanOrEqual(granted)
        for (const { at, notAfter } of gate.pulses) expect(at).toBeLessThanOrEqual(notAfter)
        // Never open for two: every pulse belongs to the grant whose end comes next.
        const order = entries.filter(({ type }) => type === 'pulse' || type === 'grant-ended')
        expect(order.map(({ type }) => type)).toEqual(names.flatMap(() => ['pulse', 'grant-ended']))
        const passages = entries.flatMap((entry) => (entry.type === 'passage' ? [entry] : []))
        expect(passages).toHaveLength(walked)
        // Whoever was let in has a grant, and nobody else has; these are counted in the hall, each once.
        for (const { grantId, how } of passages)
          expect(grantId !== null).toBe(how === 'granted' || how === 'late')
        expect(slipped).toEqual(passages.flatMap(({ nonce }) => nonce ?? []))
        expect(slipped).toHaveLength(passages.filter(({ grantId }) => grantId === null).length)
        for (const name of names) {
          const endings = settled.flatMap(([nonce, how]) => (nonce === `${name}-claim` ? [how] : []))
          const seen = passages.filter(({ grantId }) => grantId === name)
          expect(seen.length).toBeLessThanOrEqual(1)
          expect(endings).toHaveLength(seen[0]?.late ? 2 : 1)
          expect(endings.at(-1) === 'inside').toBe(seen.length === 1)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('A technician’s pulse', () => {
  function order(bench: ReturnType<typeof laneBench>, record: (entry: Entry) => Promise<unknown>) {
    const cancel = new AbortController()
    const opened: string[] = []
    const pulse = bench.lane.testPulse({
      lane: 'lane-1',
      by: 'ada',
      signal: cancel.signal,
      record,
      onOpened: (outcome) => opened.push(outcome),
    })
    return { pulse, opened, cancel: () => cancel.abort(new Error('cancelled')) }
  }

  test('waits until its order is on the disk, and is not sent when that fails', async () => {
    const bench = laneBench()
    const { pulse } = order(bench, () => bench.clock.sleep(2000))
    await bench.clock.advance(1900)
    expect(bench.gate.pulses).toEqual([])
    await bench.clock.advance(200)
    expect(bench.gate.pulses).toHaveLength(1)
    bench.lane.passed()
    expect(await bench.clock.until(pulse)).toMatchObject({ outcome: 'confirmed', passed: true })

    const refused = order(bench, async () => {
      throw new Error('disk full')
    })
    await expect(bench.clock.until(refused.pulse)).rejects.toThrow('disk full')
    expect(bench.gate.pulses).toHaveLength(1)
    expect(bench.lane.busy).toBe(false)
  })

  test('waits for the grants before it, and a cancelled one waits for nobody', async () => {
    const bench = laneBench()
    bench.grant('a')
    const { pulse, opened, cancel } = order(bench, async () => {})
    await bench.clock.advance(1000)
    expect(bench.gate.pulses).toHaveLength(1)
    bench.lane.passed()
    await bench.clock.advance(1000)
    expect(bench.gate.pulses).toHaveLength(2)
    expect(opened).toEqual(['confirmed'])
    cancel()
    expect(await bench.clock.until(pulse, 100)).toMatchObject({ passed: false })
    expect(bench.settled).toEqual([['a-claim', 'inside']])
  })

  test.each(['expired', 'fire'] as const)('that is %s is not sent', async (behaviour) => {
    const bench = laneBench()
    bench.gate.behaviour = behaviour
    const { pulse, opened } = order(bench, async () => {})
    expect(await bench.clock.until(pulse)).toMatchObject({ outcome: 'not-sent' })
    expect(opened).toEqual([])
  })
})
