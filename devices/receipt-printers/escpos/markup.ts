import type { PrintBlock, PrintDocument } from '../../kinds.ts'
import type { PrinterProfile } from './profile.ts'
import { qrSize } from './qr-size.ts'
import { drawLine, rasterCommands, spread } from './raster-line.ts'
import { displayWidth, type Glyphs, hasRare, printableText } from './text.ts'
import { wrapText } from './wrap.ts'

/** The default line pitch of the boards we know, in dots. */
const LINE_DOTS = 30
const FONT_DOTS = 24
const COLUMN_DOTS = 12
const LARGE_GAP_DOTS = 10

/** What a document is laid out for. */
interface Layout {
  readonly profile: PrinterProfile
  readonly glyphs: Glyphs
}

const noGlyphs: Glyphs = new Map()

/**
 * receiptline markup of a document. Lines are broken here, by the printer's own column widths, because receiptline
 * drops what does not fit. A line with a character that only `glyphs` has is drawn, all of it: text and a picture
 * cannot share a line. Throws a DeviceError `unsupported` when something cannot be printed.
 */
export function toMarkup(document: PrintDocument, profile: PrinterProfile, glyphs = noGlyphs): string {
  return document.flatMap((block) => blockLines(block, { profile, glyphs })).join('\n')
}

/** About how much paper a document takes, for the time limit of its job. */
export function paperMm(document: PrintDocument, profile: PrinterProfile, glyphs = noGlyphs): number {
  const dots = document.reduce((sum, block) => sum + blockDots(block, { profile, glyphs }), 0)
  return (dots / profile.media.dpi) * 25.4
}

/**
 * Text as inert markup: every ASCII character that is not a letter or digit is written as \xHH, so no value can cut
 * the paper, send bytes of its own, or make its line vanish.
 */
export function escapeMarkup(text: string): string {
  return text.replace(
    /[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16)}`,
  )
}

function blockLines(block: PrintBlock, layout: Layout): string[] {
  switch (block.type) {
    case 'text':
      return textLines(block, layout).flatMap((line) => oneLine(line, block, layout))
    case 'pair':
      return pairLines(block, layout)
    case 'rule':
      return ['-']
    case 'feed':
      return Array.from({ length: block.lines }, () => '')
    case 'qr': {
      const { cellDots } = qrSize(block.data, block.cellDots ?? 6, layout.profile.media.widthDots)
      return [`{code:${escapeMarkup(block.data)};option:qrcode,${cellDots},m}`]
    }
  }
}

type TextBlock = Extract<PrintBlock, { type: 'text' }>
type PairBlock = Extract<PrintBlock, { type: 'pair' }>
type LineStyle = Omit<TextBlock, 'type' | 'text'>

function textLines({ text, size = 1 }: TextBlock, { profile, glyphs }: Layout): string[] {
  return wrapText(printableText(text, profile.missingGlyphs, glyphs), Math.floor(profile.columns / size))
}

/** One line of text, as the printer's own characters where they suffice. */
function oneLine(line: string, style: LineStyle, layout: Layout): string[] {
  const { size = 1, align = 'left' } = style
  const text = padded(line, style, layout.profile)
  if (!hasRare(line, layout.profile.missingGlyphs)) return [cell(text, style), ...gap(style)]
  const feedDots = lineDots(style) - FONT_DOTS * size
  return [rawBytes(rasterCommands(drawLine(text, style, layout.glyphs), { align, feedDots, ...layout }))]
}

/** White letters on black need black around them, or their edges are lost. */
function padded(line: string, { inverse, size = 1 }: LineStyle, { columns }: PrinterProfile): string {
  const fits = (displayWidth(line) + 2) * size <= columns
  return inverse && fits && line !== '' ? ` ${line} ` : line
}

/** Large letters are taller than the line pitch: without a little feed the next line touches them. */
function gap({ size = 1 }: LineStyle): string[] {
  return size > 1 ? [rawBytes(`\x1bJ${String.fromCharCode(LARGE_GAP_DOTS)}`)] : []
}

/** Commands of our own, one byte a character; receiptline passes them on as they are. */
function rawBytes(commands: string): string {
  const hex = Array.from(commands, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `{command:${hex.join('')}}`
}

/** One line of one column; the alignment of a column comes from the spaces around it. */
function cell(line: string, style: LineStyle): string {
  if (line === '') return ''
  const decorations = `${['', '^^^', '^^^^'][(style.size ?? 1) - 1]}${style.bold ? '"' : ''}${style.inverse ? '`' : ''}`
  const text = `${decorations}${escapeMarkup(line)}`
  if (style.align === 'right') return `| ${text}|`
  return style.align === 'center' ? `|${text}|` : `|${text} |`
}

function pairLines(block: PairBlock, layout: Layout): string[] {
  const { profile, glyphs } = layout
  const { label, value, valueColumns, fits } = pairWidths(block, layout)
  if (!fits) {
    return [
      ...wrapText(label, profile.columns).flatMap((line) => oneLine(line, {}, layout)),
      ...wrapText(value, profile.columns).flatMap((line) => oneLine(line, { align: 'right' }, layout)),
    ]
  }
  if (hasRare(label + value, profile.missingGlyphs)) {
    const line = spread(
      drawLine(label, {}, glyphs),
      drawLine(value, {}, glyphs),
      profile.columns * COLUMN_DOTS,
    )
    return [rawBytes(rasterCommands(line, { align: 'left', feedDots: LINE_DOTS - FONT_DOTS, profile }))]
  }
  // Two columns, placed by dots and not by spaces, so that the right edge stays straight on every font.
  return [`{width:*,${valueColumns}}`, `|${escapeMarkup(label)} | ${escapeMarkup(value)}|`, '{width:auto}']
}

function pairWidths(block: PairBlock, { profile, glyphs }: Layout) {
  const label = printableText(block.label, profile.missingGlyphs, glyphs)
  const value = printableText(block.value, profile.missingGlyphs, glyphs)
  const valueColumns = Math.max(1, displayWidth(value))
  return { label, value, valueColumns, fits: displayWidth(label) + 1 + valueColumns <= profile.columns }
}

function lineDots({ size = 1 }: LineStyle): number {
  return size === 1 ? LINE_DOTS : FONT_DOTS * size + LARGE_GAP_DOTS
}

function blockDots(block: PrintBlock, layout: Layout): number {
  switch (block.type) {
    case 'text':
      return textLines(block, layout).length * lineDots(block)
    case 'pair':
      return pairLines(block, layout).filter((line) => !line.startsWith('{width')).length * LINE_DOTS
    case 'rule':
      return LINE_DOTS
    case 'feed':
      return block.lines * LINE_DOTS
    case 'qr':
      return qrSize(block.data, block.cellDots ?? 6, layout.profile.media.widthDots).heightDots
  }
}
