import iconv from 'iconv-lite'
import { DeviceError } from '../../errors.ts'

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

/**
 * Text as it will be printed: control characters become spaces, the ends are trimmed, and characters with a faithful
 * substitute are replaced. Throws a DeviceError `unsupported` that names the first character which cannot be printed:
 * it must never come out as "?", as digits, or as a look-alike.
 */
export function printableText(text: string, missingGlyphs = ''): string {
  let result = ''
  for (const char of text) {
    // A compatibility ideograph is another character after NFC, and in a name that is another name.
    if (char.normalize('NFC') !== char) throw unprintable(char, 'changes under Unicode normalisation')
    result += isControl(char) ? ' ' : (substitutes[char] ?? char)
  }
  // Letters written as base and accent become the one character the font has.
  result = result.normalize('NFC').trim()
  for (const char of result) {
    if (/\p{Co}/u.test(char)) throw unprintable(char, 'is for private use: every font shows something else')
    if (!isOneOrTwoBytes(char)) throw unprintable(char, 'has no 1- or 2-byte code')
    if (missingGlyphs.includes(char)) throw unprintable(char, 'is not in the font of this printer')
  }
  return result
}

/** Columns a printable text takes: one for a 1-byte character, two for a 2-byte one. */
export function displayWidth(text: string): number {
  let columns = 0
  for (const char of text) columns += encodeGb18030(char).length === 1 ? 1 : 2
  return columns
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

function unprintable(char: string, why: string): DeviceError {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return new DeviceError('unsupported', `cannot print "${char}" (U+${code}): it ${why}`)
}
