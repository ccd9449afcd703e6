import { readFileSync, writeFileSync } from 'node:fs'
import { isLatinLetter, isOneOrTwoBytes } from '../../devices/receipt-printers/escpos/text.ts'
import { glyphCharacters, writeGlyphs } from '../../kiosk-agent/paper/glyphs/glyph-file.ts'
import { glyphFile } from '../../kiosk-agent/paper/glyphs/rare-glyphs.ts'
import { charactersOf } from './character-map.ts'
import { coverage } from './coverage.ts'
import { drawGlyphs, type GlyphWish } from './draw-glyphs.ts'

/**
 * Tells what the file of dot glyphs covers:
 *
 *   npm run glyphs
 *
 * Named fonts (those of the README beside the file) make it anew first; a character is drawn from the first that has it:
 *
 *   npm run glyphs -- SourceHanSansSC-Regular.otf source-sans-3-latin-wght-normal.woff2 …
 */
const fonts = process.argv.slice(2).map((file, at) => ({
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

if (wishes.size > 0) writeFileSync(glyphFile, writeGlyphs(await drawGlyphs(fonts, [...wishes.values()])))
const characters = await glyphCharacters(glyphFile)
process.stdout.write(`${[`${characters.size} glyphs`, ...coverage(characters)].join('\n')}\n`)
