import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { lcusBoard } from '../../devices/gates/lcus-relay/codec.ts'
import { simulateLcus } from '../../devices/gates/lcus-relay/simulator.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { tripod } from '../../devices/gates/tripod-serial/codec.ts'
import { simulateTripod } from '../../devices/gates/tripod-serial/simulator.ts'
import type { FoundPort } from '../../devices/identify/found.ts'
import { movesNoBoard } from '../../devices/identify/hazards.ts'
import { identifyPort } from '../../devices/identify/identify-port.ts'
import { plan, probes } from '../../devices/identify/plan.ts'
import { askStatus, forgetLine } from '../../devices/identify/probes/printers.ts'
import { readAtSpeed } from '../../devices/identify/wire.ts'
import type { Kind } from '../../devices/kinds.ts'
import { crc16Modbus } from '../../devices/lib/checksums.ts'
import { Framer } from '../../devices/lib/frames.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { readCommand } from '../../devices/receipt-printers/escpos/command-reader.ts'
import { simulateEscpos } from '../../devices/receipt-printers/escpos/simulator.ts'
import { configureDevice, modelIds } from '../../devices/registry.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { type Sent, serialDevice } from '../support/serial-device.ts'

const hex = (bytes: Iterable<number>) => Buffer.from(Uint8Array.from(bytes)).toString('hex')
const speeds = [2400, 4800, 9600, 14_400, 19_200, 38_400, 57_600, 115_200]

const port: FoundPort = {
  id: 'serial:one',
  transport: 'serial',
  path: 'one',
  node: 'one',
  names: ['one'],
  label: 'one',
  troubles: [],
}

beforeAll(async () => {
  await Promise.allSettled(modelIds.map((driver) => configureDevice({ id: 'x', driver, options: {} })))
})

/** Everything that is sent to a device that never answers: the whole of the plan, in its order. */
const everything = new Map<Kind | undefined, Promise<readonly Sent[]>>()
function everythingSent(claimed?: Kind): Promise<readonly Sent[]> {
  const sent = everything.get(claimed) ?? askSilence(claimed)
  everything.set(claimed, sent)
  return sent
}

async function askSilence(claimed?: Kind): Promise<readonly Sent[]> {
  const clock = fakeClock()
  const device = serialDevice(() => {}, 9600)
  const { signal } = new AbortController()
  const asking = identifyPort(port, { openLink: device.openLink, clock, signal, ...(claimed && { claimed }) })
  await clock.until(asking, 600_000)
  return device.sent
}

/** What a receiver of one speed reads of it, on a busy line and on one with pauses, by a clock that is a little off. */
function* readings(sent: readonly Sent[], speed: number): Generator<number[]> {
  for (const drift of [0.98, 1, 1.02])
    for (const gapBits of [0, 1, 2, 3, 20])
      for (const lateBits of [0, 1 / 16])
        yield sent.flatMap(({ bytes, baudRate }) =>
          readAtSpeed({ bytes, baudRate, gapBits }, { baudRate: speed * drift, lateBits }).map(
            ({ byte }) => byte,
          ),
        )
}

/** What a board of several sorts would find among these bytes that moves it. */
function orders(bytes: readonly number[]): string[] {
  const found: string[] = []
  const all = Uint8Array.from(bytes)
  // LCUS: everything but the question moves a relay.
  for (const { code } of new Framer(lcusBoard).push(all)) if (code !== 5) found.push(`LCUS ${code}`)
  // Tripods: any address, any command.
  for (const { command } of new Framer(tripod).push(all)) found.push(`tripod ${command}`)
  // Modbus RTU: a write to any unit, broadcast included.
  for (let from = 0; from + 8 <= all.length; from++) {
    const code = all[from + 1] ?? 0
    const many = code === 0x0f || code === 0x10
    if (!many && code !== 0x05 && code !== 0x06) continue
    const frame = all.subarray(from, from + (many ? 9 + (all[from + 6] ?? 0) : 8))
    const crc = crc16Modbus(frame.subarray(0, -2))
    if (frame.at(-2) === (crc & 0xff) && frame.at(-1) === crc >> 8) found.push(`Modbus ${hex(frame)}`)
  }
  return found
}

const singleByteOrders = (bytes: readonly number[]) =>
  bytes.filter((byte) => [0xaa, 0xbb, 0xcc].includes(byte))

/** A board that answers 50, wants 51, and takes every byte behind it for its relays (sold as ICSE012A to 014A). */
function dialogueBoard() {
  const state = { asked: false, ready: false, moved: 0 }
  async function obey(far: StreamLink) {
    for await (const bytes of far.bytes)
      for (const byte of bytes) {
        if (state.ready) state.moved++
        else if (state.asked && byte === 0x51) state.ready = true
        else if (byte === 0x50) {
          state.asked = true
          await far.write(Uint8Array.of(0xab)).catch(() => {})
        }
      }
  }
  return { state, attach: (far: StreamLink) => void obey(far) }
}

describe('A receiver of another speed', () => {
  const read = (bytes: number[], from: number, to: number) =>
    readAtSpeed({ bytes: Uint8Array.from(bytes), baudRate: from }, { baudRate: to })

  test('of the same speed reads what was sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(5), (bytes, gapBits) => {
        const received = readAtSpeed(
          { bytes, baudRate: 9600, gapBits },
          { baudRate: 9600 * 1.02, lateBits: 1 / 16 },
        )
        expect(hex(received.map(({ byte }) => byte))).toBe(hex(bytes))
      }),
    )
  })

  test('twice as fast reads every bit twice', () => {
    // 55 is 0 10101010 1 on the line, so 00 11 00 11 00 11 00 11 00 11: two characters, the first without a stop bit.
    expect(read([0x55], 9600, 19_200)).toEqual([
      { byte: 0x66, framed: false },
      { byte: 0xe6, framed: true },
    ])
    expect(read([0x00], 9600, 19_200)).toEqual([{ byte: 0x00, framed: false }])
  })

  test('half as fast reads every other bit', () => {
    // FF is 0 11111111 1: the start bit is too short for the slow one to see its middle.
    expect(read([0xff], 19_200, 9600)).toEqual([])
    // 00 is nine bits of 0: a start bit, three zeros and a half, then the idle line.
    expect(read([0x00], 19_200, 9600)).toEqual([{ byte: 0xf8, framed: true }])
  })
})

describe('Nothing that is sent to an unknown port', () => {
  test.each(speeds)('moves a board that reads at %i baud', async (speed) => {
    const sent = await everythingSent()
    for (const bytes of readings(sent, speed)) expect(orders(bytes)).toEqual([])
  })

  test('is anything but these questions', async () => {
    const sent = await everythingSent()
    expect([...new Set(sent.map(({ bytes }) => hex(bytes)))].sort()).toEqual([
      '010100000001fdca',
      '010300000002c40b',
      '020200000001b9f9',
      '04a30400ff55',
      '100401',
      '1b40',
      '7e000701000001abcd',
      '7e0130303030235152595359533b03',
      'a00105a6',
      'a4030e02b7',
      'a515ba',
      'a55501fb',
      'fac6c0',
      'facac4',
    ])
  })

  test('is an order to a relay board of single bytes, at whatever speed it was sent', async () => {
    const sent = await everythingSent()
    expect(sent.length).toBeGreaterThan(20)
    for (const bytes of readings(sent, 9600)) expect(singleByteOrders(bytes)).toEqual([])
    for (const { bytes, baudRate } of sent)
      expect([hex(bytes), movesNoBoard(bytes, baudRate, { watched: true })]).toEqual([hex(bytes), true])
  })

  test('moves a simulated gate, at any speed the gate may have', async () => {
    const gates: ((clock: FakeClock) => Simulator<GateControls>)[] = [
      ...[1, 2, 3, 8].map(
        (channel) => (clock: FakeClock) => simulateLcus({ clock, channel, silentBoard: true }),
      ),
      ...[1, 2, 3, 16].map((unit) => (clock: FakeClock) => simulateModbusRelay({ clock, unit })),
      ...[0, 1, 2, 255].map((address) => (clock: FakeClock) => simulateTripod({ clock, address })),
    ]
    for (const make of gates) {
      for (const speed of [9600, 19_200, 115_200]) {
        const clock = fakeClock()
        const gate = make(clock)
        const device = serialDevice((far) => gate.attach(far), speed)
        const { signal } = new AbortController()
        await clock.until(identifyPort(port, { openLink: device.openLink, clock, signal }), 600_000)
        expect([gate.controls.pulses, gate.controls.relayOn]).toEqual([0, false])
      }
    }
  })

  test('begins and goes on with the dialogue of a board that moves at any byte afterwards', async () => {
    for (const claimed of [undefined, 'gate', 'auxiliaries'] as const) {
      // With a pause of one bit, and a clock two percent fast, it takes the question to printers for a beginning.
      for (const [speed, gapBits] of [9600, 9600 * 1.02].flatMap((each) =>
        [0, 1, 2].map((gap) => [each, gap] as const),
      )) {
        const clock = fakeClock()
        const { state, attach } = dialogueBoard()
        const device = serialDevice(attach, speed, gapBits)
        const { signal } = new AbortController()
        const asking = { openLink: device.openLink, clock, signal, ...(claimed && { claimed }) }
        await clock.until(identifyPort(port, asking), 600_000)
        expect([claimed, gapBits, state.moved]).toEqual([claimed, gapBits, 0])
      }
    }
  })

  test('prints, feeds or cuts on a printer that hears it and cannot answer', async () => {
    const allowed = ['text', 'unknown', 'NUL', 'DLE \x04', 'ESC @']
    const sent = await everythingSent()
    const batches = Map.groupBy(sent, ({ baudRate }) => baudRate)
    for (const [baudRate, batch] of batches) {
      const bytes = batch.flatMap((each) => [...each.bytes])
      let line = 0
      for (let from = 0; from < bytes.length; ) {
        const step = readCommand(Uint8Array.from(bytes.slice(from)))
        if (step === 'more' || !('frame' in step))
          throw new Error(`unfinished at ${baudRate}: ${hex(bytes.slice(from))}`)
        const { name, parameters } = step.frame
        expect(allowed).toContain(name)
        if (name === 'ESC @') line = 0
        if (name === 'text') line += parameters.length
        // The narrowest printer prints a line that is full.
        expect([baudRate, line < 32]).toEqual([baudRate, true])
        from += step.used
      }
      // LF, FF and CR print, wherever they stand.
      expect(bytes.filter((byte) => [0x0a, 0x0c, 0x0d].includes(byte))).toEqual([])
      expect(line).toBe(0)
    }
  })

  test('leaves anything on the paper or in the line of a simulated printer', async () => {
    for (const speed of [9600, 19_200, 38_400, 57_600, 115_200]) {
      const clock = fakeClock()
      const printer = simulateEscpos({ clock })
      const deaf = serialDevice((far) => {
        printer.attach(Object.assign(far, { write: async () => {} }))
      }, speed)
      const { signal } = new AbortController()
      await clock.until(identifyPort(port, { openLink: deaf.openLink, clock, signal }), 600_000)
      expect(printer.controls.slips).toEqual([])
    }
  })

  test('in any other order would do so either', async () => {
    const asks = plan().flatMap(({ baudRate, questions }) =>
      questions.flatMap((question) => [...question.asks, forgetLine].map((bytes) => ({ bytes, baudRate }))),
    )
    const shuffled = fc.shuffledSubarray(asks, { minLength: 1 })
    fc.assert(
      fc.property(shuffled, fc.constantFrom(...speeds), fc.nat(3), (sent, speed, gapBits) => {
        const bytes = sent.flatMap((each) =>
          readAtSpeed({ ...each, gapBits }, { baudRate: speed }).map(({ byte }) => byte),
        )
        expect(orders(bytes)).toEqual([])
        if (speed === 9600) expect(singleByteOrders(bytes)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('A question that holds an order of a relay board', () => {
  const kinds = [
    'id-card-reader',
    'code-scanner',
    'thermometer',
    'gate',
    'auxiliaries',
    'receipt-printer',
  ] as const satisfies readonly Kind[]

  test('is asked only where the technician named a kind that is no board, and only of models of that kind', async () => {
    for (const claimed of kinds) {
      const sent = await everythingSent(claimed)
      const own = [
        ...probes.filter(({ kind }) => kind === claimed).flatMap(({ asks }) => asks),
        askStatus,
      ].map(hex)
      expect(sent.filter(({ bytes }) => !own.includes(hex(bytes)))).toEqual([])
      const dangerous = sent.filter(
        ({ bytes, baudRate }) => !movesNoBoard(bytes, baudRate, { watched: claimed === 'receipt-printer' }),
      )
      if (claimed === 'gate' || claimed === 'auxiliaries' || claimed === 'receipt-printer')
        expect(dangerous).toEqual([])
      // Boards with frames of several bytes are moved by none of it, whatever was said.
      for (const speed of speeds) for (const bytes of readings(sent, speed)) expect(orders(bytes)).toEqual([])
    }
  })

  test('is known to be one: the preamble of card readers, and the usual question to a Modbus board', () => {
    const fromHex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
    expect(movesNoBoard(fromHex('AA AA AA 96 69 00 03 11 FF ED'), 115_200)).toBe(false)
    expect(movesNoBoard(fromHex('01 01 00 00 00 08 3D CC'), 9600)).toBe(false)
    expect(movesNoBoard(fromHex('A5 25 02 CC'), 9600)).toBe(false)
    expect(movesNoBoard(fromHex('55 AA 05 01 00 00 FB'), 9600)).toBe(false)
    expect(movesNoBoard(fromHex('A0 01 05 A6'), 9600)).toBe(true)
  })

  test('is known to be one by what a slower board makes of it, too', () => {
    // Sent with 57600 baud, the question to Newland's heads is "on" for a board of 9600.
    const newland = probes.find(({ suggestions }) => suggestions[0]?.driver === 'newland')
    const [ask = new Uint8Array()] = newland?.asks ?? []
    expect([movesNoBoard(ask, 57_600), movesNoBoard(ask, 9600)]).toEqual([false, true])
  })
})
