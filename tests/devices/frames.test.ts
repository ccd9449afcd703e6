import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framer, frames, type Step } from '../../devices/lib/frames.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { toy } from '../support/toy-codec.ts'

const payload = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })
const quietNoise = fc.array(
  fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== 0x02),
  { maxLength: 12 },
)
const anyNoise = fc.array(fc.oneof(fc.constant(0x02), fc.integer({ min: 0, max: 255 })), { maxLength: 60 })
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 })

function cut(bytes: number[], lengths: number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1
    chunks.push(Uint8Array.from(bytes.slice(at, at + length)))
    at += length
  }
  return chunks
}

const pushAll = (framer: Framer<readonly number[]>, chunks: Uint8Array[]) =>
  chunks.flatMap((chunk) => framer.push(chunk))

describe('the framer', () => {
  test('gives back any frames, in order, whatever the cutting and the noise between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(quietNoise, payload), { maxLength: 8 }), cuts, (parts, lengths) => {
        const bytes = parts.flatMap(([noise, data]) => [...noise, ...toy.encode(data)])
        const framer = new Framer(toy)
        expect(pushAll(framer, cut(bytes, lengths))).toEqual(parts.map(([, data]) => data))
        expect(framer.unfinished).toBe(0)
      }),
    )
  })

  test('finds the same frames however the bytes are cut, even in noise full of false starts and past maxLength', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyNoise, payload), { maxLength: 8 }), cuts, (parts, lengths) => {
        const bytes = parts.flatMap(([noise, data]) => [...noise, ...toy.encode(data)])
        const options = { maxLength: 40 }
        const pieces = new Framer(toy, options)
        const whole = new Framer(toy, options)
        const fromPieces = pushAll(pieces, cut(bytes, lengths))
        expect(fromPieces).toEqual(pushAll(whole, [Uint8Array.from(bytes)]))
        expect(pieces.giveUp()).toEqual(whole.giveUp())
      }),
    )
  })

  test('finds the frame that follows a false start when the false start is given up', () => {
    const framer = new Framer(toy)
    expect(framer.push(Uint8Array.from([0x02, 200, ...toy.encode([1, 2])]))).toEqual([])
    expect(framer.giveUp()).toEqual([[1, 2]])
    expect(framer.unfinished).toBe(0)
  })

  test('takes an unfinished frame as noise after a gap, and never before', () => {
    const clock = fakeClock()
    const framer = new Framer(toy, { gapMs: 50, monotonic: clock.monotonic })
    const [head, tail] = [toy.encode([7, 8]).slice(0, 3), toy.encode([7, 8]).slice(3)]
    framer.push(head)
    void clock.advance(49)
    expect(framer.push(Uint8Array.of())).toEqual([])
    expect(framer.push(tail)).toEqual([[7, 8]])
  })

  test('after a gap reads the next frame as if the half one had never been', async () => {
    const clock = fakeClock()
    const framer = new Framer(toy, { gapMs: 50, monotonic: clock.monotonic })
    framer.push(toy.encode([7, 8, 9]).slice(0, 4))
    await clock.advance(50)
    expect(framer.push(toy.encode([1]))).toEqual([[1]])
  })

  test('keeps at most maxLength bytes of a frame that never ends', () => {
    const endless = { decode: (): Step<never> => 'more' }
    const framer = new Framer(endless, { maxLength: 100 })
    for (let count = 0; count < 50; count++) framer.push(new Uint8Array(33))
    expect(framer.unfinished).toBe(100)
  })

  test('shows a codec at most maxLength bytes, so a flood of false starts costs work in proportion to it', () => {
    let looked = 0
    const endless = {
      decode(bytes: Uint8Array): Step<never> {
        looked += bytes.length
        return 'more'
      },
    }
    new Framer(endless, { maxLength: 64 }).push(new Uint8Array(20_000))
    expect(looked).toBeLessThanOrEqual(20_000 * 64)
  })

  test('survives a codec that takes nothing', () => {
    const stuck = { decode: (): Step<string> => ({ skip: 0 }) }
    expect(new Framer(stuck).push(Uint8Array.of(1, 2, 3))).toEqual([])
  })

  test('reads a whole stream and ends with it', async () => {
    async function* stream() {
      yield toy.encode([1])
      yield toy.encode([2]).slice(0, 2)
      yield toy.encode([2]).slice(2)
    }
    const found: (readonly number[])[] = []
    for await (const frame of frames(stream(), toy)) found.push(frame)
    expect(found).toEqual([[1], [2]])
  })
})
