import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framer } from '../../devices/lib/frames.ts'
import {
  type GyAnswer,
  gyHost,
  gyModule,
  readIdentity,
  readMeasurement,
  setQueryMode,
  toMeasurement,
} from '../../devices/thermometers/gy-614v/codec.ts'

const host = gyHost(0xa4)
const module = gyModule(0xa4)

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

const measurement = fc
  .uint8Array({ minLength: 7, maxLength: 7 })
  .map((data): GyAnswer => ({ type: 'registers', start: 7, data }))
const identity = fc
  .uint8Array({ minLength: 2, maxLength: 2 })
  .map((data): GyAnswer => ({ type: 'registers', start: 0x0e, data }))
const answer = fc.oneof(
  measurement,
  identity,
  fc.constant<GyAnswer>({ type: 'written', register: 3, value: 1 }),
)
/** Noise made of what frames are made of, to lead the search astray. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0xa4, 0x03, 0x06, 0x07, 0x0e, 0x02, 0x01), { maxLength: 40 })
    .map((list) => Uint8Array.from(list)),
)
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })

function read(stream: Uint8Array, pieces: readonly number[]): string[] {
  const framer = new Framer(host)
  const found: GyAnswer[] = []
  let from = 0
  for (let turn = 0; from < stream.length; turn++) {
    const length = pieces[turn % pieces.length] ?? 1
    found.push(...framer.push(stream.subarray(from, from + length)))
    from += length
  }
  return found.map((frame) => hex(module.encode(frame)))
}

describe('GY-614V codec', () => {
  test.each([
    ['a4030e02b7', readIdentity],
    ['a4060301ae', setQueryMode],
    ['a4030707b5', readMeasurement],
    ['a4060106b1', { type: 'write', register: 1, value: 6 }],
    ['a406055504', { type: 'write', register: 5, value: 0x55 }],
  ] as const)('%s is what the sheet prints for this question', (printed, request) => {
    expect(hex(host.encode(request))).toBe(printed)
    expect(module.decode(bytes(printed))).toEqual({ frame: request, used: 5 })
  })

  test('reads emissivity, object, ambient and body from the printed answer', () => {
    const printed = bytes('A4 03 07 07 5F 0D 61 09 CE 0E 4E B5')
    const step = host.decode(printed)
    expect(step).toMatchObject({ frame: { type: 'registers', start: 7 }, used: 12 })
    if (step === 'more' || !('frame' in step) || step.frame.type !== 'registers') throw new Error('no frame')
    expect(toMeasurement(step.frame.data)).toEqual({
      emissivityPercent: 95,
      objectCentiCelsius: 3425,
      ambientCentiCelsius: 2510,
      bodyCentiCelsius: 3662,
    })
    expect(hex(module.encode(step.frame))).toBe(hex(printed))
  })

  test('a frame of another address, another length or another register is not taken', () => {
    for (const foreign of [
      'A2 03 07 07 5F 0D 61 09 CE 0E 4E B3',
      'A4 03 07 06 5F 0D 61 09 CE 0E 66',
      'A4 03 08 02 0D 61 1F',
    ])
      expect(new Framer(host).push(bytes(foreign))).toEqual([])
  })

  test('any answers, any cutting, any noise: every intact answer behind the noise is found', () => {
    fc.assert(
      fc.property(noise, fc.array(answer, { minLength: 1, maxLength: 5 }), cuts, (junk, answers, pieces) => {
        const whole = answers.map((frame) => module.encode(frame))
        const stream = Buffer.concat([junk, ...whole])
        // With eight bits of check sum, 1 of 256 pieces of noise is a frame; those cases say nothing about the search.
        fc.pre(!falseFrameStartsIn(stream, junk.length))
        expect(read(stream, pieces)).toEqual(whole.map(hex))
      }),
      { numRuns: 300 },
    )
  })

  test('one wrong byte anywhere in a frame, and nothing is delivered of it', () => {
    fc.assert(
      fc.property(
        measurement,
        fc.nat({ max: 11 }),
        fc.integer({ min: 1, max: 255 }),
        cuts,
        (frame, at, flip, pieces) => {
          const torn = module.encode(frame)
          torn[at] = (torn[at] ?? 0) ^ flip
          fc.pre(!falseFrameStartsIn(torn.subarray(1), torn.length))
          expect(read(torn, pieces)).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a frame that lost its end does not swallow the next', () => {
    fc.assert(
      fc.property(measurement, answer, fc.integer({ min: 1, max: 11 }), (lost, kept, length) => {
        const start = module.encode(lost).subarray(0, length)
        const stream = Buffer.concat([start, module.encode(kept)])
        fc.pre(!falseFrameStartsIn(stream, start.length))
        expect(read(stream, [64])).toEqual([hex(module.encode(kept))])
      }),
      { numRuns: 300 },
    )
  })
})

/** Whether bytes before `end` happen to begin something with the shape and sum of a frame. */
function falseFrameStartsIn(stream: Uint8Array, end: number): boolean {
  for (let from = 0; from < end; from++) {
    const step = host.decode(stream.subarray(from))
    if (step !== 'more' && 'frame' in step) return true
  }
  return false
}
