import fc from 'fast-check'
import { expect } from 'vitest'
import { type Codec, Framer } from '../../devices/lib/frames.ts'

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
export const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** Cuts of a stream, in bytes, used again from the first when they are used up. */
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })

/** Noise made of what frames are made of, to lead the search astray. */
const noiseOf = (alphabet: readonly number[]) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }).map((list) => Uint8Array.from(list)),
  )

/** Every frame found in a stream that arrives in pieces and then falls silent. */
export function readAll<In>(
  codec: Pick<Codec<In, never>, 'decode'>,
  stream: Uint8Array,
  pieces: readonly number[] = [64],
): In[] {
  const framer = new Framer(codec)
  const found: In[] = []
  let from = 0
  for (let turn = 0; from < stream.length; turn++) {
    const length = pieces[turn % pieces.length] ?? 1
    found.push(...framer.push(stream.subarray(from, from + length)))
    from += length
  }
  // Noise can begin like a long frame; the silence behind the stream ends the wait for its rest.
  found.push(...framer.giveUp())
  return found
}

/** Whether bytes before `end` happen to begin a frame with a right check: such noise says nothing about the search. */
function falseFrameStartsIn<In>(
  codec: Pick<Codec<In, never>, 'decode'>,
  stream: Uint8Array,
  end: number,
): boolean {
  for (let from = 0; from < end; from++) {
    const step = codec.decode(stream.subarray(from))
    if (step !== 'more' && 'frame' in step) return true
  }
  return false
}

export interface Direction<Frame> {
  /** The end that receives. */
  readonly reads: Pick<Codec<Frame, never>, 'decode'>
  encode(frame: Frame): Uint8Array
  readonly frame: fc.Arbitrary<Frame>
  /** Bytes that frames of this protocol are made of. */
  readonly alphabet: readonly number[]
  readonly numRuns?: number
}

/** Any frames, any cutting, any noise: every intact frame behind the noise is found. */
export function survivesNoise<Frame>({ reads, encode, frame, alphabet, numRuns = 300 }: Direction<Frame>) {
  fc.assert(
    fc.property(
      noiseOf(alphabet),
      fc.array(frame, { minLength: 1, maxLength: 5 }),
      cuts,
      (junk, list, pieces) => {
        const stream = Buffer.concat([junk, ...list.map(encode)])
        fc.pre(!falseFrameStartsIn(reads, stream, junk.length))
        expect(readAll(reads, stream, pieces)).toEqual(list)
      },
    ),
    { numRuns },
  )
}

/** One wrong byte anywhere, or a lost end: nothing is delivered of that frame, and the next one is found. */
export function survivesDamage<Frame>({ reads, encode, frame, numRuns = 300 }: Direction<Frame>) {
  fc.assert(
    fc.property(
      frame,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      frame,
      cuts,
      (torn, at, flip, kept, pieces) => {
        const whole = encode(torn)
        const index = at % whole.length
        const broken =
          flip === 0 ? whole.subarray(0, Math.max(1, index)) : whole.with(index, (whole[index] ?? 0) ^ flip)
        const stream = Buffer.concat([broken, encode(kept)])
        fc.pre(!falseFrameStartsIn(reads, stream, broken.length))
        expect(readAll(reads, stream, pieces)).toEqual([kept])
      },
    ),
    { numRuns },
  )
}
