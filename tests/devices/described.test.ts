import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDescription, readable } from '../../devices/described/check.ts'
import { describedCodec } from '../../devices/described/codec.ts'
import { describedIds, readDescription } from '../../devices/described/read-description.ts'
import { Framer } from '../../devices/lib/frames.ts'

const shipped = join(import.meta.dirname, '../../config/drivers')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A thermometer with signed words, low byte first, a length field that counts what follows it, and a CRC. */
const worked = {
  id: 'worked',
  kind: 'thermometer',
  label: 'Worked',
  source: 'made up for this test',
  serial: { baudRate: 9600 },
  frame: {
    start: 'aa',
    length: { type: 'field', offset: 1, size: 1, adjust: 2, max: 64 },
    checksum: { type: 'crc16-modbus', from: 1 },
    fields: [
      { name: 'raw', offset: 2, type: 'i16le', scale: 0.1, unit: 'celsius' },
      { name: 'ambient', offset: 4, type: 'i8', unit: 'celsius' },
      { name: 'serial', offset: 5, type: 'ascii' },
    ],
  },
  // CRC of 07 3B FF F6 41 42, low byte first.
  golden: [{ frame: '', values: { raw: -19.7, ambient: -10, serial: 'AB' } }],
}
worked.golden[0] = { frame: goldenFrame(), values: { raw: -19.7, ambient: -10, serial: 'AB' } }

function goldenFrame(): string {
  const body = [0x07, 0x3b, 0xff, 0xf6, 0x41, 0x42]
  let crc = 0xffff
  for (const byte of body) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return hex(Uint8Array.from([0xaa, ...body, crc & 0xff, crc >> 8]))
}

/** The worked description with one thing changed. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(worked) as unknown
  const last = path.at(-1) ?? ''
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(at as object, key), copy)
  if (value === undefined) Reflect.deleteProperty(parent as object, last)
  else Reflect.set(parent as object, last, value)
  return copy
}

function messageOf(value: unknown): string {
  try {
    checkDescription('drivers/worked.json', value)
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-config' })
    return (error as Error).message
  }
  return 'nothing is wrong'
}

describe('Descriptions as shipped', async () => {
  const ids = await describedIds(shipped)

  test('there is one for each kind', async () => {
    const kinds = await Promise.all(ids.map(async (id) => (await readDescription(shipped, id))?.kind))
    expect(new Set(kinds)).toEqual(new Set(['thermometer', 'code-scanner']))
  })

  test.each(ids)('%s reads its golden frames, in any pieces, and writes them as they were', async (id) => {
    const description = await readDescription(shipped, id)
    if (!description) throw new Error('there is no such description')
    const codec = describedCodec(description)
    for (const { frame, values } of description.golden) {
      const framer = new Framer(codec)
      const found = [...frame].flatMap((byte) => framer.push(Uint8Array.of(byte)))
      expect(found.map(readable)).toEqual([expect.objectContaining(values)])
      for (const each of found) expect(hex(codec.encode(each))).toBe(hex(frame))
    }
  })
})

describe('The codec of a description', () => {
  const description = checkDescription('worked.json', worked)
  const codec = describedCodec(description)
  const values = fc.record({
    raw: fc.integer({ min: -32_768, max: 32_767 }).map((tenths) => Number((tenths * 0.1).toFixed(6))),
    ambient: fc.integer({ min: -128, max: 127 }),
    serial: fc.stringMatching(/^[ -~]{0,40}$/),
  })
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })
  /** Noise without a start byte: a false start is ended by silence, which this test does not have. */
  const noise = fc
    .uint8Array({ maxLength: 40 })
    .map((list) => list.map((byte) => (byte === 0xaa ? 0xab : byte)))

  test('any values, any cutting, any noise between: the same values back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, values), { maxLength: 5 }), cuts, (parts, pieces) => {
        const stream = Buffer.concat(parts.flatMap(([junk, each]) => [junk, codec.encode(each)]))
        const framer = new Framer(codec)
        const found: unknown[] = []
        let from = 0
        for (let turn = 0; from < stream.length; turn++) {
          const length = pieces[turn % pieces.length] ?? 1
          found.push(...framer.push(stream.subarray(from, from + length)))
          from += length
        }
        expect(found).toEqual(parts.map(([, each]) => each))
      }),
      { numRuns: 200 },
    )
  })

  test('one wrong byte behind the start, and it is no frame', () => {
    const frame = codec.encode({ raw: 34.2, ambient: 24, serial: 'S1' })
    const at = fc.integer({ min: 1, max: frame.length - 1 })
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const broken = Uint8Array.from(frame)
        broken[index] = (broken[index] ?? 0) ^ flip
        expect(new Framer(codec).push(broken)).toEqual([])
      }),
    )
  })

  test('a frame ends at its terminator, and one without an end is dropped', () => {
    const lines = describedCodec(
      checkDescription('lines.json', {
        ...worked,
        kind: 'code-scanner',
        frame: {
          start: '02',
          length: { type: 'terminator', bytes: '0d03', max: 12 },
          checksum: { type: 'none' },
          fields: [
            { name: 'aim', offset: 1, type: 'ascii', length: 3 },
            { name: 'code', offset: 4, type: 'bytes' },
          ],
        },
        golden: [{ frame: '025d513148490d03', values: { aim: ']Q1', code: '4849' } }],
      }),
    )
    const stream = Buffer.from('x\x02]Q10123456789\x02]C1OK\r\x03\x02]\r\x03', 'latin1')
    expect(new Framer(lines, { maxLength: 12 }).push(stream).map(readable)).toEqual([
      { aim: ']C1', code: '4f4b' },
    ])
    expect(hex(lines.encode({ aim: ']Q1', code: Buffer.from('HI') }))).toBe('025d513148490d03')
  })
})

describe('A wrong description', () => {
  test('none of this is wrong with the right one', () => {
    expect(messageOf(worked)).toBe('nothing is wrong')
  })

  test.each<[string, (string | number)[], unknown, string]>([
    ['an unknown key', ['more'], 1, 'more: found 1; this key is not known'],
    ['a missing part', ['frame', 'checksum'], undefined, 'frame.checksum: found nothing; expected object'],
    ['another kind', ['kind'], 'gate', 'kind: found "gate"; expected "thermometer" or "code-scanner"'],
    ['half a byte', ['frame', 'start'], 'aab', 'frame.start: found "aab"; expected hex'],
    [
      'an unknown type',
      ['frame', 'fields', 0, 'type'],
      'float',
      'frame.fields[0].type: found "float"; expected "u8" or "i8" or',
    ],
    [
      'a field beyond the frame',
      ['frame', 'fields', 0, 'offset'],
      61,
      'frame.fields[0].offset: found 61; "raw" ends at byte 63, but the data of the longest frame ends at byte 62',
    ],
    [
      'two fields of one name',
      ['frame', 'fields', 2, 'name'],
      'raw',
      'frame.fields[2].name: found "raw"; expected a name that no other field has',
    ],
    [
      'a length of a number',
      ['frame', 'fields', 0, 'length'],
      4,
      'frame.fields[0].length: found 4; expected none: i16le has its own length',
    ],
    [
      'an open end in the middle',
      ['frame', 'fields', 2, 'offset'],
      3,
      'frame.fields[2].length: found nothing; expected a length: another field lies behind "serial"',
    ],
    [
      'a checksum of nothing',
      ['frame', 'checksum', 'from'],
      70,
      'frame.checksum.from: found 70; expected to cover at least one of the 62 bytes before the checksum',
    ],
    [
      'a terminator and a checksum',
      ['frame', 'length'],
      { type: 'terminator', bytes: '0d', max: 64 },
      'frame.checksum.type: found "crc16-modbus"; expected "none"',
    ],
    [
      'a thermometer without the room',
      ['frame', 'fields', 1, 'name'],
      'other',
      'expected a field "ambient": the room, a number in celsius',
    ],
    [
      'degrees without a unit',
      ['frame', 'fields', 0, 'unit'],
      'none',
      'expected the skin as measured, a number in celsius',
    ],
    [
      'a golden frame with a wrong checksum',
      ['golden', 0, 'frame'],
      'aa073bfff641420000',
      'golden[0].frame: found "aa073bfff641420000"; expected one whole frame as described, with a right checksum',
    ],
    [
      'a golden value that the frame does not give',
      ['golden', 0, 'values', 'raw'],
      19.7,
      'golden[0].values.raw: found 19.7; the frame as described gives -19.7',
    ],
    [
      'a golden value of no field',
      ['golden', 0, 'values', 'body'],
      1,
      'golden[0].values.body: found 1; the frame as described gives no such field',
    ],
    ['no golden frame', ['golden'], [], 'golden: found []; '],
  ])('with %s says file, place, what was found and what is expected', (_what, path, value, expected) => {
    const message = messageOf(changed(path, value))
    expect(message).toContain(expected)
    for (const line of message.split('\n')) expect(line).toMatch(/^drivers\/worked\.json: /)
  })

  test('skin is not taken for body', () => {
    const body = { name: 'body', offset: 2, type: 'i16le', scale: 0.1, unit: 'celsius' }
    const fields = [...worked.frame.fields.slice(0, 2), body]
    expect(messageOf(changed(['frame', 'fields'], fields))).toContain('skin is not body')
  })

  test('a scanner without a code is none', () => {
    expect(messageOf(changed(['kind'], 'code-scanner'))).toContain('expected a field "code"')
  })

  test('every fault is told at once, a line each', () => {
    const two = changed(['kind'], 'gate') as Record<string, unknown>
    expect(messageOf({ ...two, label: '' }).split('\n')).toHaveLength(2)
  })
})
