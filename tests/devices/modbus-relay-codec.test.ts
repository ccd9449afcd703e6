import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { relayBoard, relayMaster } from '../../devices/gates/modbus-relay/codec.ts'
import { type Codec, Framer } from '../../devices/lib/frames.ts'
import type { ModbusAnswer, ModbusRequest } from '../../devices/lib/modbus-pdu.ts'
import { pulse, readInputs, readRelays, switchOff } from '../../devices/lib/modbus-relays.ts'

const master = relayMaster(1)
const board = relayBoard(1)

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

const word = fc.integer({ min: 0, max: 0xffff })
const request: fc.Arbitrary<ModbusRequest> = fc.record({
  function: fc.constantFrom(1 as const, 2 as const, 5 as const),
  address: word,
  value: word,
})
const answer: fc.Arbitrary<ModbusAnswer> = fc.oneof(
  fc.record({
    type: fc.constant('bits' as const),
    function: fc.constantFrom(1 as const, 2 as const),
    bits: fc.integer({ min: 0, max: 255 }),
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
)
/** Noise made of what frames are made of, to lead the search astray. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x01, 0x02, 0x05, 0x81, 0x85, 0x00), { maxLength: 40 })
    .map((list) => Uint8Array.from(list)),
)
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })

function read<In>(codec: Codec<In, never>, stream: Uint8Array, pieces: readonly number[]): In[] {
  const framer = new Framer(codec, { maxLength: 32 })
  const found: In[] = []
  let from = 0
  for (let turn = 0; from < stream.length; turn++) {
    const length = pieces[turn % pieces.length] ?? 1
    found.push(...framer.push(stream.subarray(from, from + length)))
    from += length
  }
  return found
}

/** Whether bytes before `end` happen to begin a frame with a right CRC: one of 65536 pieces of noise does. */
function falseFrameStartsIn<In>(codec: Codec<In, never>, stream: Uint8Array, end: number): boolean {
  for (let from = 0; from < end; from++) {
    const step = codec.decode(stream.subarray(from))
    if (step !== 'more' && 'frame' in step) return true
  }
  return false
}

describe('Modbus relay codec', () => {
  test.each([
    ['01 02 00 00 00 08 79 CC', readInputs],
    ['01 01 00 00 00 08 3D CC', readRelays],
    ['01 05 00 00 00 00 CD CA', switchOff(0)],
    ['01 05 02 00 00 07 8D B0', pulse(0, 700)],
    ['01 05 02 01 00 08 9C 74', pulse(1, 800)],
    ['01 05 02 00 00 0A 4C 75', pulse(0, 1000)],
  ])('%s goes out and is understood at the other end', (printed, question) => {
    expect(hex(master.encode(question))).toBe(hex(bytes(printed)))
    expect(board.decode(bytes(printed))).toEqual({ frame: question, used: 8 })
  })

  test.each([
    ['01 05 00 00 FF 00 8C 3A', { function: 5, address: 0, value: 0xff00 }],
    ['01 05 00 FF FF 00 BC 0A', { function: 5, address: 0xff, value: 0xff00 }],
    ['01 05 04 00 00 07 8D 38', { function: 5, address: 0x0400, value: 7 }],
  ])('the board understands %s, which the driver never sends', (printed, meant) => {
    expect(board.decode(bytes(printed))).toEqual({ frame: meant, used: 8 })
  })

  test.each<[string, ModbusAnswer]>([
    ['01 05 02 00 00 07 8D B0', { type: 'echo', function: 5, address: 0x0200, value: 7 }],
    ['01 05 00 00 00 00 CD CA', { type: 'echo', function: 5, address: 0, value: 0 }],
    // The answers below are printed in no sheet; their layout is Modbus's, their CRCs were computed elsewhere.
    ['01 01 01 01 90 48', { type: 'bits', function: 1, bits: 1 }],
    ['01 02 01 00 A1 88', { type: 'bits', function: 2, bits: 0 }],
    ['01 82 01 81 60', { type: 'exception', function: 2, code: 1 }],
  ])('%s comes in and is what the other end sends', (printed, meant) => {
    expect(master.decode(bytes(printed))).toEqual({ frame: meant, used: bytes(printed).length })
    expect(hex(board.encode(meant))).toBe(hex(bytes(printed)))
  })

  test('answers of another unit, another function or another length are not taken', () => {
    const foreign = [
      relayBoard(2).encode({ type: 'bits', function: 1, bits: 1 }),
      bytes('01 03 02 00 01 79 84'),
      bytes('01 01 02 01 00 B8 6C'),
    ]
    for (const frame of foreign) expect(read(master, frame, [64])).toEqual([])
  })

  test('any answers, any cutting, any noise: every intact answer behind the noise is found, and at once', () => {
    fc.assert(
      fc.property(noise, fc.array(answer, { minLength: 1, maxLength: 5 }), cuts, (junk, answers, pieces) => {
        const stream = Buffer.concat([junk, ...answers.map((each) => board.encode(each))])
        fc.pre(!falseFrameStartsIn(master, stream, junk.length))
        expect(read(master, stream, pieces)).toEqual(answers)
      }),
      { numRuns: 400 },
    )
  })

  test('any requests, any cutting, any noise: the board finds every intact one', () => {
    fc.assert(
      fc.property(
        noise,
        fc.array(request, { minLength: 1, maxLength: 5 }),
        cuts,
        (junk, requests, pieces) => {
          const stream = Buffer.concat([junk, ...requests.map((each) => master.encode(each))])
          fc.pre(!falseFrameStartsIn(board, stream, junk.length))
          expect(read(board, stream, pieces)).toEqual(requests)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('one wrong byte anywhere, and nothing is delivered of that frame', () => {
    fc.assert(
      fc.property(answer, fc.nat(7), fc.integer({ min: 1, max: 255 }), answer, (torn, at, flip, kept) => {
        const broken = board.encode(torn)
        const index = at % broken.length
        broken[index] = (broken[index] ?? 0) ^ flip
        const stream = Buffer.concat([broken, board.encode(kept)])
        fc.pre(!falseFrameStartsIn(master, stream, broken.length))
        expect(read(master, stream, [64])).toEqual([kept])
      }),
      { numRuns: 400 },
    )
  })

  test('a frame that lost its end does not swallow the next', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 4 }), answer, cuts, (lost, length, kept, pieces) => {
        const stream = Buffer.concat([board.encode(lost).subarray(0, length), board.encode(kept)])
        fc.pre(!falseFrameStartsIn(master, stream, length))
        expect(read(master, stream, pieces)).toEqual([kept])
      }),
      { numRuns: 400 },
    )
  })
})
