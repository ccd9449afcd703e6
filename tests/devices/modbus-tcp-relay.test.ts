import { type AddressInfo, createServer, type Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tcpRelayBoard, tcpRelayMaster } from '../../devices/gates/modbus-tcp-relay/codec.ts'
import { modbusTcpRelay } from '../../devices/gates/modbus-tcp-relay/driver.ts'
import { simulateModbusTcpRelay } from '../../devices/gates/modbus-tcp-relay/simulator.ts'
import type { ModbusAnswer, ModbusRequest } from '../../devices/lib/modbus-pdu.ts'
import { pulse, readInputs, readRelays, switchOff } from '../../devices/lib/modbus-relays.ts'
import type { Numbered } from '../../devices/lib/modbus-tcp.ts'
import type { RelayBoardSimulation } from '../../devices/lib/simulated-relay-board.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { bytes, hex, survivesNoise } from '../support/codec-properties.ts'
import { gateCable } from './gate-contract.ts'

const master = tcpRelayMaster(1)
const board = tcpRelayBoard(1)
const word = fc.nat(0xffff)
const numbered = <Body>(body: fc.Arbitrary<Body>) => fc.record({ transaction: word, body })
const answers = {
  reads: master,
  encode: board.encode,
  frame: numbered<ModbusAnswer>(
    fc.oneof(
      fc.record({
        type: fc.constant('bits' as const),
        function: fc.constantFrom(1 as const, 2 as const),
        bits: fc.nat(255),
      }),
      fc.record({
        type: fc.constant('echo' as const),
        function: fc.constant(5 as const),
        address: word,
        value: word,
      }),
      fc.record({
        type: fc.constant('exception' as const),
        function: fc.constantFrom(1 as const, 2 as const, 5 as const),
        code: fc.integer({ min: 1, max: 11 }),
      }),
    ),
  ),
  alphabet: [0, 1, 2, 4, 5, 6, 0x81],
}

describe('Modbus TCP relay codec', () => {
  test.each<[string, ModbusRequest]>([
    ['00 01 00 00 00 06 01 02 00 00 00 08', readInputs],
    ['00 01 00 00 00 06 01 01 00 00 00 08', readRelays],
    ['00 01 00 00 00 06 01 05 00 00 00 00', switchOff(0)],
    ['00 01 00 00 00 06 01 05 02 00 00 07', pulse(0, 700)],
  ])('%s goes out and is understood at the other end', (printed, body) => {
    expect(hex(master.encode({ transaction: 1, body }))).toBe(hex(bytes(printed)))
    expect(board.decode(bytes(printed))).toEqual({ frame: { transaction: 1, body }, used: 12 })
  })

  test('the board understands the printed "on", which the driver never sends', () => {
    const on = { transaction: 1, body: { function: 5, address: 0, value: 0xff00 } }
    expect(board.decode(bytes('00 01 00 00 00 06 01 05 00 00 FF 00'))).toEqual({ frame: on, used: 12 })
  })

  test.each<[string, Numbered<ModbusAnswer>]>([
    [
      '12 34 00 00 00 04 01 01 01 81',
      { transaction: 0x1234, body: { type: 'bits', function: 1, bits: 0x81 } },
    ],
    ['00 02 00 00 00 03 01 82 02', { transaction: 2, body: { type: 'exception', function: 2, code: 2 } }],
  ])('%s comes in', (printed, frame) => {
    expect(master.decode(bytes(printed))).toEqual({ frame, used: bytes(printed).length })
    expect(hex(board.encode(frame))).toBe(hex(bytes(printed)))
  })

  test('another unit, another protocol and another length are not taken', () => {
    for (const foreign of [
      '00 01 00 00 00 04 02 01 01 81',
      '00 01 00 01 00 04 01 01 01 81',
      '00 01 00 00 00 05 01 01 01 81',
    ])
      expect(master.decode(bytes(foreign))).not.toHaveProperty('frame')
  })

  test('any answers, any cutting, any noise: every intact one is found', () => survivesNoise(answers))
  test('an answer that lost its end does not swallow the next', () => {
    const whole = board.encode({ transaction: 7, body: { type: 'bits', function: 1, bits: 1 } })
    const next = { transaction: 8, body: { type: 'bits', function: 2, bits: 0 } } as const
    for (let length = 1; length < 4; length++) {
      const stream = Buffer.concat([whole.subarray(0, length), board.encode(next)])
      const step = master.decode(stream)
      expect(step).toEqual({ skip: length })
    }
  })
  test('requests are found behind noise by the board', () =>
    survivesNoise<Numbered<ModbusRequest>>({
      reads: board,
      encode: master.encode,
      frame: numbered(
        fc.record({
          function: fc.constantFrom(1 as const, 2 as const, 5 as const),
          address: word,
          value: word,
        }),
      ),
      alphabet: [0, 1, 5, 6],
    }))
})

describe('Modbus TCP relay gate', () => {
  const settings = { host: 'memory' }
  const opens = (written: string) => /^.{14}0502/.test(written)

  function bench(device: RelayBoardSimulation = {}) {
    const table = gateCable({ driver: modbusTcpRelay, settings, opens })
    const simulator = simulateModbusTcpRelay({ clock: table.clock, ...device })
    simulator.attach(table.far)
    return { ...table, controls: simulator.controls }
  }
  const soon = (now: number) => ({ notAfter: now + 5000 })

  test('reads the inputs before anything else, numbers its questions and opens only by a timed pulse', async () => {
    const { clock, start, writes } = bench()
    const gate = await clock.until(start())
    expect(writes).toEqual(['000100000006010200000008', '000200000006010100000008'])
    await clock.until(gate.open(soon(clock.monotonic())))
    expect(writes.slice(2)).toEqual(['000300000006010502000007', '000400000006010100000008'])
  })

  test('an answer that bears another number is never taken', async () => {
    const { clock, start, far, events, controls } = bench()
    await clock.until(start())
    controls.silent(true)
    for (let at = 0; at < 20; at++) {
      await far.write(
        board.encode({ transaction: 0x7000 + at, body: { type: 'bits', function: 2, bits: 3 } }),
      )
      await clock.advance(20)
    }
    expect(events).toEqual([])
  })

  test('with fire active nothing is written that locks, and nothing opens', async () => {
    const { clock, start, controls, writes, events } = bench({ relayLeftOn: true })
    controls.setFire(true)
    const gate = await clock.until(start())
    await expect(clock.until(gate.open(soon(clock.monotonic())))).rejects.toMatchObject({ code: 'fire' })
    expect(events).toEqual([{ type: 'fire', active: true }])
    expect(writes.every((sent) => /^.{14}0[12]/.test(sent))).toBe(true)
  })

  test('a pulse without acknowledgement ends the connection, so that the network cannot deliver it later', async () => {
    const { clock, start, near } = bench({
      fault: ({ address }) => (address >= 0x200 ? 'lost-request' : 'none'),
    })
    const gate = await clock.until(start())
    expect(await clock.until(gate.open(soon(clock.monotonic())))).toMatchObject({ outcome: 'unconfirmed' })
    expect(near.closed.reason).toMatchObject({ code: 'link-closed' })
  })

  test('a board without pulse function says no, and that is an error', async () => {
    const { clock, start } = bench({ fault: ({ address }) => (address >= 0x200 ? 'refused' : 'none') })
    const gate = await clock.until(start())
    await expect(clock.until(gate.open(soon(clock.monotonic())))).rejects.toMatchObject({ code: 'refused' })
  })

  test('closes its real connection by reset', async () => {
    const arrived = Promise.withResolvers<Socket>()
    const server = createServer((socket) => arrived.resolve(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const options = modbusTcpRelay.options.parse({ host: '127.0.0.1', port })
    const link = await openLink(modbusTcpRelay.link(options), new AbortController().signal)
    const socket = await arrived.promise
    const ended = new Promise((resolve) => socket.once('error', resolve))
    socket.resume()
    await link.close()
    expect(await ended).toMatchObject({ code: 'ECONNRESET' })
  })
})
