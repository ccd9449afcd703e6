import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PrintBlock, PrintDocument, PrintGlyph } from '../../devices/kinds.ts'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import { drawLine, rasterCommands } from '../../devices/receipt-printers/escpos/raster-line.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { Drawing, DrawingItem } from '../../devices/receipt-printers/escpos/sheet.ts'
import { readGlyphs } from '../../kiosk-agent/paper/glyphs/glyph-file.ts'
import { glyphFile } from '../../kiosk-agent/paper/glyphs/rare-glyphs.ts'
import { interpret, printerSetup, textLines } from '../support/escpos-printer.ts'

const real = (characters: Iterable<string>) => readGlyphs(glyphFile, characters)

/** Prints through the driver and reads what lies on the far end of the cable. */
async function printed(document: PrintDocument, profileName: 'generic-58' | 'generic-80') {
  const profile = readProfile(profileName)
  const setup = printerSetup({ profile })
  const { print } = await setup.start()
  const glyphs = await real(JSON.stringify(document))
  const job = { processId: 'A7K2', document, async beforeFirstByte() {}, glyphs: async () => glyphs }
  expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'printed' })
  const { drawing, unknown } = interpret(setup.printer.slips[0]?.bytes ?? new Uint8Array(), profile)
  expect(unknown).toEqual([])
  return { drawing, profile }
}

type Bitmap = Extract<DrawingItem, { type: 'bitmap' }>
const bitmapsOf = ({ items }: Drawing) => items.filter((item): item is Bitmap => item.type === 'bitmap')

/** The glyphs side by side, drawn by other means than the encoder's. */
async function sideBySide(text: string): Promise<string[]> {
  const glyphs = await real(text)
  return Array.from({ length: 24 }, (_, row) =>
    Array.from(text, (char) => {
      const { width = 12, rows = [] } = glyphs.get(char) ?? {}
      return (rows[row] ?? 0)
        .toString(2)
        .padStart(24, '0')
        .slice(0, width)
        .replaceAll('1', '#')
        .replaceAll('0', '.')
    }).join(''),
  )
}

/** Without the white around: what it says, wherever it stands. */
function ink(rows: readonly string[]): string[] {
  const inked = rows.filter((row) => row.includes('#'))
  const left = Math.min(...inked.map((row) => row.indexOf('#')))
  const right = Math.max(...inked.map((row) => row.lastIndexOf('#')))
  const from = rows.findIndex((row) => row.includes('#'))
  const to = rows.findLastIndex((row) => row.includes('#'))
  return rows.slice(from, to + 1).map((row) => row.padEnd(right + 1, '.').slice(left, right + 1))
}

/** All white but two rows: bit 23 is the left edge. */
const glyph = (rows: Record<number, number>, width = 24): PrintGlyph => ({
  width,
  rows: Array.from({ length: 24 }, (_, row) => rows[row] ?? 0),
})
const narrow = readProfile('generic-58')
const hex = (commands: string) => Buffer.from(commands, 'latin1').toString('hex')

describe('the bytes of a drawn line', () => {
  test('are a picture cropped to its ink, and feeds that give it the room of a printed line', () => {
    const dots = drawLine('𠮷', {}, new Map([['𠮷', glyph({ 2: 0x800001, 3: 0x7ffffe })]]))
    expect(hex(rasterCommands(dots, { align: 'left', feedDots: 6, profile: narrow }))).toBe(
      ['1d4c0000', '1d578001', '1b6100', '1b4a02', '1d76300003000200', '800001', '7ffffe', '1b4a1a'].join(''),
    )
  })

  test('never hold what a printer takes for a real-time command, even across the end of a row', () => {
    const dots = drawLine('𠮷', {}, new Map([['𠮷', glyph({ 0: 0x100410, 1: 0x051014, 2: 0x000010 })]]))
    const commands = hex(rasterCommands(dots, { align: 'left', feedDots: 6, profile: narrow }))
    expect(commands).toContain('180418' + '051814' + '000010')
  })

  test('come in strips no taller than the board takes', () => {
    const low = { ...narrow, maxRasterRows: 16 }
    const dots = drawLine('𠮷', { size: 2 }, new Map([['𠮷', glyph({ 0: 0xffffff, 23: 0xffffff })]]))
    const commands = hex(rasterCommands(dots, { align: 'left', feedDots: 10, profile: low }))
    expect(commands.match(/1d76300006001000/g)).toHaveLength(3)
  })

  test.each(['left', 'center', 'right'] as const)('carry any dots at the %s', (align) => {
    const row = fc.integer({ min: 0, max: 0xffffff })
    fc.assert(
      fc.property(fc.array(row, { minLength: 24, maxLength: 24 }), fc.boolean(), (rows, bold) => {
        const dots = drawLine('𠮷', { bold }, new Map([['𠮷', { width: 24, rows }]]))
        const bytes = Buffer.from(rasterCommands(dots, { align, feedDots: 6, profile: narrow }), 'latin1')
        const { drawing, unknown } = interpret(bytes, narrow)
        expect(unknown).toEqual([])
        expect(drawing.heightDots).toBe(30)
        expect(bytes.toString('hex').match(/../g)?.join(' ')).not.toMatch(/10 (?:04|05|14)/)
      }),
      { numRuns: 50 },
    )
  })
})

describe.each(['generic-58', 'generic-80'] as const)('a slip with rare characters on %s', (profileName) => {
  test.each(['王𠮷', '𬶏', '㐀三', '鿍', 'Nguyễn Văn An', 'Şükrü', '\uf900', 'é𠮷'])(
    'shows %s as its glyphs',
    async (text) => {
      const { drawing } = await printed([{ type: 'text', text }], profileName)
      const [bitmap, ...others] = bitmapsOf(drawing)
      expect(others).toEqual([])
      expect(ink(bitmap?.rows ?? [])).toEqual(ink(await sideBySide(text)))
      expect(textLines(drawing)).toEqual([])
    },
  )

  test('draws the one line that needs it, and prints the others', async () => {
    const pair: PrintBlock = { type: 'pair', label: '姓名', value: '𠮷*𬶏' }
    const { drawing, profile } = await printed(
      [{ type: 'text', text: '䶮先生 é' }, pair, { type: 'pair', label: '时段', value: '09:00' }],
      profileName,
    )
    expect(textLines(drawing)).toEqual(['䶮先生 é', '时段 09:00'])
    const [bitmap] = bitmapsOf(drawing)
    const half = profile.columns * 6
    const rows = bitmap?.rows ?? []
    expect(ink(rows.map((row) => row.slice(0, half)))).toEqual(ink(await sideBySide('姓名')))
    expect(ink(rows.map((row) => row.slice(half)))).toEqual(ink(await sideBySide('𠮷*𬶏')))
    // The right edges of values stay in one line.
    const edge = (bitmap?.x ?? 0) + Math.max(...rows.map((row) => row.lastIndexOf('#') + 1))
    expect(profile.columns * 12 - edge).toBeLessThan(4)
  })

  test('takes the same room on the paper as a slip without', async () => {
    const slip = (name: string): PrintDocument => [
      { type: 'text', text: name, align: 'center' },
      { type: 'text', text: name, size: 2, bold: true, align: 'center' },
      { type: 'text', text: name, inverse: true, align: 'right' },
      { type: 'pair', label: '姓名', value: name },
      { type: 'pair', label: '事项'.repeat(9), value: name.repeat(6) },
    ]
    const rare = await printed(slip('王𠮷三'), profileName)
    const common = await printed(slip('王吉三'), profileName)
    expect(rare.drawing.heightDots).toBe(common.drawing.heightDots)
    const left = (drawing: Drawing) => drawing.items.find(({ type }) => type !== 'cut')
    expect(left(rare.drawing)).toMatchObject({ x: (left(common.drawing) as { x: number }).x })
  })

  test('breaks a long text into lines, of which only those with such a character are drawn', async () => {
    const text = `${'请在预约时段内到二楼办理'.repeat(3)}，𠮷先生`
    const { drawing } = await printed([{ type: 'text', text }], profileName)
    expect(bitmapsOf(drawing)).toHaveLength(1)
    expect(textLines(drawing).length).toBeGreaterThan(0)
  })
})

describe('a slip that cannot be drawn', () => {
  async function refusedWith(glyphs?: () => Promise<ReadonlyMap<string, PrintGlyph>>) {
    const setup = printerSetup()
    const { print } = await setup.start()
    let asked = false
    const result = await setup.clock.until(
      print({
        processId: 'A7K2',
        document: [{ type: 'text', text: '王𠮷' }],
        async beforeFirstByte() {
          asked = true
        },
        ...(glyphs ? { glyphs } : {}),
      }),
    )
    expect(result).toMatchObject({ outcome: 'not-started', fault: 'unprintable' })
    expect(asked).toBe(false)
    expect(setup.printer.slips).toEqual([])
  }

  test('is refused when nobody has glyphs, or their source fails', async () => {
    await refusedWith()
    await refusedWith(() => Promise.reject(new Error('no file')))
  })

  test('is refused when one character of the line has no glyph: not a hole, not a look-alike', async () => {
    await refusedWith(async () => new Map())
    await refusedWith(async () => new Map([['𠮷', glyph({ 3: 1 })]]))
    await refusedWith(async () => new Map([['王', glyph({ 3: 1 })]]))
  })

  test('is refused when it holds what no font shows alike', async () => {
    const glyphs = new Map([['\ue000', glyph({ 3: 1 })]])
    const options = { processId: 'AB12', drawn: glyphs }
    expect(() => encode([{ type: 'text', text: '\ue000' }], narrow, options)).toThrow(/private use/)
  })

  test('asks for no glyphs as long as the printer has them all', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    const glyphs = () => Promise.reject(new Error('asked'))
    const document: PrintDocument = [{ type: 'pair', label: '姓名', value: '䶮é〇' }]
    const job = { processId: 'A7K2', document, async beforeFirstByte() {}, glyphs }
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'printed' })
  })
})
