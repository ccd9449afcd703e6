import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ioBoard, ioMaster, readInputs, switchOutput } from '../../devices/auxiliaries/modbus-io/codec.ts'
import { modbusIo } from '../../devices/auxiliaries/modbus-io/driver.ts'
import { IoInputs } from '../../devices/auxiliaries/modbus-io/inputs.ts'
import {
  type IoFault,
  type ModbusIoSimulation,
  simulateModbusIo,
} from '../../devices/auxiliaries/modbus-io/simulator.ts'
import type { DeviceEvent } from '../../devices/kinds.ts'
import type { ModbusAnswer, ModbusRequest } from '../../devices/lib/modbus-pdu.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { bytes, hex, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const settings = {
  inputs: {
    presence: { input: 0, active: 'high' },
    callButton: { input: 1, active: 'high' },
    door: { input: 2, active: 'low' },
  },
  lights: { 'id-card-reader': 0, 'receipt-printer': 3 },
} as const
const word = fc.nat(0xffff)
const answers = {
  reads: ioMaster(2),
  encode: ioBoard(2).encode,
  frame: fc.oneof<fc.Arbitrary<ModbusAnswer>[]>(
    fc.record({ type: fc.constant('bits' as const), function: fc.constant(2 as const), bits: fc.nat(255) }),
    fc.record({
      type: fc.constant('echo' as const),
      function: fc.constant(5 as const),
      address: word,
      value: word,
    }),
  ),
  alphabet: [2, 5, 1, 0, 0xff],
}

describe('Input and output board codec', () => {
  test.each<[string, ModbusRequest]>([
    ['02 02 00 00 00 08 79 FF', readInputs],
    ['02 05 00 00 FF 00 8C 09', switchOutput(0, true)],
    ['02 05 00 00 00 00 CD F9', switchOutput(0, false)],
  ])('%s goes out and is understood at the other end', (printed, request) => {
    expect(hex(ioMaster(2).encode(request))).toBe(hex(bytes(printed)))
    expect(ioBoard(2).decode(bytes(printed))).toEqual({ frame: request, used: 8 })
  })

  test('unit 1 has the bytes that the maker prints', () => {
    expect(hex(ioMaster(1).encode(switchOutput(0, true)))).toBe('01050000ff008c3a')
    expect(hex(ioMaster(1).encode(readInputs))).toBe('01020000000879cc')
  })

  test('an answer comes in and is what the other end sends', () => {
    const answer = { type: 'bits', function: 2, bits: 0 } as const
    expect(ioMaster(1).decode(bytes('01 02 01 00 A1 88'))).toEqual({ frame: answer, used: 6 })
    expect(hex(ioBoard(1).encode(answer))).toBe('01020100a188')
  })

  test('any answers, any cutting, any noise: every intact one is found', () => survivesNoise(answers))
  test('a damaged answer is not delivered and does not swallow the next', () => survivesDamage(answers))
})

function bench(
  device: ModbusIoSimulation = {},
  changes: Record<string, unknown> = {},
  clock: FakeClock = fakeClock(),
) {
  const cable = memoryLink()
  const events: DeviceEvent<'auxiliaries'>[] = []
  const writes: string[] = []
  const { near } = cable
  const link: StreamLink = {
    kind: near.kind,
    name: near.name,
    bytes: near.bytes,
    closed: near.closed,
    close: () => near.close(),
    write(sent) {
      writes.push(hex(sent).slice(0, -4))
      return near.write(sent)
    },
  }
  const start = () =>
    modbusIo.start({
      link,
      options: modbusIo.options.parse({ path: 'memory', ...settings, ...changes }),
      signal: near.closed,
      clock,
      log: () => {},
      emit: (event) => events.push(event),
    })
  const board = simulateModbusIo({ clock, ...settings, ...device })
  return { clock, cable, events, writes, start, board, controls: board.controls }
}

async function started(device: ModbusIoSimulation = {}, changes: Record<string, unknown> = {}) {
  const table = bench(device, changes)
  table.board.attach(table.cable.far)
  const io = await table.clock.until(table.start())
  return Object.assign(table, { io })
}

describe('Sensors on an input and output board', () => {
  test('tell how everything is at the start, and then what changes', async () => {
    const { events, io, clock, controls } = await started()
    expect(events).toEqual([
      { type: 'presence', present: false },
      { type: 'door', open: false },
    ])
    events.length = 0
    controls.setPresence(true)
    await clock.advance(300)
    controls.setDoor(true)
    await clock.advance(300)
    expect([io.presence(), io.doorOpen()]).toEqual([true, true])
    controls.setPresence(false)
    await clock.advance(300)
    expect(events).toEqual([
      { type: 'presence', present: true },
      { type: 'door', open: true },
      { type: 'presence', present: false },
    ])
  })

  test('count each press of the button once, and none that was held at the start', async () => {
    const table = bench()
    table.controls.pressCallButton()
    table.board.attach(table.cable.far)
    await table.clock.until(table.start())
    await table.clock.advance(1000)
    const calls = () => table.events.filter(({ type }) => type === 'call-button').length
    expect(calls()).toBe(0)
    for (let press = 0; press < 3; press++) {
      table.controls.pressCallButton()
      await table.clock.advance(1000)
    }
    expect(calls()).toBe(3)
  })

  test('a bouncing button is one call', () => {
    const inputs = new IoInputs({ callButton: { input: 1, active: 'high' } }, 0)
    const seen = [2, 0, 2, 0, 2, 2].flatMap((bits, at) => inputs.see(bits, at * 30))
    expect(seen).toEqual([{ type: 'call-button' }])
    expect(inputs.see(0, 1000)).toEqual([])
    expect(inputs.see(2, 1100)).toEqual([{ type: 'call-button' }])
  })

  test('what is not wired is not known', async () => {
    const { io, events } = await started({}, { inputs: {}, lights: {} })
    expect([io.presence(), io.doorOpen(), io.lights, events]).toEqual([undefined, undefined, [], []])
  })
})

describe('Guide lights on an input and output board', () => {
  const changes = (writes: readonly string[]) => writes.filter((sent) => sent.startsWith('0205'))

  test('are all put out at the start, after the inputs were read', async () => {
    const { writes, clock, io } = await started()
    await clock.advance(100)
    expect(writes[0]).toBe('020200000008')
    expect(changes(writes)).toEqual(['020500000000', '020500030000'])
    expect(io.lights).toEqual(['id-card-reader', 'receipt-printer'])
  })

  test('stay on, go out, and say so at once', async () => {
    const { io, clock, controls, writes } = await started()
    await clock.until(io.light('id-card-reader', 'continuous'))
    expect(controls.isLit('id-card-reader')).toBe(true)
    const before = changes(writes).length
    await clock.advance(5000)
    expect(changes(writes).length).toBe(before)
    await clock.until(io.light('id-card-reader', 'off'))
    expect(controls.isLit('id-card-reader')).toBe(false)
  })

  test.each([
    ['slow', 10],
    ['quick', 20],
  ] as const)('blink %s: %i times on in ten seconds, beginning with light', async (state, times) => {
    const { io, clock, controls } = await started()
    await clock.until(io.light('receipt-printer', state))
    expect(controls.isLit('receipt-printer')).toBe(true)
    let ons = 0
    let lit = true
    for (let at = 0; at < 1000; at++) {
      await clock.advance(10)
      const now = controls.isLit('receipt-printer')
      if (now && !lit) ons++
      lit = now
    }
    expect(Math.abs(ons - times)).toBeLessThanOrEqual(1)
    expect(controls.isLit('id-card-reader')).toBe(false)
  })

  test('an order for a light that is not there is refused', async () => {
    const { io } = await started()
    await expect(io.light('gate', 'slow')).rejects.toMatchObject({ code: 'unsupported' })
  })

  test.each<IoFault>(['lost-request', 'lost-answer', 'garbled-answer'])(
    'a light whose order met a %s is told again',
    async (fault) => {
      const faults: IoFault[] = []
      const { io, clock, controls, cable } = await started({
        fault: ({ function: code }) => (code === 5 ? (faults.shift() ?? 'none') : 'none'),
      })
      await clock.advance(500)
      faults.push(fault)
      await clock.until(io.light('id-card-reader', 'continuous').catch(() => {}))
      await clock.advance(3000)
      expect(controls.isLit('id-card-reader')).toBe(true)
      expect(cable.near.closed.aborted).toBe(false)
    },
  )

  test('a light that may be on after a lost answer is put out when it should be out', async () => {
    const faults: IoFault[] = []
    const { io, clock, controls } = await started({
      fault: ({ function: code }) => (code === 5 ? (faults.shift() ?? 'none') : 'none'),
    })
    await clock.advance(500)
    faults.push('lost-answer')
    const on = io.light('id-card-reader', 'continuous').catch(() => {})
    await clock.advance(50)
    expect(controls.isLit('id-card-reader')).toBe(true)
    const off = io.light('id-card-reader', 'off')
    await clock.until(Promise.all([on, off]))
    expect(controls.isLit('id-card-reader')).toBe(false)
  })

  test('a board that refuses an output says so to whoever ordered it', async () => {
    let refuses = false
    const { io, clock } = await started({
      fault: ({ function: code }) => (refuses && code === 5 ? 'refused' : 'none'),
    })
    await clock.advance(500)
    refuses = true
    await expect(clock.until(io.light('id-card-reader', 'quick'))).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('Input and output board, connection', () => {
  test('reads through line noise and in pieces, on a slow wire', async () => {
    const { events, clock, controls, io } = await started({
      noise: Uint8Array.of(2, 2, 1),
      pieceBytes: 2,
      paceBaud: 9600,
    })
    controls.setPresence(true)
    await clock.until(io.light('id-card-reader', 'continuous'))
    await clock.advance(1000)
    expect(events).toContainEqual({ type: 'presence', present: true })
    expect(controls.isLit('id-card-reader')).toBe(true)
  })

  test.each(['lost-answer', 'garbled-answer', 'refused'] as const)(
    'a start that meets a %s switches nothing',
    async (fault) => {
      const table = bench({ fault: () => fault })
      table.board.attach(table.cable.far)
      await expect(table.clock.until(table.start())).rejects.toMatchObject({
        code: fault === 'lost-answer' ? 'timeout' : fault === 'refused' ? 'bad-answer' : 'wrong-device',
      })
      expect(table.writes).toEqual(['020200000008'])
    },
  )

  test('refuses a different device on the same port, a gate board of another address too', async () => {
    for (const sent of [Buffer.from('HELLO\r'), ioBoard(1).encode({ type: 'bits', function: 2, bits: 0 })]) {
      const table = bench()
      const refused = expect(table.start()).rejects.toMatchObject({ code: 'wrong-device' })
      await table.cable.far.write(sent)
      await table.clock.advance(2000)
      await refused
      expect(table.writes).toEqual(['020200000008'])
    }
  })

  test('says that nothing answers when nothing does', async () => {
    const { clock, start } = bench()
    await expect(clock.until(start())).rejects.toMatchObject({ code: 'timeout' })
  })

  test('a board gone silent is noticed within two and a half seconds, a short silence is not', async () => {
    const { clock, controls, cable } = await started()
    controls.silent(true)
    await clock.advance(600)
    controls.silent(false)
    await clock.advance(3000)
    expect(cable.near.closed.aborted).toBe(false)
    controls.silent(true)
    await clock.advance(2500)
    expect(cable.near.closed.aborted).toBe(true)
  })

  test.each(['unplug', 'close'] as const)(
    '%s while the greeting waits: the start fails with the reason',
    async (how) => {
      const { cable, clock, start } = bench()
      const code = how === 'close' ? 'link-closed' : 'link-lost'
      const failed = expect(start()).rejects.toMatchObject({ code })
      await clock.advance(10)
      if (how === 'unplug') cable.unplug()
      else await cable.near.close()
      await clock.advance(0)
      await failed
    },
  )

  test.each(['unplug', 'close'] as const)(
    'after %s in the middle nothing is told or written any more',
    async (how) => {
      const { cable, clock, io, events, writes, controls } = await started()
      await clock.until(io.light('id-card-reader', 'quick'))
      if (how === 'unplug') cable.unplug()
      else await cable.near.close()
      const before = [events.length, writes.length]
      controls.setPresence(true)
      await clock.advance(5000)
      expect([events.length, writes.length]).toEqual(before)
      await expect(io.light('id-card-reader', 'off')).rejects.toMatchObject({
        code: how === 'close' ? 'link-closed' : 'link-lost',
      })
    },
  )

  test('plugged in again, lights left on are put out', async () => {
    const first = await started()
    await first.clock.until(first.io.light('id-card-reader', 'continuous'))
    first.cable.unplug()
    const again = bench({}, {}, first.clock)
    first.board.attach(again.cable.far)
    await first.clock.until(again.start())
    await first.clock.advance(200)
    expect(first.controls.isLit('id-card-reader')).toBe(false)
  })

  test('rejects sensors or lights that share a wire', () => {
    for (const wrong of [
      { inputs: { presence: { input: 1 }, door: { input: 1 } } },
      { lights: { gate: 2, thermometer: 2 } },
      { inputs: { presence: { input: 8 } } },
    ])
      expect(modbusIo.options.safeParse({ path: 'x', ...wrong }).success).toBe(false)
  })
})
