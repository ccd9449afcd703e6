import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LcusOperation, lcusBoard, lcusHost } from '../../devices/gates/lcus-relay/codec.ts'
import { lcusRelay } from '../../devices/gates/lcus-relay/driver.ts'
import { type LcusSimulation, simulateLcus } from '../../devices/gates/lcus-relay/simulator.ts'
import { bytes, hex, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { gateCable } from './gate-contract.ts'

const query = 'a00105a6'
const pulse = 'a00106a7'
const states = {
  reads: lcusHost,
  encode: lcusBoard.encode,
  frame: fc.record({ channel: fc.integer({ min: 1, max: 8 }), on: fc.boolean() }),
  alphabet: [0xa0, 0x01, 0x00, 0xa1, 0xa2],
}

describe('LCUS codec', () => {
  test.each<[string, LcusOperation, number]>([
    ['A0 01 00 A1', 'off-silently', 0],
    ['A0 01 02 A3', 'off', 2],
    ['A0 01 05 A6', 'query', 5],
    ['A0 01 06 A7', 'pulse', 6],
  ])('%s is what the sheet prints for "%s"', (printed, operation, code) => {
    expect(hex(lcusHost.encode({ channel: 1, operation }))).toBe(hex(bytes(printed)))
    expect(lcusBoard.decode(bytes(printed))).toEqual({ frame: { channel: 1, code }, used: 4 })
  })

  test.each([
    ['A0 01 01 A2', true],
    ['A0 01 00 A1', false],
  ])('%s is a state', (printed, on) => {
    expect(lcusHost.decode(bytes(printed))).toEqual({ frame: { channel: 1, on }, used: 4 })
    expect(hex(lcusBoard.encode({ channel: 1, on }))).toBe(hex(bytes(printed)))
  })

  test('the board understands the frames that switch on, which the driver never sends', () => {
    for (const printed of ['A0 01 01 A2', 'A0 01 03 A4', 'A0 01 04 A5'])
      expect(lcusBoard.decode(bytes(printed))).toMatchObject({ used: 4 })
  })

  test('any states, any cutting, any noise: every intact one is found', () => survivesNoise(states))
  test('a damaged state is not delivered and does not swallow the next', () => survivesDamage(states))
  test('the board finds every operation behind noise', () =>
    survivesNoise({
      reads: lcusBoard,
      encode: ({ channel, code }) => {
        const body = [0xa0, channel, code]
        return Uint8Array.from([...body, body.reduce((sum, byte) => (sum + byte) & 0xff, 0)])
      },
      frame: fc.record({ channel: fc.integer({ min: 1, max: 8 }), code: fc.integer({ min: 0, max: 6 }) }),
      alphabet: [0xa0, 0x01, 0x06, 0xa7],
    }))
})

describe('LCUS relay gate', () => {
  function bench(device: LcusSimulation, settings: Record<string, unknown> = {}) {
    const table = gateCable({
      driver: lcusRelay,
      settings: { path: 'memory', ...settings },
      opens: (sent) => sent === pulse,
    })
    const simulator = simulateLcus({ clock: table.clock, ...device })
    simulator.attach(table.far)
    return { ...table, controls: simulator.controls }
  }
  const soon = (now: number) => ({ notAfter: now + 5000 })

  test('asks before it says anything else, and reads back what it did', async () => {
    const { clock, start, writes } = bench({})
    const gate = await clock.until(start())
    expect(writes).toEqual([query])
    await clock.until(gate.open(soon(clock.monotonic())))
    expect(writes.slice(-2)).toEqual([pulse, query])
  })

  test('a relay found on is switched off by the answered "off"', async () => {
    const { clock, start, writes } = bench({ relayLeftOn: true })
    await clock.until(start())
    expect(writes).toEqual([query, 'a00102a3', query])
  })

  test('pulses the configured channel', async () => {
    const { clock, start, writes, controls } = bench({ channel: 3 }, { channel: 3 })
    const gate = await clock.until(start())
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'confirmed' })
    expect(writes).toContain('a00306a9')
    expect(controls.pulses).toBe(1)
  })

  test('the relay still on from the pulse before confirms nothing', async () => {
    const faults = ['none', 'lost-request'] as const
    let pulses = 0
    const { clock, start } = bench({
      momentaryMs: 8000,
      fault: (code) => (code === 6 ? (faults[pulses++] ?? 'none') : 'none'),
    })
    const gate = await clock.until(start())
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'confirmed' })
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('a state that may belong to an earlier pulse acknowledges no later one', async () => {
    const faults = ['lost-answer', 'lost-request'] as const
    let pulses = 0
    const table = bench({
      momentaryMs: 8000,
      fault(code) {
        const fault = code === 6 ? (faults[pulses++] ?? 'none') : 'none'
        if (fault === 'lost-request') void table.far.write(lcusBoard.encode({ channel: 1, on: true }))
        return fault
      },
    })
    const gate = await table.clock.until(table.start())
    await table.clock.until(gate.open(soon(table.clock.monotonic())))
    const second = gate.open(soon(table.clock.monotonic()))
    expect(await table.clock.until(second)).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('a state that may belong to an earlier query proves no pulse', async () => {
    let lost = false
    let pulsed = false
    const table = bench({
      fault(code) {
        if (code === 6) pulsed = true
        // What comes now was asked for by somebody else: on the line it looks the same.
        if (pulsed && code === 5) void table.far.write(lcusBoard.encode({ channel: 1, on: true }))
        return lost ? 'lost-request' : 'none'
      },
    })
    const gate = await table.clock.until(table.start())
    lost = true
    await table.clock.advance(300)
    expect(await table.clock.until(gate.open(soon(table.clock.monotonic())))).toMatchObject({
      outcome: 'unconfirmed',
    })
    expect(pulsed).toBe(true)
  })

  test('a silent board is refused with advice, until somebody has seen it pulse', async () => {
    const refused = bench({ silentBoard: true })
    await expect(refused.clock.until(refused.start())).rejects.toThrow(/silentBoard/)
    expect(refused.writes).toEqual([query])

    const { clock, start, writes, controls } = bench(
      { silentBoard: true, relayLeftOn: true },
      { silentBoard: true },
    )
    const gate = await clock.until(start())
    expect(writes).toEqual([query, 'a00100a1'])
    expect(controls.relayOn).toBe(false)
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'unconfirmed' })
    expect(controls.pulses).toBe(1)
  })

  test('a board said to be silent that answers all the same is asked, and confirms', async () => {
    const { clock, start } = bench({}, { silentBoard: true })
    const gate = await clock.until(start())
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'confirmed' })
  })
})
