import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framer } from '../../devices/lib/frames.ts'
import {
  type PrinterAnswer,
  paperFromGsr,
  printerAnswers,
  statusFromAsb,
  statusFromEot,
} from '../../devices/receipt-printers/escpos/status.ts'

const parse = (...chunks: number[][]) => {
  const framer = new Framer(printerAnswers)
  return chunks.flatMap((chunk) => framer.push(Uint8Array.from(chunk)))
}

describe('what an ESC/POS printer sends', () => {
  test('is told apart by its fixed bits', () => {
    expect(parse([0x12, 0x10, 0, 0, 0, 0x37, 0x22, 0x41, 0x42, 0x31, 0x32, 0, 0x37, 0x25, 0, 0x03])).toEqual([
      { type: 'eot', byte: 0x12 },
      { type: 'asb', bytes: Uint8Array.of(0x10, 0, 0, 0) },
      { type: 'process-id', processId: 'AB12' },
      { type: 'cleared' },
      { type: 'byte', byte: 0x03 },
    ])
    expect(parse([0x5f, 0x43, 0x48, 0x00])).toEqual([
      { type: 'block', bytes: Uint8Array.of(0x5f, 0x43, 0x48) },
    ])
    expect(parse([0x3b, 0x30, 0x00])).toEqual([{ type: 'block', bytes: Uint8Array.of(0x3b, 0x30) }])
  })

  test('is understood with flow control bytes anywhere in it', () => {
    expect(
      parse([0x13, 0x10, 0x11, 0, 0x13, 0, 0, 0x37, 0x11, 0x22, 0x41, 0x42, 0x43, 0x13, 0x44, 0]),
    ).toEqual([
      { type: 'asb', bytes: Uint8Array.of(0x10, 0, 0, 0) },
      { type: 'process-id', processId: 'ABCD' },
    ])
  })

  test('does not turn the zeros of a broken status group into a sign of printing', () => {
    expect(parse([0x10, 0, 0, 0x12])).toEqual([{ type: 'eot', byte: 0x12 }])
    expect(parse([0x10, 0, 0x18, 0, 0x0f, 0])).toEqual([
      { type: 'asb', bytes: Uint8Array.of(0x18, 0, 0x0f, 0) },
    ])
  })

  test('a block that never ends is dropped as a whole', () => {
    expect(parse([0x37, ...Array.from({ length: 96 }, () => 0x41)])).toEqual([])
    expect(parse([0x37, 0x22, 0x41, 0x12])).toEqual([{ type: 'eot', byte: 0x12 }])
  })

  test('is the same answers however the bytes are cut, with noise between them', () => {
    const id = fc.stringMatching(/^[A-Z0-9]{4}$/)
    const low = fc.integer({ min: 0, max: 0x6f }).filter((byte) => (byte & 0x90) === 0)
    const answer: fc.Arbitrary<{ bytes: number[]; answer: PrinterAnswer }> = fc.oneof(
      fc.constantFrom(0x12, 0x16, 0x1a, 0x1e, 0x32, 0x52, 0x72, 0x7e).map((byte) => ({
        bytes: [byte],
        answer: { type: 'eot' as const, byte },
      })),
      fc.tuple(fc.constantFrom(0x10, 0x18, 0x38, 0x14), low, low, low).map((bytes) => ({
        bytes,
        answer: { type: 'asb' as const, bytes: Uint8Array.from(bytes) },
      })),
      id.map((processId) => ({
        bytes: [0x37, 0x22, ...Buffer.from(processId), 0],
        answer: { type: 'process-id' as const, processId },
      })),
      fc
        .constantFrom(0x00, 0x03, 0x0c, 0x0f)
        .map((byte) => ({ bytes: [byte], answer: { type: 'byte' as const, byte } })),
    )
    // Bytes of these forms are noise to every rule of the parser.
    const noise = fc.array(
      fc.integer({ min: 0x80, max: 0xff }).filter((byte) => (byte & 0x93) !== 0x12),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, answer), { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (parts, sizes) => {
          const bytes = parts.flatMap(([before, { bytes }]) => [...before, ...bytes])
          const chunks: number[][] = []
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value ?? 1
            chunks.push(bytes.slice(at, at + size))
            at += size
          }
          expect(parse(...chunks)).toEqual(parts.map(([, { answer }]) => answer))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('never throws and never stops reading, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const framer = new Framer(printerAnswers)
        framer.push(bytes)
        // Behind any garbage, enough silence bytes (80h ends every group and block) and the next answer is read.
        expect(framer.push(Uint8Array.of(0x80, 0x12)).at(-1)).toEqual({ type: 'eot', byte: 0x12 })
      }),
      { numRuns: 200 },
    )
  })
})

describe('DLE EOT 1–4', () => {
  const healthy = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12 }
  test.each([
    ['healthy', {}, { paper: 'full', cover: 'closed' }],
    ['healthy with the drawer pin high', { 1: 0x16 }, { paper: 'full', cover: 'closed' }],
    ['offline', { 1: 0x1a }, { paper: 'full', cover: 'closed', fault: 'offline' }],
    ['cover open', { 1: 0x1a, 2: 0x16 }, { paper: 'full', cover: 'open', fault: 'cover-open' }],
    ['stopped for paper end', { 1: 0x1a, 2: 0x32 }, { paper: 'out', cover: 'closed', fault: 'paper-out' }],
    ['cutter', { 1: 0x1a, 2: 0x52, 3: 0x1a }, { paper: 'full', cover: 'closed', fault: 'cutter' }],
    [
      'unrecoverable',
      { 1: 0x1a, 2: 0x52, 3: 0x32 },
      { paper: 'full', cover: 'closed', fault: 'unrecoverable' },
    ],
    ['mechanical', { 3: 0x16 }, { paper: 'full', cover: 'closed', fault: 'mechanical' }],
    ['near end', { 4: 0x1e }, { paper: 'low', cover: 'closed' }],
    ['paper end', { 4: 0x72 }, { paper: 'out', cover: 'closed', fault: 'paper-out' }],
    ['near end and paper end', { 4: 0x7e }, { paper: 'out', cover: 'closed', fault: 'paper-out' }],
  ])('%s', (_name, answers, status) => {
    expect(statusFromEot({ ...healthy, ...answers })).toEqual(status)
  })

  test('what was not asked is not known', () => {
    expect(statusFromEot({ 1: 0x12 })).toEqual({ paper: 'unknown', cover: 'unknown' })
  })
})

describe('automatic status', () => {
  test.each([
    ['healthy', [0x10, 0, 0, 0], { paper: 'full', cover: 'closed' }],
    ['cover', [0x38, 0, 0, 0], { paper: 'full', cover: 'open', fault: 'cover-open' }],
    ['paper end', [0x18, 0, 0x0f, 0], { paper: 'out', cover: 'closed', fault: 'paper-out' }],
    ['near end', [0x10, 0, 0x03, 0], { paper: 'low', cover: 'closed' }],
    ['cutter', [0x18, 0x08, 0, 0], { paper: 'full', cover: 'closed', fault: 'cutter' }],
    ['mechanical', [0x18, 0x04, 0, 0], { paper: 'full', cover: 'closed', fault: 'mechanical' }],
    ['unrecoverable', [0x18, 0x20, 0, 0], { paper: 'full', cover: 'closed', fault: 'unrecoverable' }],
    ['feed button', [0x48 | 0x10, 0, 0, 0], { paper: 'full', cover: 'closed', fault: 'offline' }],
  ])('%s', (_name, bytes, status) => {
    expect(statusFromAsb(Uint8Array.from(bytes))).toEqual(status)
  })
})

test('GS r: sensor bits come in pairs, anything else is no answer to it', () => {
  expect([0x00, 0x03, 0x0c, 0x0f].map(paperFromGsr)).toEqual(['full', 'low', 'out', 'out'])
  expect([0x01, 0x02, 0x04, 0x08, 0x0d].map(paperFromGsr)).toEqual(Array.from({ length: 5 }))
})
