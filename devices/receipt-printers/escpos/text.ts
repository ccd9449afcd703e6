import iconv from 'iconv-lite'
import { DeviceError } from '../../errors.ts'
import type { PrintGlyph } from '../../kinds.ts'

/** Characters that have no 1- or 2-byte code but a substitute that says the same. The width may change. */
const substitutes: Readonly<Record<string, string>> = {
  '\u00a5': '\uffe5',
  '\u00a3': '\uffe1',
  '\u00a0': ' ',
  '\u2022': '\u00b7',
  '\u00a9': '(C)',
  '\u00ae': '(R)',
  '\u2122': 'TM',
  '\u00bd': '1/2',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\u2060': '',
  '\ufeff': '',
}

/** Dot glyphs of characters that the printer's own font lacks. */
export type Glyphs = ReadonlyMap<string, PrintGlyph>

/** Text with control characters as spaces, trimmed, and with faithful substitutes, but with every character kept. */
export function composedText(text: string): string {
  let result = ''
  let run = ''
  for (const char of text) {
    const printed = isControl(char) ? ' ' : (substitutes[char] ?? char)
    // A compatibility ideograph is another character after NFC, and in a name that is another name.
    if (changesUnderNfc(printed)) {
      result += run.normalize('NFC') + printed
      run = ''
    } else run += printed
  }
  // Letters written as base and accent become the one character the font has.
  return (result + run.normalize('NFC')).trim()
}

/**
 * Text as it will be printed (`composedText`). Throws a DeviceError `unsupported` that names the first character which
 * neither the printer's font nor a glyph can print: it must never come out as "?", as digits, or as a look-alike.
 */
export function printableText(text: string, missingGlyphs = '', glyphs: Glyphs = new Map()): string {
  const result = composedText(text)
  for (const char of result) {
    if (/\p{Co}/u.test(char)) throw unprintable(char, 'is for private use: every font shows something else')
    const why = whyRare(char, missingGlyphs)
    if (why !== undefined && !glyphs.has(char)) throw unprintable(char, why)
  }
  return result
}

/** Whether a line cannot be printed with the printer's own font, so that it must be drawn. */
export function hasRare(line: string, missingGlyphs: string): boolean {
  return [...line].some((char) => whyRare(char, missingGlyphs) !== undefined)
}

/** Why the printer's own font cannot print a character; undefined: it can. */
function whyRare(char: string, missingGlyphs: string): string | undefined {
  if (changesUnderNfc(char)) return 'changes under Unicode normalisation'
  if (!isOneOrTwoBytes(char)) return 'has no 1- or 2-byte code'
  return missingGlyphs.includes(char) ? 'is not in the font of this printer' : undefined
}

function changesUnderNfc(char: string): boolean {
  return char.normalize('NFC') !== char
}

/**
 * Columns a printable text takes: one for a 1-byte character, two for a 2-byte one. Rare letters are drawn as narrow as
 * common ones.
 */
export function displayWidth(text: string): number {
  let columns = 0
  for (const char of text) columns += isNarrow(char) ? 1 : 2
  return columns
}

function isNarrow(char: string): boolean {
  const { length } = encodeGb18030(char)
  return length === 1 || (length > 2 && isLatinLetter(char))
}

/** A letter of the Latin script, with whatever accents; the wide forms of East Asian fonts are none. */
export function isLatinLetter(char: string): boolean {
  return char < '\u2000' && /\p{Script=Latin}/u.test(char)
}

/** Whether a character (one code point) has a code that every board with a Chinese font reads. */
export function isOneOrTwoBytes(char: string): boolean {
  const bytes = encodeGb18030(char)
  if (bytes.length > 2) return false
  // The encoder writes "?" for what it does not know.
  return bytes[0] !== 0x3f || char === '?'
}

/** GB18030 bytes, `gbk` being no choice: it writes the euro sign as 80h and loses the yen sign. */
export function encodeGb18030(text: string): Uint8Array {
  return iconv.encode(text, 'gb18030')
}

/** C0 controls and DEL. */
function isControl(char: string): boolean {
  return char < ' ' || char === '\x7f'
}

/** Names the character, for the technician who reads it. */
export function unprintable(char: string, why: string): DeviceError {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return new DeviceError('unsupported', `cannot print "${char}" (U+${code}): it ${why}`)
}
