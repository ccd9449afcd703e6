import { describe, expect, test } from 'vitest'
import type { RelayFault } from '../../devices/lib/simulated-relay-board.ts'
import { gateBench, onPulse, pulseFrame, soon, startGate } from '../support/gate-bench.ts'

describe('Modbus relay gate, opening', () => {
  test('opens by one pulse that the board times, and has it confirmed', async () => {
    const { gate, clock, controls, writes } = await startGate()
    const at = clock.monotonic()
    expect(await clock.until(gate.open(soon(clock)))).toEqual({ outcome: 'confirmed', writtenAt: at })
    expect(writes.at(-2)).toBe(pulseFrame)
    expect(controls.relayOn).toBe(true)
    await clock.advance(699)
    expect(controls.relayOn).toBe(true)
    await clock.advance(1)
    expect(controls.relayOn).toBe(false)
    expect(controls.pulses).toBe(1)
  })

  test('gives the pulse the configured length and relay', async () => {
    const settings = { relay: 3, pulseMs: 3200, unit: 17 }
    const { gate, clock, controls, writes } = await startGate(settings, settings)
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
    expect(writes.at(-2)).toBe('110502030020')
    await clock.advance(3100)
    expect(controls.relayOn).toBe(true)
    await clock.advance(100)
    expect(controls.relayOn).toBe(false)
  })

  test('opens through line noise, in pieces, on a slow wire', async () => {
    const { gate, clock } = await startGate({
      noise: Uint8Array.of(1, 5, 2),
      pieceBytes: 2,
      paceBaud: 9600,
    })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test('an acknowledged pulse that moves no relay is not confirmed', async () => {
    const { gate, clock } = await startGate({ fault: onPulse('stuck') })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test.each(['lost-answer', 'garbled-answer'] as const)(
    '%s: the relay tells that it opened',
    async (fault) => {
      const { gate, clock, controls, pulsesWritten } = await startGate({ fault: onPulse(fault) })
      expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
      expect([controls.pulses, pulsesWritten()]).toEqual([1, 1])
    },
  )

  test('a pulse that got lost is not confirmed and not sent again', async () => {
    const { gate, clock, controls, pulsesWritten } = await startGate({ fault: onPulse('lost-request') })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
    await clock.advance(10_000)
    expect([controls.pulses, pulsesWritten()]).toEqual([0, 1])
  })

  test('the relay still on from the pulse before confirms nothing', async () => {
    const faults: RelayFault[] = ['none', 'lost-request']
    const { gate, clock } = await startGate(
      { fault: (request) => (request.address === 0x200 ? (faults.shift() ?? 'none') : 'none') },
      { pulseMs: 3200 },
    )
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('a board without pulse function says no, and that is an error', async () => {
    const { gate, clock } = await startGate({ fault: onPulse('refused') })
    await expect(clock.until(gate.open(soon(clock)))).rejects.toMatchObject({ code: 'refused' })
  })

  test('two commands make two pulses, one after the other', async () => {
    const { gate, clock, controls } = await startGate()
    const both = Promise.all([gate.open(soon(clock)), gate.open(soon(clock))])
    expect(await clock.until(both)).toMatchObject([{ outcome: 'confirmed' }, { outcome: 'confirmed' }])
    expect(controls.pulses).toBe(2)
  })
})

describe('Modbus relay gate, expiry', () => {
  test('a command whose time is over sends not a byte', async () => {
    const { gate, clock, writes } = await startGate()
    const before = writes.length
    await expect(gate.open({ notAfter: clock.monotonic() - 1 })).rejects.toMatchObject({ code: 'expired' })
    expect(writes.length).toBe(before)
  })

  test('a command that has to wait for a silent line expires there', async () => {
    const faults: RelayFault[] = ['none', 'lost-request']
    const { gate, clock, pulsesWritten } = await startGate({
      fault: (request) => (request.function === 2 ? (faults.shift() ?? 'none') : 'none'),
    })
    await clock.advance(60)
    const opening = clock.until(gate.open(soon(clock, 100)))
    await expect(opening).rejects.toMatchObject({ code: 'expired' })
    await clock.advance(5000)
    expect(pulsesWritten()).toBe(0)
  })

  test('the cable was out: after it is in again, nothing of the old command arrives', async () => {
    const { gate, clock, controls, simulator, unplug } = await startGate()
    controls.silent(true)
    await clock.advance(51)
    const opening = expect(clock.until(gate.open(soon(clock, 1000)))).rejects.toMatchObject({
      code: 'link-lost',
    })
    await clock.advance(0)
    unplug()
    await opening
    controls.silent(false)
    await clock.advance(3000)
    const again = gateBench(clock)
    simulator.attach(again.far)
    await clock.until(again.start())
    await clock.advance(5000)
    expect(controls.pulses).toBe(0)
    expect(again.pulsesWritten()).toBe(0)
  })

  test('a command to a connection that is over says so', async () => {
    const { gate, clock, unplug, pulsesWritten } = await startGate()
    unplug()
    await expect(gate.open(soon(clock))).rejects.toMatchObject({ code: 'link-lost' })
    expect(pulsesWritten()).toBe(0)
  })

  test('the cable pulled after the bytes went out: it may have opened, so it is unconfirmed', async () => {
    const { gate, clock, controls, unplug } = await startGate({ fault: onPulse('lost-answer') })
    const opening = gate.open(soon(clock))
    await clock.advance(100)
    expect(controls.pulses).toBe(1)
    unplug()
    expect(await clock.until(opening)).toMatchObject({ outcome: 'unconfirmed' })
  })
})
