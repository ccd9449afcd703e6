import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import type { PrintGlyph } from '../../devices/kinds.ts'
import { openBrowser } from '../support/browser.ts'

export interface GlyphFont {
  readonly family: string
  readonly file: string
}

/** A character, the family that draws it, and how wide its cell is: 12 dots for Latin letters, else 24. */
export interface GlyphWish {
  readonly char: string
  readonly family: string
  readonly width: 12 | 24
}

const ORIGIN = 'http://fonts.local'
const BATCH = 1000
const DOTS = 24

/**
 * Draws characters at 24 dots with the browser's own font engine and makes each dot black or white: just as many
 * dots are black as the outline covers, the darkest first. One threshold for all would clog 龘 or lose strokes of 一.
 */
export async function drawGlyphs(fonts: readonly GlyphFont[], wishes: readonly GlyphWish[]) {
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    await page.route(`${ORIGIN}/**`, (route) => {
      const font = fonts[Number(new URL(route.request().url()).pathname.slice(1))]
      return font ? route.fulfill({ body: readFileSync(font.file) }) : route.fulfill({ body: '' })
    })
    await page.goto(`${ORIGIN}/none`)
    await page.evaluate(loadFonts(fonts.map(({ family }) => family)))
    const glyphs = new Map<string, PrintGlyph>()
    for (let start = 0; start < wishes.length; start += BATCH)
      for (const [char, glyph] of await drawBatch(page, wishes.slice(start, start + BATCH)))
        glyphs.set(char, glyph)
    return glyphs
  } finally {
    await browser.close()
  }
}

async function drawBatch(page: Page, wishes: readonly GlyphWish[]): Promise<[string, PrintGlyph][]> {
  const shades = (await page.evaluate(shadesOf(wishes))) as number[][]
  return wishes.map(({ char, width }, at) => [char, { width, rows: blackRows(shades[at] ?? []) }])
}

function blackRows(shades: readonly number[]): number[] {
  const black = Math.round(shades.reduce((sum, shade) => sum + shade, 0) / 255)
  const darkest = [...shades.keys()].sort((one, other) => (shades[other] ?? 0) - (shades[one] ?? 0))
  const rows = Array.from({ length: DOTS }, () => 0)
  for (const dot of darkest.slice(0, black)) {
    const row = Math.floor(dot / DOTS)
    rows[row] = (rows[row] ?? 0) | (1 << (DOTS - 1 - (dot % DOTS)))
  }
  return rows
}

// What runs in the page.

const loadFonts = (families: readonly string[]) => `Promise.all(${JSON.stringify(families)}.map(
  async (family, at) => void document.fonts.add(
    await new FontFace(family, 'url(/' + at + ')', { weight: '100 900' }).load())
))`

/** How much of each dot the outlines cover, 0 to 255, row by row. Too wide is squeezed, too narrow stands centred. */
const shadesOf = (wishes: readonly GlyphWish[]) => `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: ${DOTS}, height: ${DOTS} })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return ${JSON.stringify(wishes)}.map(({ char, family, width }) => {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = '#fff'
    context.fillRect(0, 0, ${DOTS}, ${DOTS})
    context.fillStyle = '#000'
    context.font = '400 ${DOTS}px ' + family
    const advance = context.measureText(char).width
    const squeeze = Math.min(1, width / advance)
    context.setTransform(squeeze, 0, 0, 1, (width - advance * squeeze) / 2, 0)
    context.fillText(char, 0, 21)
    const { data } = context.getImageData(0, 0, ${DOTS}, ${DOTS})
    return Array.from({ length: ${DOTS * DOTS} }, (_, dot) => 255 - data[dot * 4])
  })
})()`
