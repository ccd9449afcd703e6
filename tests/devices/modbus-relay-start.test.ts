import { describe, expect, test } from 'vitest'
import { relayMaster } from '../../devices/gates/modbus-relay/codec.ts'
import { modbusRelay } from '../../devices/gates/modbus-relay/driver.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { switchOff } from '../../devices/lib/modbus-relays.ts'
import { fakeClock } from '../support/fake-clock.ts'
import {
  gateBench,
  offFrame,
  onInputs,
  onPulse,
  readInputs,
  readRelays,
  soon,
  startGate,
} from '../support/gate-bench.ts'

describe('Modbus relay gate, starting', () => {
  test('reads the inputs before anything else, then asks which board this is, and writes nothing', async () => {
    const { writes, clock } = await startGate()
    await clock.advance(1000)
    expect(writes.slice(0, 2)).toEqual([readInputs, readRelays])
    expect(new Set(writes.slice(2))).toEqual(new Set([readInputs]))
  })

  test('switches a relay off that was left on', async () => {
    const { writes, controls } = await startGate({ relayLeftOn: true })
    expect(writes).toEqual([readInputs, readRelays, offFrame, readRelays])
    expect(controls.relayOn).toBe(false)
  })

  test('a relay that cannot be switched off is reported', async () => {
    const fault = () => 'stuck' as const
    await expect(startGate({ relayLeftOn: true, fault })).rejects.toMatchObject({ code: 'out-of-service' })
  })

  test.each(['high', 'low'] as const)(
    'with fire active (%s) nothing is written at all',
    async (fireActive) => {
      const clock = fakeClock()
      const table = gateBench(clock, { fireActive })
      const simulator = simulateModbusRelay({ clock, relayLeftOn: true, fireActive })
      simulator.controls.setFire(true)
      simulator.attach(table.far)
      const gate = await clock.until(table.start())
      expect(gate.fire()).toBe(true)
      expect(table.events).toEqual([{ type: 'fire', active: true }])
      await expect(clock.until(gate.open(soon(clock)))).rejects.toMatchObject({ code: 'fire' })
      await clock.advance(2000)
      expect(simulator.controls.relayOn).toBe(true)
      expect(table.writes.every((frame) => [readInputs, readRelays].includes(frame))).toBe(true)
    },
  )

  test('a relay left on through a fire proves no pulse afterwards', async () => {
    const clock = fakeClock()
    const table = gateBench(clock)
    const simulator = simulateModbusRelay({ clock, relayLeftOn: true, fault: onPulse('lost-request') })
    simulator.controls.setFire(true)
    simulator.attach(table.far)
    const gate = await clock.until(table.start())
    simulator.controls.setFire(false)
    await clock.advance(500)
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('unreadable inputs: the start fails and nothing was written', async () => {
    const clock = fakeClock()
    const table = gateBench(clock)
    simulateModbusRelay({ clock, relayLeftOn: true, fault: onInputs('refused') }).attach(table.far)
    await expect(clock.until(table.start())).rejects.toMatchObject({ code: 'fire' })
    expect(table.writes).toEqual([readInputs, readRelays])
  })

  test('a board without inputs is watched by its relays', async () => {
    const { gate, clock, writes, controls, near } = await startGate(
      { fault: onInputs('refused') },
      { passageInput: null, fireInput: null },
    )
    await clock.advance(500)
    expect(new Set(writes)).toEqual(new Set([readRelays]))
    expect([gate.seesPassage, gate.fire()]).toEqual([false, false])
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
    controls.silent(true)
    await clock.advance(2500)
    expect(near.closed.aborted).toBe(true)
  })

  test('says that nothing answers when nothing does', async () => {
    const clock = fakeClock()
    await expect(clock.until(gateBench(clock).start())).rejects.toMatchObject({ code: 'timeout' })
  })

  test('refuses a different device on the same port', async () => {
    const clock = fakeClock()
    const table = gateBench(clock)
    const refused = expect(table.start()).rejects.toMatchObject({ code: 'wrong-device' })
    await table.far.write(Buffer.from('a40307075f0d6109ce0e4eb5', 'hex'))
    await clock.advance(3000)
    await refused
    expect(table.writes).toEqual([readInputs, readRelays])
  })

  test('refuses a board of another address', async () => {
    const clock = fakeClock()
    const table = gateBench(clock, { unit: 2 })
    const board = simulateModbusRelay({ clock })
    board.attach(table.far)
    const refused = expect(table.start()).rejects.toMatchObject({ code: 'wrong-device' })
    await table.far.write(Uint8Array.of(1))
    await clock.advance(3000)
    await refused
  })

  test.each(['unplug', 'close'] as const)(
    '%s in the middle of the start: it fails with the reason',
    async (how) => {
      const clock = fakeClock()
      const table = gateBench(clock)
      const failed = expect(table.start()).rejects.toMatchObject({
        code: how === 'close' ? 'link-closed' : 'link-lost',
      })
      await clock.advance(100)
      if (how === 'unplug') table.unplug()
      else await table.near.close()
      await clock.advance(0)
      await failed
    },
  )

  test('unplugged and plugged in again, it never switches on', async () => {
    const { gate, clock, simulator, unplug, controls } = await startGate()
    await clock.until(gate.open(soon(clock)))
    unplug()
    const again = gateBench(clock)
    simulator.attach(again.far)
    await clock.until(again.start())
    // The pulse of before was still running: it is ended, not lengthened.
    expect(again.writes).toEqual([readInputs, readRelays, offFrame, readRelays])
    expect([controls.relayOn, controls.pulses]).toEqual([false, 1])
  })

  test('rejects settings that cannot work', () => {
    for (const wrong of [{ pulseMs: 750 }, { pulseMs: 0 }, { pulseMs: 3300 }, { fireInput: 0 }, { relay: 8 }])
      expect(modbusRelay.options.safeParse({ path: 'x', ...wrong }).success).toBe(false)
    expect(modbusRelay.options.parse({ path: 'x', passageInput: null, fireInput: null })).toMatchObject({
      pulseMs: 700,
    })
  })
})

test('the frames named in these tests are the ones on the wire', () => {
  expect(Buffer.from(relayMaster(1).encode(switchOff(0))).toString('hex')).toBe(`${offFrame}cdca`)
})
