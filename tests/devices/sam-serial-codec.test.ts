import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framer } from '../../devices/lib/frames.ts'
import { type SamReply, type SamRequest, samHost, samModule } from '../../devices/lib/sam/codec.ts'
import { readPayload } from '../../devices/lib/sam/payload.ts'
import { samNumberBytes, samNumberText } from '../../devices/lib/sam/sam-number.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex').toUpperCase()
const reply = (status: number, data = ''): SamReply => ({ status, sw1: 0, sw2: 0, data: bytes(data) })
const request = (command: number, parameter: number, data = ''): SamRequest => ({
  command,
  parameter,
  data: bytes(data),
})
const fixtures: { name: string; frameHex: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/id-cards.json', import.meta.url), 'utf8'),
)

describe('SAM frames from makers and published drivers', () => {
  test.each([
    ['reset', 'AAAAAA9669 0003 10FF EC', request(0x10, 0xff)],
    ['status', 'AAAAAA9669 0003 11FF ED', request(0x11, 0xff)],
    ['module number', 'AAAAAA9669 0003 12FF EE', request(0x12, 0xff)],
    ['find', 'AAAAAA9669 0003 2001 22', request(0x20, 0x01)],
    ['select', 'AAAAAA9669 0003 2002 21', request(0x20, 0x02)],
    ['read', 'AAAAAA9669 0003 3001 32', request(0x30, 0x01)],
    ['appended address', 'AAAAAA9669 0003 3003 30', request(0x30, 0x03)],
    ['set baud rate', 'AAAAAA9669 0003 6004 67', request(0x60, 0x04)],
    ['radio frame of 80 bytes', 'AAAAAA9669 0004 61FF50 CA', request(0x61, 0xff, '50')],
  ])('request: %s', (_name, frame, expected) => {
    expect(hex(samHost.encode(expected))).toBe(hex(bytes(frame)))
    expect(samModule.decode(bytes(frame))).toEqual({ frame: expected, used: bytes(frame).length })
  })

  test.each([
    ['found', 'AAAAAA9669 0008 00009F 00000000 97', reply(0x9f, '00000000')],
    ['not found', 'AAAAAA9669 0004 000080 84', reply(0x80)],
    ['selected', 'AAAAAA9669 000C 000090 0000000000000000 9C', reply(0x90, '0000000000000000')],
    ['not selected', 'AAAAAA9669 0004 000081 85', reply(0x81)],
    ['read failed', 'AAAAAA9669 0004 000041 45', reply(0x41)],
    ['done', 'AAAAAA9669 0004 000090 94', reply(0x90)],
    ['no such item', 'AAAAAA9669 0004 000091 95', reply(0x91)],
    ['bad checksum', 'AAAAAA9669 0004 000010 14', reply(0x10)],
    ['bad length', 'AAAAAA9669 0004 000011 15', reply(0x11)],
    ['bad command', 'AAAAAA9669 0004 000021 25', reply(0x21)],
    ['self-test failed', 'AAAAAA9669 0004 000060 64', reply(0x60)],
    ['not authorised', 'AAAAAA9669 0004 000066 62', reply(0x66)],
    [
      'module number',
      'AAAAAA9669 0014 000090 05000300E5D6340187D61200B168DE3A FA',
      reply(0x90, '05000300E5D6340187D61200B168DE3A'),
    ],
  ])('reply: %s', (_name, frame, expected) => {
    expect(hex(samModule.encode(expected))).toBe(hex(bytes(frame)))
    expect(samHost.decode(bytes(frame))).toEqual({ frame: expected, used: bytes(frame).length })
  })

  test.each(fixtures)('whole read answer: $name', ({ frameHex }) => {
    const frame = bytes(frameHex)
    const step = samHost.decode(frame)
    expect(step).toMatchObject({ used: 1295, frame: { status: 0x90 } })
    if (step === 'more' || !('frame' in step)) throw new Error('no frame')
    expect(hex(samModule.encode(step.frame))).toBe(frameHex)
  })

  test.each(['AAAAAA9669 0003 2001 21', 'AAAAAA9669 0003 2000 22'])(
    'a wrong check costs one byte: %s',
    (frame) => {
      expect(samModule.decode(bytes(frame))).toEqual({ skip: 1 })
    },
  )

  test('waits for the rest of a frame that is shorter than it says', () => {
    expect(samHost.decode(bytes('AAAAAA96690005050505'))).toBe('more')
  })

  test('does not wait for lengths that no frame has', () => {
    expect(samHost.decode(bytes('AAAAAA9669 0003'))).toEqual({ skip: 1 })
    expect(samHost.decode(bytes('AAAAAA9669 090B'))).toEqual({ skip: 1 })
    expect(samHost.decode(bytes('AAAAAA9669 090A'))).toBe('more')
    expect(samModule.decode(bytes('AAAAAA9669 0002'))).toEqual({ skip: 1 })
  })

  test('prints the number of the module, and simulators can go back', () => {
    const data = bytes('05000300E5D6340187D61200B168DE3A')
    expect(samNumberText(data)).toBe('05.03-20240101-0001234567-0987654321')
    expect(hex(samNumberBytes('05.03-20240101-0001234567-0987654321'))).toBe(hex(data))
  })
})

describe('SAM frames on a bad line', () => {
  const preamble = [0xaa, 0xaa, 0xaa, 0x96, 0x69]
  const noiseByte = fc.oneof(fc.nat(255), fc.constantFrom(...preamble))
  const part = fc.oneof(
    { weight: 6, arbitrary: fc.constant<readonly number[]>(preamble) },
    { weight: 4, arbitrary: fc.array(noiseByte, { maxLength: 12 }) },
  )
  const dataBytes = fc.array(part, { maxLength: 6 }).map((parts) => Uint8Array.from(parts.flat()))
  const someReply = fc.record({ status: fc.nat(255), sw1: fc.nat(255), sw2: fc.nat(255), data: dataBytes })
  const torn = fc.tuple(someReply, fc.double({ min: 0.05, max: 0.95, noNaN: true })).map(([frame, share]) => {
    const whole = samModule.encode(frame)
    return { noise: whole.subarray(0, Math.floor(whole.length * share)) }
  })
  const flipped = fc
    .tuple(someReply, fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([frame, at, change]) => {
      const whole = samModule.encode(frame)
      const index = at % whole.length
      return { noise: whole.with(index, (whole[index] ?? 0) ^ change) }
    })
  const noise = fc.array(part, { maxLength: 3 }).map((parts) => ({ noise: Uint8Array.from(parts.flat()) }))
  const intact = someReply.map((frame) => ({ frame }))
  const line = fc.array(fc.oneof({ weight: 3, arbitrary: intact }, noise, torn, flipped), {
    minLength: 1,
    maxLength: 8,
  })

  /** Whether XOR is 0 by chance where no frame was sent: a coincidence that this check cannot tell from a frame. */
  function chanceFrame(stream: Uint8Array, starts: ReadonlyMap<number, number>): boolean {
    for (let at = 0; at + 7 < stream.length; at++) {
      if (starts.has(at) || !preamble.every((byte, i) => stream[at + i] === byte)) continue
      const length = (stream[at + 5] ?? 0) * 256 + (stream[at + 6] ?? 0)
      if (length < 4 || at + 7 + length > stream.length) continue
      if (stream.subarray(at + 5, at + 7 + length).reduce((a, b) => a ^ b, 0) === 0) return true
    }
    return false
  }

  test('any frames, any noise, any cutting: every intact frame arrives, and nothing else does', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(line, cuts, (items, sizes) => {
        const pieces = items.map((item) => ('frame' in item ? samModule.encode(item.frame) : item.noise))
        const stream = Uint8Array.from(Buffer.concat(pieces))
        const starts = new Map<number, number>()
        pieces.reduce((at, piece, i) => {
          if ('frame' in (items[i] ?? {})) starts.set(at, piece.length)
          return at + piece.length
        }, 0)
        fc.pre(!chanceFrame(stream, starts))

        const framer = new Framer(samHost)
        const received: SamReply[] = []
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1
          received.push(...framer.push(stream.subarray(at, at + size)))
          at += size
        }
        received.push(...framer.giveUp())

        expect(received).toEqual(items.flatMap((item) => ('frame' in item ? [item.frame] : [])))
      }),
      { numRuns: 500 },
    )
  })

  test('a frame torn off by silence does not swallow the one that follows', () => {
    let now = 0
    const framer = new Framer(samHost, { gapMs: 250, monotonic: () => now })
    const whole = bytes(fixtures[0]?.frameHex ?? '')
    now = 1000
    expect(framer.push(whole.subarray(0, 700))).toEqual([])
    now = 1300
    expect(framer.push(samModule.encode(reply(0x80)))).toEqual([reply(0x80)])
  })
})

describe('the envelope of a read', () => {
  const text = new Uint8Array(256).fill(0x41)
  const photo = new Uint8Array(1024).fill(0x42)
  const fingerprints = new Uint8Array(1024).fill(0x43)
  const join = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

  test.each([
    ['30 01', join([1, 0, 4, 0], text, photo)],
    ['30 10 without fingerprints', join([1, 0, 4, 0, 0, 0], text, photo)],
    ['30 10 with fingerprints', join([1, 0, 4, 0, 4, 0], text, photo, fingerprints)],
    ['30 01 with a picture behind it', join([1, 0, 4, 0], text, photo, [0x42, 0x4d, 1, 2])],
    ['30 10 with a picture behind it', join([1, 0, 4, 0, 0, 0], text, photo, [0x42, 0x4d])],
  ])('opens %s', (_name, data) => {
    expect(readPayload(data)).toEqual({ text, photo })
  })

  test('reads a card without photo', () => {
    expect(readPayload(join([1, 0, 0, 0], text))).toEqual({ text, photo: new Uint8Array() })
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['another text length', join([2, 0, 0, 0], text, text)],
    ['a photo that is not there', join([1, 0, 4, 0], text)],
    ['one byte too few', join([1, 0, 4, 0], text, photo.subarray(1))],
  ])('refuses %s', (_name, data) => {
    expect(() => readPayload(data)).toThrow(expect.objectContaining({ code: 'bad-answer' }))
  })
})
