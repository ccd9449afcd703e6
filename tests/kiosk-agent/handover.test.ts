import { describe, expect, test } from 'vitest'
import { doorBench, li, openDoor, wang } from './support/door-bench.ts'

type Bench = Awaited<ReturnType<typeof openDoor>>
const state = (bench: Bench) => [bench.door.handover.state, bench.view().service.state]

/** Where a visitor may be when a technician asks for the terminal. */
const phases: Record<string, (bench: Bench) => Promise<unknown>> = {
  'nobody is there': async () => {},
  'a card was read': async (bench) => {
    bench.layCard(li)
    await bench.clock.advance(50)
  },
  'the claim is being made': async (bench) => {
    bench.store.delayMs = 200
    await bench.visit()
    await bench.clock.advance(50)
    expect(bench.view().session?.phase).toBe('committing')
  },
  'the decision is being written down': async (bench) => {
    bench.ledger.delayMs = 300
    await bench.visit()
    await bench.clock.advance(200)
  },
  'the gate is open': async (bench) => {
    await bench.visit()
    await bench.clock.advance(100)
    expect(bench.view().outcome?.lane).toBe('open')
  },
}

describe('Handing the terminal to a technician', () => {
  test.each(Object.keys(phases))(
    'now, while %s: nobody is left half admitted, and nobody new is let in',
    async (phase) => {
      const bench = await openDoor()
      await phases[phase]?.(bench)
      const pulsesBefore = bench.gate.pulses.length
      bench.door.handover.close('now')
      expect(bench.view().service.state).toBe('maintenance')
      for (let waited = 0; waited < 300 && bench.door.handover.state !== 'closed'; waited++)
        await bench.clock.advance(100)
      expect(state(bench)).toEqual(['closed', 'maintenance'])
      expect(bench.view()).toMatchObject({ session: null, outcome: null })
      const ended = bench.types().filter((type) => type === 'grant-ended').length
      expect(ended).toBe(bench.types().filter((type) => type === 'grant').length)
      const pulses = bench.gate.pulses.length
      expect(pulses).toBeLessThanOrEqual(Math.max(1, pulsesBefore))
      // Whoever comes now is not looked at.
      bench.layCard(wang)
      await bench.visit(wang)
      await bench.clock.advance(5000)
      expect(bench.view().session).toBeNull()
      expect(bench.gate.pulses).toHaveLength(pulses)
      bench.door.handover.open()
      expect(state(bench)).toEqual(['open', 'in-service'])
      bench.store.delayMs = 0
      bench.ledger.delayMs = 0
      await bench.visit(wang)
      expect(await bench.outcome()).toMatchObject({ decision: 'admit' })
    },
  )

  test('ends the session of a visitor who only began, with its entry', async () => {
    const bench = await openDoor()
    bench.layCard(li)
    await bench.clock.advance(50)
    bench.door.handover.close('now')
    await bench.clock.advance(50)
    expect(bench.door.handover.state).toBe('closed')
    expect(bench.entries).toContainEqual(expect.objectContaining({ type: 'session-ended', how: 'cancelled' }))
  })

  test('after the visitor: that one finishes, reads the result and walks through; the next card begins nothing', async () => {
    const bench = await openDoor()
    bench.layCard(li)
    await bench.clock.advance(50)
    bench.door.handover.close('after-visitor')
    expect(bench.view().session).not.toBeNull()
    await bench.visit()
    await bench.clock.advance(100)
    expect(bench.view().outcome).toMatchObject({ decision: 'admit', lane: 'open' })
    bench.layCard(wang)
    await bench.clock.advance(100)
    expect(bench.view().session).toBeNull()
    expect(bench.door.handover.state).toBe('closing')
    bench.walk()
    await bench.clock.advance(200)
    expect(bench.view().outcome).toMatchObject({ lane: 'passed' })
    bench.send({ type: 'dismiss-outcome', about: bench.view().outcome?.id ?? null })
    await bench.clock.advance(100)
    expect(bench.door.handover.state).toBe('closed')
    expect(bench.types().filter((type) => type === 'decision')).toHaveLength(1)
  })

  test('after the visitor: the card of the next one, laid down during the claim, begins nothing', async () => {
    const bench = await openDoor()
    await phases['the claim is being made']?.(bench)
    bench.door.handover.close('after-visitor')
    bench.layCard(wang)
    await bench.clock.advance(2000)
    bench.walk()
    await bench.clock.advance(60_000)
    expect(bench.door.handover.state).toBe('closed')
    expect(bench.types().filter((type) => type === 'decision')).toHaveLength(1)
  })

  test('after the visitor who does nothing more: the session times out and the terminal is handed over', async () => {
    const bench = await openDoor()
    bench.layCard(li)
    await bench.clock.advance(50)
    bench.door.handover.close('after-visitor')
    await bench.clock.advance(300_000)
    expect(bench.door.handover.state).toBe('closed')
  })

  test('waiting can be hurried, and given up', async () => {
    const bench = await openDoor()
    bench.layCard(li)
    await bench.clock.advance(50)
    bench.door.handover.close('after-visitor')
    bench.door.handover.close('now')
    await bench.clock.advance(50)
    expect(bench.door.handover.state).toBe('closed')
    bench.door.handover.open()
    bench.layCard(wang)
    await bench.clock.advance(50)
    bench.door.handover.close('after-visitor')
    bench.door.handover.open()
    await bench.visit(wang)
    await bench.clock.advance(100)
    expect(bench.view().outcome?.decision).toBe('admit')
    await bench.clock.advance(60_000)
    expect(bench.door.handover.state).toBe('open')
  })

  test('a fire is shown before everything else, and the terminal stays the technician’s behind it', async () => {
    const bench = await openDoor()
    bench.door.handover.close('now')
    await bench.clock.advance(50)
    bench.fire(true)
    expect(state(bench)).toEqual(['closed', 'emergency'])
    bench.fire(false)
    expect(state(bench)).toEqual(['closed', 'maintenance'])
  })

  test('a printer that never finishes keeps no technician waiting', async () => {
    const bench = await openDoor()
    bench.printer.print = () => new Promise(() => {})
    await bench.visit()
    await bench.clock.advance(100)
    bench.walk()
    bench.door.handover.close('now')
    await bench.clock.advance(15_000)
    expect(bench.door.handover.state).toBe('closed')
  })

  test('a terminal that starts anew is its visitors’', async () => {
    const bench = doorBench()
    await bench.ready
    expect(state(bench as Bench)).toEqual(['open', 'in-service'])
  })
})
