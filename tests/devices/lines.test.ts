import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cut, encodeLine, LineCutter, type LineFormat } from '../../devices/lib/lines.ts'

const plain: LineFormat = {
  prefix: new Uint8Array(),
  aimId: false,
  terminator: 'cr',
  stxEtx: false,
  maxLength: 64,
}

const formats = fc.record({
  prefix: fc.constantFrom(new Uint8Array(), Uint8Array.of(0x7e), Uint8Array.of(0x1b, 0x5b)),
  aimId: fc.boolean(),
  terminator: fc.constantFrom('cr' as const, 'lf' as const, 'crlf' as const),
  stxEtx: fc.boolean(),
  maxLength: fc.constant(64),
})
/** Any bytes but those that frames are made of: a plain line cannot carry its own terminator. */
const payloadByte = fc
  .integer({ min: 0, max: 255 })
  .filter((byte) => ![0x02, 0x03, 0x0a, 0x0d].includes(byte))
const payload = fc
  .array(payloadByte, { minLength: 1, maxLength: 64, size: 'max' })
  .map((bytes) => Uint8Array.from(bytes))
const payloads = fc.array(payload, { maxLength: 6 })
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })

/** Pushes the stream in pieces of the given lengths, over and over. */
function read(format: LineFormat, stream: Uint8Array, pieces: readonly number[]): Cut[] {
  const cutter = new LineCutter(format)
  const found: Cut[] = []
  let from = 0
  for (let turn = 0; from < stream.length; turn++) {
    const length = pieces[turn % pieces.length] ?? 1
    found.push(...cutter.push(stream.subarray(from, from + length)))
    from += length
  }
  return found
}

const codesOf = (found: readonly Cut[]) =>
  found.flatMap((cut) => ('code' in cut ? [Buffer.from(cut.code.bytes).toString('hex')] : []))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('Lines of scan heads', () => {
  test('writes a line as heads send it', () => {
    const code = { bytes: Buffer.from('HC1:X'), aim: ']Q1' }
    const format: LineFormat = { ...plain, prefix: Uint8Array.of(0x7e), aimId: true, terminator: 'crlf' }
    expect(hex(encodeLine(format, code))).toBe('7e5d51314843313a580d0a')
    expect(hex(encodeLine({ ...format, stxEtx: true }, code))).toBe('027e5d51314843313a580d0a03')
    expect(hex(encodeLine(plain, code))).toBe('4843313a580d')
  })

  test('any codes, any cutting: the same codes back', () => {
    fc.assert(
      fc.property(formats, payloads, cuts, (format, codes, pieces) => {
        const stream = Buffer.concat(codes.map((bytes) => encodeLine(format, { bytes, aim: ']Q1' })))
        expect(codesOf(read(format, stream, pieces))).toEqual(codes.map(hex))
      }),
      { numRuns: 150 },
    )
  })

  test('a torn or over-long line costs only itself: every intact code behind it is found, nothing glued to it', () => {
    const noise = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(formats, noise, payloads, cuts, (format, junk, codes, pieces) => {
        // The junk ends as a line ends, for a plain line has no other mark of its beginning.
        const end = encodeLine({ ...format, prefix: new Uint8Array() }, { bytes: new Uint8Array() })
        const lines = codes.map((bytes) => encodeLine(format, { bytes, aim: ']Q1' }))
        const found = codesOf(read(format, Buffer.concat([junk, end, ...lines]), pieces))
        const fromJunk = codesOf(read(format, Buffer.concat([junk, end]), [1]))
        expect(found).toEqual([...fromJunk, ...codes.map(hex)])
        for (const code of fromJunk) expect(hex(junk)).toContain(code)
      }),
      { numRuns: 150 },
    )
  })

  test('with STX a line that lost its end gives nothing, and the next one is whole', () => {
    fc.assert(
      fc.property(payload, payload, fc.integer({ min: 1, max: 60 }), (lost, kept, at) => {
        const format: LineFormat = { ...plain, stxEtx: true }
        const torn = encodeLine(format, { bytes: lost }).subarray(0, Math.min(at, lost.length))
        const stream = Buffer.concat([torn, encodeLine(format, { bytes: kept })])
        expect(codesOf(read(format, stream, [7]))).toEqual([hex(kept)])
      }),
    )
  })

  test('keeps no more of an endless line than the longest code', () => {
    const cutter = new LineCutter({ ...plain, terminator: 'crlf' })
    expect(cutter.push(new Uint8Array(100_000).fill(0x0d))).toEqual([])
    expect(cutter.push(Uint8Array.of(0x0a))).toEqual([{ dropped: 'too-long' }])
    expect(codesOf(cutter.push(Buffer.from('OK\r\n')))).toEqual([hex(Buffer.from('OK'))])
  })
})
