import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  displayWidth,
  encodeGb18030,
  isOneOrTwoBytes,
  printableText,
} from '../../devices/receipt-printers/escpos/text.ts'
import { wrapText } from '../../devices/receipt-printers/escpos/wrap.ts'

const hex = (text: string) => Buffer.from(encodeGb18030(text)).toString('hex')

describe('text for a Chinese receipt printer', () => {
  test('writes the euro sign, the yen sign and 〇 with the codes a Chinese font has', () => {
    expect(hex(printableText('€'))).toBe('a2e3')
    expect(hex(printableText('¥'))).toBe('a3a4')
    expect(hex(printableText('£'))).toBe('a1ea')
    expect(hex(printableText('〇'))).toBe('a996')
    expect(hex(printableText('•'))).toBe('a1a4')
    expect(hex(printableText('䶮'))).toBe('fe9f')
  })

  test('replaces what has a faithful substitute, and drops what nobody can see', () => {
    expect(printableText('©®™½ a\u00a0b\u200b\u2060\ufeff')).toBe('(C)(R)TM1/2 a b')
    expect(printableText('e\u0301')).toBe('é')
    expect(printableText(' a\tb\x1b\x7fc\n')).toBe('a b  c')
  })

  test.each(['㐀', '𠀀', '龦', '\u9fff', '✓', '😀', 'ā̈', '\ufe0f', '\u0085', '\ue000', '\ud800'])(
    'refuses %j by name: it would come out as digits or as a question mark',
    (char) => {
      expect(() => printableText(`王${char}`)).toThrow(/U\+[0-9A-F]{4,6}/)
    },
  )

  test('refuses a compatibility ideograph: normalised, it would be another name', () => {
    for (const char of ['\uf9b5', '\u{2f800}', '\uf92c', '\ufa0c'])
      expect(() => printableText(char)).toThrow(/normalisation/)
  })

  test('refuses what the profile says is not in the font', () => {
    expect(() => printableText('王䶮', '䶮')).toThrow(/font of this printer/)
  })

  test('counts columns as a Chinese printer does', () => {
    expect(displayWidth('A1')).toBe(2)
    expect(displayWidth('中')).toBe(2)
    for (const char of '“”·—…°é①★αⅣ─') expect(displayWidth(char)).toBe(2)
  })

  test('knows which characters have two bytes', () => {
    let han = 0
    for (let code = 0x4e00; code <= 0x9fa5; code++) if (isOneOrTwoBytes(String.fromCharCode(code))) han++
    expect(han).toBe(20_902)
    for (let code = 0x9fa6; code <= 0x9fff; code++)
      expect(isOneOrTwoBytes(String.fromCharCode(code))).toBe(false)
    let extensionA = 0
    for (let code = 0x3400; code <= 0x4dbf; code++)
      if (isOneOrTwoBytes(String.fromCharCode(code))) extensionA++
    expect(extensionA).toBe(52)
  })
})

const printableChar = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0x4e00, max: 0x9fa5 }),
    fc.constantFrom(...'，。（）“”é①·'),
  )
  .map((code) => (typeof code === 'number' ? String.fromCharCode(code) : code))

describe('line breaking', () => {
  test('loses nothing but spaces and never makes a line too wide', () => {
    fc.assert(
      fc.property(
        fc.array(printableChar, { maxLength: 120 }),
        fc.integer({ min: 2, max: 48 }),
        (chars, columns) => {
          const text = printableText(chars.join(''))
          const lines = wrapText(text, columns)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('keeps Latin words whole and punctuation with its character', () => {
    expect(wrapText('Please come back at the counter', 12)).toEqual(['Please come', 'back at the', 'counter'])
    expect(wrapText('您的预约时间，请准时', 12)).toEqual(['您的预约时', '间，请准时'])
    expect(wrapText('办理（预约）后', 6)).toEqual(['办理', '（预', '约）后'])
  })

  test('cuts a word that is wider than the paper', () => {
    expect(wrapText('ABCDEFGHIJ', 4)).toEqual(['ABCD', 'EFGH', 'IJ'])
  })
})
