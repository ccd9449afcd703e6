import fc from 'fast-check'
import { encode as encodeQr } from 'uqr'
import { describe, expect, test } from 'vitest'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import type { PrinterProfile } from '../../devices/receipt-printers/escpos/profile.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { interpret } from '../support/escpos-printer.ts'

const wide = readProfile('generic-80')
const url = 'https://example.cn/c/0123456789abcdefghi'
type Dialect = PrinterProfile['qr']
type Cell = 3 | 4 | 5 | 6 | 7 | 8

function slip(qr: Dialect, data = url, cellDots: Cell = 6, maxRasterRows = 255) {
  const profile: PrinterProfile = { ...wide, qr, maxRasterRows }
  return Buffer.from(encode([{ type: 'qr', data, cellDots }], profile, { processId: 'AB12' }))
}

function bitmaps(bytes: Uint8Array) {
  const { drawing, unknown } = interpret(bytes)
  expect(unknown).toEqual([])
  return drawing.items.filter((item) => item.type === 'bitmap')
}

/** Whether these modules are the symbol of the data at level M, whichever mask was chosen. */
function isSymbolOf(data: string, modules: string[]): boolean {
  return Array.from({ length: 8 }, (_, maskPattern) =>
    encodeQr([...Buffer.from(data)], { ecc: 'M', border: 0, boostEcc: false, maskPattern })
      .data.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
      .join(),
  ).includes(modules.join())
}

describe('a QR code', () => {
  test('goes to old clones as GS Z and ESC Z: version, level, cell, length, data', () => {
    expect(slip('escz').toString('hex')).toContain(
      `1d5a021b5a034d062800${Buffer.from(url).toString('hex')}1b4a18`,
    )
  })

  test('goes to older Masung boards as DC3 P H, function by function', () => {
    expect(slip('masung').toString('hex')).toContain(
      [
        '1350480103',
        '1350480201',
        '1350480306',
        `1350480402${Buffer.from(url).toString('hex')}00`,
        '13504805',
      ].join(''),
    )
  })

  test.each<Dialect>(['gs(k', 'escz', 'masung', 'none'])(
    'in the dialect %s stands in the middle, with white above and below',
    (qr) => {
      const [found] = bitmaps(slip(qr))
      // A picture has whole bytes.
      const pictureWidth = qr === 'none' ? 176 : 174
      expect(found).toMatchObject({
        width: pictureWidth,
        height: 29 * 6,
        x: (576 - pictureWidth) / 2,
        y: 24,
      })
    },
  )

  test('that the printer cannot draw itself is sent as a picture that reads as the same data', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 })
          .filter((text) => text.trim() === text),
        fc.constantFrom<Cell>(3, 4, 5, 6, 7, 8),
        fc.integer({ min: 20, max: 400 }),
        (data, cell, maxRasterRows) => {
          const strips = bitmaps(slip('none', data, cell, maxRasterRows))
          for (const { rows } of strips) expect(rows.length).toBeLessThanOrEqual(maxRasterRows)
          const dots = strips.flatMap(({ rows }) => rows)
          const modules = dots
            .filter((_, index) => index % cell === 0)
            .map((row) => [...row.slice(0, dots.length)].filter((_, index) => index % cell === 0).join(''))
          expect(isSymbolOf(data, modules)).toBe(true)
          expect(dots).toEqual(dots.map((_, y) => dots[y - (y % cell)]))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('sent as a picture leaves no gap between its strips', () => {
    const strips = bitmaps(slip('none', url, 8, 100))
    expect(strips.map(({ y, height }) => [y, height])).toEqual([
      [32, 100],
      [132, 100],
      [232, 32],
    ])
  })
})
