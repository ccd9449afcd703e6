import type { PrintBlock, PrintDocument } from '../../kinds.ts'
import type { PrinterProfile } from './profile.ts'
import { qrSize } from './qr-size.ts'
import { displayWidth, printableText } from './text.ts'
import { wrapText } from './wrap.ts'

/** The default line pitch of the boards we know, in dots. */
const LINE_DOTS = 30
const FONT_DOTS = 24
const LARGE_GAP_DOTS = 10

/**
 * receiptline markup of a document. Lines are broken here, by the printer's own column widths, because receiptline
 * drops what does not fit. Throws a DeviceError `unsupported` when something cannot be printed.
 */
export function toMarkup(document: PrintDocument, profile: PrinterProfile): string {
  return document.flatMap((block) => blockLines(block, profile)).join('\n')
}

/** About how much paper a document takes, for the time limit of its job. */
export function paperMm(document: PrintDocument, profile: PrinterProfile): number {
  const dots = document.reduce((sum, block) => sum + blockDots(block, profile), 0)
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

function blockLines(block: PrintBlock, profile: PrinterProfile): string[] {
  switch (block.type) {
    case 'text':
      return textLines(block, profile).flatMap((line) => [padded(line, block, profile), ...gap(block)])
    case 'pair':
      return pairLines(block, profile)
    case 'rule':
      return ['-']
    case 'feed':
      return Array.from({ length: block.lines }, () => '')
    case 'qr': {
      const { cellDots } = qrSize(block.data, block.cellDots ?? 6, profile.media.widthDots)
      return [`{code:${escapeMarkup(block.data)};option:qrcode,${cellDots},m}`]
    }
  }
}

type TextBlock = Extract<PrintBlock, { type: 'text' }>
type PairBlock = Extract<PrintBlock, { type: 'pair' }>

function textLines({ text, size = 1 }: TextBlock, profile: PrinterProfile): string[] {
  return wrapText(printableText(text, profile.missingGlyphs), Math.floor(profile.columns / size))
}

/** White letters on black need black around them, or their edges are lost. */
function padded(line: string, block: TextBlock, { columns }: PrinterProfile): string {
  const fits = (displayWidth(line) + 2) * (block.size ?? 1) <= columns
  return cell(block.inverse && fits && line !== '' ? ` ${line} ` : line, block)
}

/** Large letters are taller than the line pitch: without a little feed the next line touches them. */
function gap({ size = 1 }: TextBlock): string[] {
  return size > 1 ? [`{command:\\x1bJ\\x${LARGE_GAP_DOTS.toString(16).padStart(2, '0')}}`] : []
}

/** One line of one column; the alignment of a column comes from the spaces around it. */
function cell(line: string, style: Omit<TextBlock, 'type' | 'text'>): string {
  if (line === '') return ''
  const decorations = `${['', '^^^', '^^^^'][(style.size ?? 1) - 1]}${style.bold ? '"' : ''}${style.inverse ? '`' : ''}`
  const text = `${decorations}${escapeMarkup(line)}`
  if (style.align === 'right') return `| ${text}|`
  return style.align === 'center' ? `|${text}|` : `|${text} |`
}

function pairLines(block: PairBlock, profile: PrinterProfile): string[] {
  const { label, value, valueColumns, fits } = pairWidths(block, profile)
  if (!fits) {
    return [
      ...wrapText(label, profile.columns).map((line) => cell(line, {})),
      ...wrapText(value, profile.columns).map((line) => cell(line, { align: 'right' })),
    ]
  }
  // Two columns, placed by dots and not by spaces, so that the right edge stays straight on every font.
  return [`{width:*,${valueColumns}}`, `|${escapeMarkup(label)} | ${escapeMarkup(value)}|`, '{width:auto}']
}

function pairWidths(block: PairBlock, profile: PrinterProfile) {
  const label = printableText(block.label, profile.missingGlyphs)
  const value = printableText(block.value, profile.missingGlyphs)
  const valueColumns = Math.max(1, displayWidth(value))
  return { label, value, valueColumns, fits: displayWidth(label) + 1 + valueColumns <= profile.columns }
}

function textDots({ size = 1 }: TextBlock): number {
  return size === 1 ? LINE_DOTS : FONT_DOTS * size + LARGE_GAP_DOTS
}

function blockDots(block: PrintBlock, profile: PrinterProfile): number {
  switch (block.type) {
    case 'text':
      return textLines(block, profile).length * textDots(block)
    case 'pair':
      return pairLines(block, profile).filter((line) => !line.startsWith('{')).length * LINE_DOTS
    case 'rule':
      return LINE_DOTS
    case 'feed':
      return block.lines * LINE_DOTS
    case 'qr':
      return qrSize(block.data, block.cellDots ?? 6, profile.media.widthDots).heightDots
  }
}
