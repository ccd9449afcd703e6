import { readFileSync, writeFileSync } from 'node:fs'
import { isLatinLetter, isOneOrTwoBytes } from '../../devices/receipt-printers/escpos/text.ts'
import { writeGlyphs } from '../../kiosk-agent/paper/glyphs/glyph-file.ts'
import { glyphFile } from '../../kiosk-agent/paper/glyphs/rare-glyphs.ts'
import { charactersOf } from './character-map.ts'
import { drawGlyphs, type GlyphWish } from './draw-glyphs.ts'

/**
 * Makes the file of dot glyphs anew, from the fonts that the README beside that file names. A character is drawn from
 * the first font that has it:
 *
 *   npm run glyphs -- SourceHanSansSC-Regular.otf source-sans-3-latin-wght-normal.woff2 …
 */
const fontFiles = process.argv.slice(2)
if (fontFiles.length === 0) throw new Error('Name the fonts to draw with: npm run glyphs -- FONT.otf FONT.woff2')

const fonts = fontFiles.map((file, at) => ({
  file,
  family: `Font${at}`,
  characters: charactersOf(readFileSync(file)),
}))

const isNarrow = (char: string) => (char > ' ' && char <= '~') || isLatinLetter(char)
/** What a line on a slip may hold. Combining marks, private use and what nobody sees have no glyph of their own. */
const isWanted = (char: string) =>
  !/[\p{M}\p{C}\p{Z}]/u.test(char) &&
  (/\p{Script=Han}/u.test(char) || isNarrow(char) || isOneOrTwoBytes(char))

const wishes = new Map<string, GlyphWish>()
for (const { family, characters } of fonts)
  for (const char of [...characters].filter(isWanted))
    if (!wishes.has(char)) wishes.set(char, { char, family, width: isNarrow(char) ? 12 : 24 })

const glyphs = await drawGlyphs(fonts, [...wishes.values()])
writeFileSync(glyphFile, writeGlyphs(glyphs))
process.stdout.write(`${glyphs.size} glyphs in ${glyphFile}\n`)
