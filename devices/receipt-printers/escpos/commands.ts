import { type BaseCommand, commands } from 'receiptline'
import { presenterDialect } from './presenter-dialects.ts'
import type { PrinterProfile } from './profile.ts'
import { qrCode } from './qr-dialects.ts'
import { isOneOrTwoBytes } from './text.ts'

/** What the printer is asked behind the cut: to send this job's process id, or just a sign that it got there. */
export type Confirmation =
  | { readonly type: 'process-id'; readonly processId: string }
  | { readonly type: 'reached' }
  | { readonly type: 'none' }

const AUTOMATIC_STATUS_OFF = '\x1da\x00'
/** Out of multi-byte mode, code page 0: from here every byte is one ASCII character. */
const ASCII = '\x1c.\x1bt\x00'
const generic = commands.generic

/**
 * The command set given to receiptline: its generic ESC/POS with Chinese text that cannot go wrong silently, rules of
 * ASCII characters, QR codes in the printer's dialect, automatic status left on, and one cut followed by the slip's presentation and the
 * confirmation request.
 * Strings hold one byte a character.
 */
export function escposCommands(profile: PrinterProfile, confirmation: Confirmation): BaseCommand {
  const asbMask = profile.status.asb ? '\xff' : '\x00'
  const cut = String.fromCharCode(...profile.cut.split(' ').map((hex) => Number.parseInt(hex, 16)))
  const present = String.fromCharCode(...(presenterDialect(profile)?.present ?? []))
  const hanSize = (bits: number) => (profile.needFSbang ? `\x1c!${byte(bits)}` : '')
  return {
    ...generic,
    split: profile.maxRasterRows,
    open(printer) {
      return generic.open.call(this, printer).replace(AUTOMATIC_STATUS_OFF, `\x1da${asbMask}`)
    },
    close: () => cut + present + confirmationRequest(confirmation),
    cut: () => cut,
    hr: (width) => asciiRule(width),
    vrstart: (widths) => asciiRule(tableWidth(widths)),
    vrstop: (widths) => asciiRule(tableWidth(widths)),
    vrhr: (_above, below) => asciiRule(tableWidth(below)),
    vr(widths, height) {
      return widths.reduce(
        (line, width) => `${line}${this.relative(width)}|`,
        `\x1d!${byte(height - 1)}${ASCII}|`,
      )
    },
    // receiptline counts the "^": 1 double width, 2 double height, 3 and more both. FS ! knows double only.
    wh: (count) => generic.wh(count) + hanSize(count === 1 ? 0x04 : count === 2 ? 0x08 : 0x0c),
    normal: () => generic.normal() + hanSize(0),
    text(text, encoding) {
      for (const char of text)
        if (!isOneOrTwoBytes(char)) throw new Error(`no 1- or 2-byte code for ${JSON.stringify(char)}`)
      return generic.text.call(this, text, encoding)
    },
    qrcode: (symbol) => qrCode(symbol, profile),
  }
}

function confirmationRequest(confirmation: Confirmation): string {
  if (confirmation.type === 'process-id') return processIdRequest(confirmation.processId)
  return confirmation.type === 'reached' ? '\x1dr\x01' : ''
}

/** GS ( H function 48: answered when everything before it has been printed. */
export function processIdRequest(processId: string): string {
  return `\x1d(H\x06\x0000${processId}`
}

function asciiRule(width: number): string {
  return ASCII + '-'.repeat(width)
}

/** Columns and the bars between and beside them. */
function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 1, 1)
}

function byte(value: number): string {
  return String.fromCharCode(value)
}
