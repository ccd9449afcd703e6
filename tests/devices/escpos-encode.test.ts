import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PrintDocument } from '../../devices/kinds.ts'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import type { PrinterProfile } from '../../devices/receipt-printers/escpos/profile.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { printableText } from '../../devices/receipt-printers/escpos/text.ts'
import { interpret, textLines } from '../support/escpos-printer.ts'

const wide = readProfile('generic-80')
const narrow = readProfile('generic-58')
const withId: PrinterProfile = { ...wide, status: { ...wide.status, gsH48: true } }

const bytesOf = (document: PrintDocument, profile = wide) => encode(document, profile, { processId: 'AB12' })
const hexOf = (document: PrintDocument, profile = wide) =>
  Buffer.from(bytesOf(document, profile)).toString('hex')

function drawn(document: PrintDocument, profile = wide) {
  const { drawing, unknown } = interpret(bytesOf(document, profile), profile)
  expect(unknown).toEqual([])
  return drawing
}
const cutsOf = (document: PrintDocument, profile = wide) =>
  drawn(document, profile).items.filter(({ type }) => type === 'cut').length

describe('the bytes of a job', () => {
  test('start with a reset and automatic status, and end with one cut and the question whether it was reached', () => {
    const hex = hexOf([{ type: 'text', text: 'A' }])
    expect(hex.startsWith('1b401d61ff')).toBe(true)
    expect(hex.endsWith('1d5642001d7201')).toBe(true)
  })

  test('end with the process id request where the printer knows it', () => {
    expect(hexOf([], withId).endsWith('1d5642001d28480600303041423132')).toBe(true)
  })

  test('leave automatic status off, and ask nothing, where nothing comes back', () => {
    const mute: PrinterProfile = { ...wide, status: { eot: [], asb: false, gsH48: false, gsr: false } }
    expect(hexOf([], mute).startsWith('1b401d6100')).toBe(true)
    expect(hexOf([], mute).endsWith('1d564200')).toBe(true)
  })

  test('carry a QR code in the five steps of GS ( k, its length in bytes', () => {
    const data = 'https://example.cn/c/0123456789abcdefghi'
    expect(data).toHaveLength(40)
    const hex = hexOf([{ type: 'qr', data, cellDots: 6 }])
    expect(hex).toContain(
      [
        '1d286b040031413200',
        '1d286b0300314306',
        '1d286b0300314531',
        `1d286b2b00315030${Buffer.from(data).toString('hex')}`,
        '1d286b0300315130',
      ].join(''),
    )
  })

  test('carry Chinese as GB18030 behind FS &, and rules as ASCII behind FS .', () => {
    expect(hexOf([{ type: 'text', text: '€¥〇' }])).toContain('1c26a2e3a3a4a996')
    expect(hexOf([{ type: 'rule' }], narrow)).toContain(`1c2e1b7400${'2d'.repeat(32)}0a`)
    expect(hexOf([{ type: 'rule' }, { type: 'text', text: '中' }])).not.toContain('1c43')
  })

  test('enlarge Han with FS ! as well where the profile asks for it', () => {
    const clone: PrinterProfile = { ...wide, needFSbang: true }
    expect(hexOf([{ type: 'text', text: '中', size: 2 }], clone)).toContain('1d21111c210c')
    expect(hexOf([{ type: 'text', text: '中', size: 2 }])).not.toContain('1c21')
  })

  test('are the same every time: nothing leaks from one job into the next', () => {
    const document: PrintDocument = [{ type: 'text', text: '甲', size: 3, bold: true, inverse: true }]
    const first = hexOf(document)
    hexOf([{ type: 'qr', data: 'X' }], withId)
    expect(hexOf(document)).toBe(first)
  })

  test('are refused when a character cannot be printed, naming it', () => {
    for (const block of [
      { type: 'text', text: '王㐀' },
      { type: 'pair', label: '姓名', value: '王㐀' },
    ] as const)
      expect(() => bytesOf([block])).toThrow('"㐀" (U+3400)')
    expect(() => bytesOf([{ type: 'qr', data: '中' }])).toThrow('ASCII')
    expect(() => bytesOf([{ type: 'qr', data: 'x'.repeat(2000) }], narrow)).toThrow('does not fit')
    expect(() => encode([], wide, { processId: 'ABC' })).toThrow('4 printable')
  })
})

describe('values that look like markup', () => {
  const traps = [
    '===',
    '---',
    '{command:\\x1d\\x56\\x00}',
    '{code:1;option:qrcode}',
    '|',
    '||a|b||',
    '{',
    '}',
    'a{b',
    '~',
    '\\',
    '\\n',
    '\\x1dV\\x00',
    '_"`^^^',
    '{width:1}',
    ';:,',
    'a\x1dV\x00b',
  ]

  test.each(traps)('%j comes out unchanged, and the paper is cut once', (trap) => {
    const expected = printableText(trap)
    const document: PrintDocument = [
      { type: 'text', text: trap },
      { type: 'text', text: trap, align: 'right', bold: true },
      { type: 'pair', label: trap, value: trap },
      { type: 'pair', label: '标签', value: `${trap}${'长'.repeat(30)}` },
    ]
    const lines = textLines(drawn(document))
    expect(lines.slice(0, 3)).toEqual([expected, expected, `${expected} ${expected}`])
    expect(lines.slice(3).join('')).toBe(`标签${expected}${'长'.repeat(30)}`)
    expect(cutsOf(document)).toBe(1)
  })

  test('a QR code carries them unchanged', () => {
    for (const trap of traps.filter((text) => /^[\x20-\x7e]+$/.test(text))) {
      const hex = hexOf([{ type: 'qr', data: trap }])
      expect(hex).toContain(`315030${Buffer.from(trap).toString('hex')}1d286b0300315130`)
    }
  })
})

const char = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0x4e00, max: 0x9fa5 }),
    fc.constantFrom(0xff0c, 0x3002, 0x201c, 0xb7, 0xe9, 0x2460, 0x20ac),
  )
  .map((code) => String.fromCharCode(code))
const anyText = fc.array(char, { maxLength: 60 }).map((chars) => chars.join(''))
const squeeze = (text: string) => text.replaceAll(' ', '')

describe.each([
  ['58 mm', narrow],
  ['80 mm', wide],
])('on %s paper', (_name, profile) => {
  test('no line is wider than the paper and nothing is lost, whatever the text', () => {
    const block = fc.record({
      type: fc.constant('text' as const),
      text: anyText,
      size: fc.constantFrom(1 as const, 2 as const, 3 as const),
      bold: fc.boolean(),
      align: fc.constantFrom('left' as const, 'center' as const, 'right' as const),
    })
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 4 }),
        anyText,
        anyText,
        (blocks, label, value) => {
          const drawing = drawn([...blocks, { type: 'pair', label, value }], profile)
          const expected = [...blocks.map(({ text }) => text), label, value].map((text) =>
            printableText(text),
          )
          expect(squeeze(textLines(drawing).join(''))).toBe(squeeze(expected.join('')))
          for (const item of drawing.items) {
            if (item.type === 'cut') continue
            expect(item.x).toBeGreaterThanOrEqual(0)
            expect(item.x + item.width).toBeLessThanOrEqual(profile.media.widthDots)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('pairs end at the right edge, one below the other, and fall to two lines when they do not fit', () => {
    const { items } = drawn(
      [
        { type: 'pair', label: '姓名', value: '王小明' },
        { type: 'pair', label: '号码', value: 'A012' },
        { type: 'pair', label: '地址', value: '东莞市南城街道鸿福路九十九号市民服务中心一楼大厅东侧入口处' },
      ],
      profile,
    )
    const texts = items.filter((item) => item.type === 'text')
    for (const value of ['王小明', 'A012']) {
      const item = texts.find(({ text }) => text === value)
      expect((item?.x ?? 0) + (item?.width ?? 0)).toBe(profile.media.widthDots)
    }
    expect(texts.find(({ text }) => text === '地址')?.x).toBe(0)
    expect(new Set(texts.slice(4).map(({ y }) => y)).size).toBe(texts.length - 4)
  })

  test('sizes and alignment are those asked for', () => {
    const { items } = drawn(
      [{ type: 'text', text: '号A1', size: 3, align: 'center', inverse: true }],
      profile,
    )
    // A white letter has a black space on both sides.
    const width = (12 + 24 + 12 + 12 + 12) * 3
    expect(items[0]).toMatchObject({
      width,
      height: 72,
      x: (profile.media.widthDots - width) / 2,
      inverse: true,
      bold: false,
    })
  })

  test('a QR code is centred, with white around it, and shrinks until it fits', () => {
    const symbolOf = (data: string) =>
      drawn([{ type: 'qr', data, cellDots: 8 }], profile).items.find((item) => item.type === 'bitmap')
    const small = symbolOf('https://example.cn/a')
    expect(small).toMatchObject({ scale: 8, y: 32, x: (profile.media.widthDots - 25 * 8) / 2 })
    const large = symbolOf('x'.repeat(400))
    expect(large?.scale).toBeLessThan(8)
    expect(large?.width).toBeLessThanOrEqual(profile.media.widthDots - 8 * (large?.scale ?? 0))
  })
})

describe('the interpreter', () => {
  test('shows what a 4-byte character does on a board that does not know it: digits', () => {
    const { drawing } = interpret(Uint8Array.of(0x1c, 0x26, 0x81, 0x30, 0x84, 0x36, 0x0a))
    expect(textLines(drawing).join('')).toMatch(/0.*6$/)
  })

  test('reports what it does not know, and what stopped in the middle', () => {
    expect(interpret(Uint8Array.of(0x1b, 0x99)).unknown).toEqual(['unknown 1b99'])
    expect(interpret(Uint8Array.of(0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0xff)).unknown[0]).toMatch(
      /^unfinished 1d7630/,
    )
  })

  test('draws raster pictures dot by dot', () => {
    const { drawing } = interpret(Uint8Array.of(0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0x81, 0xf0))
    expect(drawing.items[0]).toMatchObject({ rows: ['#......#', '####....'], scale: 1, width: 8, height: 2 })
  })

  test('tells a full cut from a partial one', () => {
    const partial = (bytes: number[]) => interpret(Uint8Array.from(bytes)).drawing.items[0]
    expect(partial([0x1d, 0x56, 0x00])).toMatchObject({ type: 'cut', partial: false })
    expect(partial([0x1d, 0x56, 0x01])).toMatchObject({ type: 'cut', partial: true })
    expect(partial([0x1d, 0x56, 0x41, 0x08])).toMatchObject({ type: 'cut', partial: false, y: 8 })
    expect(partial([0x1d, 0x56, 0x42, 0x00])).toMatchObject({ type: 'cut', partial: true })
  })
})
