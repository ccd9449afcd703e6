import { describe, expect, test } from 'vitest'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import type { RelayFault } from '../../devices/lib/simulated-relay-board.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { gateBench, soon, startGate } from '../support/gate-bench.ts'

describe('Modbus relay gate, watching', () => {
  test('reports each person once', async () => {
    const { events, clock, controls } = await startGate()
    for (let person = 0; person < 5; person++) {
      controls.walkThrough()
      await clock.advance(600)
    }
    expect(events).toEqual(Array(5).fill({ type: 'passed' }))
  })

  test('a contact already closed at the start is nobody, and a bouncing one is one person', async () => {
    const clock = fakeClock()
    const table = gateBench(clock)
    const simulator = simulateModbusRelay({ clock })
    simulator.controls.walkThrough()
    simulator.attach(table.far)
    await clock.until(table.start())
    await clock.advance(1000)
    expect(table.events).toEqual([])
    simulator.controls.walkThrough()
    await clock.advance(220)
    simulator.controls.walkThrough()
    await clock.advance(1000)
    expect(table.events).toEqual([{ type: 'passed' }])
  })

  test('reports fire when it begins and when it ends, and opens only without it', async () => {
    const { events, clock, controls, gate, pulsesWritten } = await startGate()
    controls.setFire(true)
    await clock.advance(100)
    expect(gate.fire()).toBe(true)
    await expect(clock.until(gate.open(soon(clock)))).rejects.toMatchObject({ code: 'fire' })
    expect(pulsesWritten()).toBe(0)
    controls.setFire(false)
    await clock.advance(100)
    expect(events).toEqual([
      { type: 'fire', active: true },
      { type: 'fire', active: false },
    ])
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test('a fire that begins while a command waits its turn stops it', async () => {
    const { clock, controls, gate, pulsesWritten } = await startGate()
    controls.answerDelayMs = 40
    await clock.advance(51) // a poll is on its way
    controls.setFire(true)
    await clock.advance(99) // the next one is on its way, and will tell
    await expect(clock.until(gate.open(soon(clock)))).rejects.toMatchObject({ code: 'fire' })
    expect(pulsesWritten()).toBe(0)
  })

  test('while the inputs cannot be read, no command opens', async () => {
    let fault: RelayFault = 'none'
    const { clock, gate, pulsesWritten } = await startGate({
      fault: (request) => (request.function === 2 ? fault : 'none'),
    })
    fault = 'lost-request'
    await clock.advance(310)
    await expect(clock.until(gate.open(soon(clock)))).rejects.toMatchObject({ code: 'fire' })
    expect(pulsesWritten()).toBe(0)
  })

  test('one lost poll costs a command only time', async () => {
    const faults: RelayFault[] = ['none', 'lost-request']
    const { clock, gate } = await startGate({
      fault: (request) => (request.function === 2 ? (faults.shift() ?? 'none') : 'none'),
    })
    await clock.advance(60)
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test('polls each pollMs, keeps the line free while it is told to, and not longer than two seconds', async () => {
    const { clock, gate, writes } = await startGate()
    const polls = async (ms: number) => {
      const before = writes.length
      await clock.advance(ms)
      return writes.length - before
    }
    expect(await polls(1000)).toBe(20)
    gate.holdPolling(true)
    expect(await polls(1900)).toBe(0)
    expect(await polls(1000)).toBeGreaterThan(10)
    gate.holdPolling(true)
    gate.holdPolling(false)
    expect(await polls(1000)).toBe(20)
    gate.holdPolling(true)
    await clock.until(gate.open(soon(clock)))
    expect(await polls(1000)).toBe(20) // somebody is walking now
  })

  test('three unanswered polls end the connection within two seconds, two do not', async () => {
    const { clock, controls, near } = await startGate()
    controls.silent(true)
    await clock.advance(900)
    controls.silent(false)
    await clock.advance(3000)
    expect(near.closed.aborted).toBe(false)
    controls.silent(true)
    await clock.advance(2000)
    expect(near.closed.aborted).toBe(true)
  })

  test('after the end of the connection nothing is written any more', async () => {
    const { clock, near, writes } = await startGate()
    await near.close()
    const before = writes.length
    await clock.advance(5000)
    expect(writes.length).toBe(before)
  })

  test('keeps the last thousand requests only', async () => {
    const { clock, controls } = await startGate({}, { pollMs: 20 })
    await clock.advance(30_000)
    expect(controls.received).toHaveLength(1000)
  })
})
