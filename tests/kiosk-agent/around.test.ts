import { describe, expect, test } from 'vitest'
import { DeviceError } from '../../devices/errors.ts'
import { li, openDoor, wang } from './support/door-bench.ts'

/** A door with a board of sensors and lights. */
async function litDoor() {
  const bench = await openDoor()
  bench.online.add('auxiliaries')
  bench.door.refresh()
  const stand = (present: boolean) => bench.auxiliary({ type: 'presence', present })
  const lit = () => bench.around.lights.splice(0)
  const cancel = () => bench.send({ type: 'cancel', about: bench.view().session?.id ?? null })
  return { ...bench, standing: stand, lit, cancel }
}

const kindOf = (entries: readonly { type: string }[], type: string) =>
  entries.filter((entry) => entry.type === type)

describe('Guide lights', () => {
  test('show where card, code and face go, one place after the other, and are dark when all is done', async () => {
    const { clock, layCard, showCode, stand, attest, outcome, walk, standing, lit } = await litDoor()
    expect(lit()).toEqual([])
    standing(true)
    expect(lit()).toEqual(['id-card-reader slow'])
    layCard(li)
    await clock.advance(50)
    expect(lit()).toEqual(['id-card-reader off', 'code-scanner slow'])
    showCode(li)
    await clock.advance(50)
    expect(lit()).toEqual(['code-scanner off', 'thermometer slow'])
    await stand()
    expect(lit()).toEqual(['thermometer off'])
    attest()
    await outcome()
    expect(lit()).toEqual(['receipt-printer slow', 'gate continuous'])
    walk()
    await clock.advance(50)
    expect(lit()).toEqual(['gate off'])
    await clock.advance(25_000)
    expect(lit()).toEqual(['receipt-printer off', 'id-card-reader slow'])
    standing(false)
    await clock.advance(2000)
    expect(lit()).toEqual(['id-card-reader off'])
  })

  test('blink quickly where something went wrong', async () => {
    const { clock, door, lit, standing } = await litDoor()
    standing(true)
    lit()
    door.onDevice({ kind: 'id-card-reader', event: { type: 'card-problem', problem: 'hold-still' } })
    await clock.advance(10)
    expect(lit()).toEqual(['id-card-reader quick'])
  })

  test('are told once for each change, and anew to a board that comes back', async () => {
    const { clock, door, layCard, stand, lit, around, online } = await litDoor()
    layCard(li)
    await clock.advance(50)
    lit()
    await stand(2500) // samples that say nothing
    expect(lit()).toEqual([])
    online.delete('auxiliaries')
    door.refresh()
    around.board = around.newBoard()
    online.add('auxiliaries')
    door.refresh()
    expect(lit()).toEqual(['code-scanner slow'])
  })

  test('may hang on another board than the sensors', async () => {
    const { clock, door, layCard, standing, around, lit } = await litDoor()
    around.board = { ...around.board, lights: [], presence: () => true }
    door.refresh()
    around.second = around.newBoard()
    door.refresh()
    expect(lit()).toEqual(['id-card-reader slow'])
    layCard(li)
    await clock.advance(50)
    expect(lit()).toEqual(['id-card-reader off', 'code-scanner slow'])
    around.second = undefined
    door.refresh()
    standing(false)
    await clock.advance(2000)
    expect(lit()).toEqual([])
  })

  test('go out in a fire and when the agent stops; a board that fails stops nobody', async () => {
    const { clock, layCard, fire, lit, door, around, visit, outcome, logged } = await litDoor()
    layCard(li)
    await clock.advance(50)
    lit()
    fire(true)
    expect(lit()).toEqual(['code-scanner off'])
    fire(false)
    around.board = { ...around.board, light: () => Promise.reject(new DeviceError('link-lost', 'pulled')) }
    await visit(wang)
    expect((await outcome())?.decision).toBe('admit')
    expect(logged).toContain('a guide light was not told')
    around.board = around.newBoard()
    door.refresh()
    lit()
    await clock.until(door.close())
    expect(lit().at(-1)).toMatch(/ off$/)
  })
})

describe('Presence', () => {
  test('lets time stand still, longer than a session would last, and says so', async () => {
    const { clock, layCard, view, standing } = await litDoor()
    standing(true)
    layCard(li)
    await clock.advance(100_000)
    expect(view().session).toMatchObject({ paused: true, warning: false, remainingMs: 60_000 })
  })

  test('holds no session beyond its maximum, and warns before the end', async () => {
    const { clock, layCard, view, standing } = await litDoor()
    standing(true)
    layCard(li)
    await clock.advance(230_000)
    expect(view().session).toMatchObject({ paused: false, warning: true })
    await clock.advance(11_000)
    expect(view().session).toBeNull()
  })

  test('that ends gives a short grace and ends nothing sooner than without a sensor', async () => {
    const { clock, layCard, view, standing } = await litDoor()
    standing(true)
    layCard(li)
    standing(false)
    await clock.advance(58_000)
    expect(view().session).not.toBeNull()
    await clock.advance(3000)
    expect(view().session).toBeNull()
    standing(true)
    layCard(li)
    await clock.advance(100_000)
    standing(false)
    await clock.advance(20_000)
    expect(view().session).toMatchObject({ paused: false, warning: true })
    await clock.advance(2000)
    expect(view().session).toBeNull()
  })

  test('that flickers at its border is presence', async () => {
    const { clock, layCard, view, standing } = await litDoor()
    standing(true)
    layCard(li)
    for (let flicker = 0; flicker < 60; flicker++) {
      standing(flicker % 2 === 1)
      await clock.advance(1000)
      expect(view().session?.paused).toBe(true)
    }
  })

  test('is over when the board goes away', async () => {
    const { clock, door, layCard, view, standing, online } = await litDoor()
    standing(true)
    layCard(li)
    await clock.advance(100_000)
    online.delete('auxiliaries')
    door.refresh()
    expect(view().session?.paused).toBe(false)
    await clock.advance(21_000)
    expect(view().session).toBeNull()
  })

  test('admits nobody and opens no session', async () => {
    const { clock, view, standing, gate, types } = await litDoor()
    standing(true)
    await clock.advance(300_000)
    expect([view().session, gate.pulses, types()]).toEqual([null, [], []])
  })
})

describe('Around the kiosk', () => {
  test('the call button calls staff as the screen does, once however often it is pressed', async () => {
    const { clock, auxiliary, view, entries, send } = await litDoor()
    for (let press = 0; press < 5; press++) auxiliary({ type: 'call-button' })
    await clock.advance(10)
    expect(view().help).toEqual({ since: '2020-03-02T10:30:00+08:00' })
    send({ type: 'cancel-help' })
    expect(view().help).toBeNull()
    await clock.advance(10)
    expect(kindOf(entries, 'help')).toHaveLength(2)
  })

  test('an open door of the kiosk is written down and shown, and closes no entrance', async () => {
    const { clock, auxiliary, view, entries, visit, outcome } = await litDoor()
    auxiliary({ type: 'door', open: false })
    auxiliary({ type: 'door', open: true })
    expect(view().service).toMatchObject({ state: 'limited', notices: ['kiosk-open'] })
    await visit()
    expect((await outcome())?.decision).toBe('admit')
    auxiliary({ type: 'door', open: false })
    await clock.advance(10)
    expect(view().service.state).toBe('in-service')
    expect(kindOf(entries, 'kiosk-door')).toEqual([
      { type: 'kiosk-door', open: true },
      { type: 'kiosk-door', open: false },
    ])
  })
})

describe('The trigger of the scan head', () => {
  test('is on when a visit may begin or the code is missing, and off once a code was taken', async () => {
    const { clock, door, layCard, showCode, around, cancel } = await litDoor()
    door.refresh()
    expect(around.triggers.splice(0)).toEqual([true])
    layCard(li)
    await clock.advance(10)
    expect(around.triggers.splice(0)).toEqual([])
    showCode(li)
    await clock.advance(50)
    expect(around.triggers.splice(0)).toEqual([false])
    cancel()
    await clock.advance(50)
    expect(around.triggers.splice(0)).toEqual([true])
  })

  test('is given again after a code that was none, and while nobody shows one', async () => {
    const { clock, door, layCard, around } = await litDoor()
    layCard(li)
    await clock.advance(50)
    around.triggers.splice(0)
    door.onDevice({ kind: 'code-scanner', event: { type: 'code', bytes: new TextEncoder().encode('x') } })
    await clock.advance(50)
    expect(around.triggers.splice(0)).toEqual([true])
    await clock.advance(16_000)
    expect(around.triggers.splice(0)).toEqual([true, true, true])
  })

  test('that fails stops nobody, is logged once and given again', async () => {
    const { clock, around, logged, visit, outcome } = await litDoor()
    around.triggerFails = true
    await clock.advance(20_000)
    expect(around.triggers.length).toBeGreaterThan(3)
    expect(logged.filter((line) => line.includes('not triggered'))).toHaveLength(1)
    await visit()
    expect((await outcome())?.decision).toBe('admit')
  })

  test('rests where a sensor says that nobody is there, and is given to a head that comes back', async () => {
    const { clock, door, standing, around } = await litDoor()
    await clock.advance(10)
    around.triggers.splice(0)
    standing(false)
    await clock.advance(10_000)
    expect(around.triggers.splice(0)).toEqual([false])
    standing(true)
    await clock.advance(10)
    expect(around.triggers.splice(0)).toEqual([true])
    around.scanner = around.newScanner()
    door.refresh()
    await clock.advance(10)
    expect(around.triggers.splice(0)).toEqual([true])
  })

  test('is nothing to a head that has none', async () => {
    const { around, visit, outcome } = await litDoor()
    around.scanner = { suppressed: () => 0 }
    await visit()
    expect((await outcome())?.decision).toBe('admit')
  })
})

describe('A card left behind', () => {
  const left = (entries: readonly { type: string; what?: unknown }[]) =>
    entries.flatMap((entry) => (entry.type === 'card-left' ? [entry.what] : []))

  test('is told at once when the visitor went away, and counted when it is taken', async () => {
    const { clock, layCard, view, cancel, around, entries, lit } = await litDoor()
    around.presence = 'there'
    layCard(li)
    await clock.advance(100)
    cancel()
    lit()
    await clock.advance(2000)
    expect(view().cardLeft).toBe(true)
    expect(lit()).toEqual(['id-card-reader quick'])
    around.presence = 'gone'
    await clock.advance(2500)
    expect(view().cardLeft).toBe(false)
    expect(lit()).toEqual(['id-card-reader off'])
    expect(left(entries)).toEqual(['noticed', 'taken'])
    expect(JSON.stringify(entries)).not.toContain(li.idNumber)
  })

  test('keeps the next visitor waiting for eight seconds at most, and the reader is left alone then', async () => {
    const { clock, layCard, view, cancel, around, entries } = await litDoor()
    around.presence = 'there'
    layCard(li)
    await clock.advance(100)
    cancel()
    await clock.advance(1600)
    expect(view().cardLeft).toBe(true)
    await clock.advance(7800)
    expect(view().cardLeft).toBe(true)
    await clock.advance(300)
    expect(view().cardLeft).toBe(false)
    expect(left(entries)).toEqual(['noticed', 'not-taken'])
    const { looks } = around
    await clock.advance(60_000)
    expect(around.looks).toBe(looks)
  })

  test('is told beside the result, and alone once the visitor has gone in', async () => {
    const { clock, visit, outcome, walk, view, around, entries } = await litDoor()
    around.presence = 'there'
    await visit()
    await outcome()
    await clock.advance(2000)
    expect(view()).toMatchObject({ cardLeft: true, outcome: { lane: 'open' } })
    expect(left(entries)).toEqual([])
    walk()
    await clock.advance(10)
    expect(left(entries)).toEqual(['noticed'])
    await clock.advance(8000)
    expect(view()).toMatchObject({ cardLeft: false, outcome: { lane: 'passed' } })
    expect(left(entries)).toEqual(['noticed', 'not-taken'])
  })

  test('is nothing once another card is laid down: the next session simply begins', async () => {
    const { clock, layCard, view, cancel, around, entries, store } = await litDoor()
    around.presence = 'there'
    layCard(li)
    await clock.advance(100)
    cancel()
    await clock.advance(2000)
    layCard(wang)
    expect(view()).toMatchObject({ cardLeft: false, session: { id: 'e-2' } })
    await clock.advance(60)
    expect(left(entries)).toEqual(['noticed', 'taken'])
    expect(store.claims.size).toBe(0)
    const { looks } = around
    await clock.advance(20_000)
    expect(around.looks).toBe(looks)
  })

  test.each<[string, 'gone' | 'unknown' | Error]>([
    ['was taken', 'gone'],
    ['cannot be asked for', 'unknown'],
    ['is asked for when the cable is out', new DeviceError('link-lost', 'pulled')],
  ])('is spoken of only with proof: a card that %s', async (_, answer) => {
    const { clock, layCard, view, cancel, around, entries, unhandled } = await litDoor()
    around.presence = answer
    layCard(li)
    await clock.advance(100)
    cancel()
    for (let second = 0; second < 15; second++) {
      await clock.advance(1000)
      expect(view().cardLeft).toBe(false)
    }
    expect(left(entries)).toEqual([])
    expect(around.looks).toBeLessThanOrEqual(2)
    expect(unhandled).toEqual([])
  })

  test('is not asked for where the reader cannot tell, nor after a visit without a card', async () => {
    const { clock, layCard, showCode, cancel, around } = await litDoor()
    around.presence = 'there'
    showCode(li)
    await clock.advance(100)
    cancel()
    await clock.advance(10_000)
    around.reader = around.newReader(false)
    layCard(li)
    await clock.advance(100)
    cancel()
    await clock.advance(10_000)
    expect(around.looks).toBe(0)
  })
})
