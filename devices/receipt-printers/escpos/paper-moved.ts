import { interpretEscpos } from './interpreter.ts'
import type { PrinterProfile } from './profile.ts'
import { qrVersion } from './qr-size.ts'

const MM_PER_INCH = 25.4
/** GS V 65 and 66 feed to the cutter before they cut; the older commands cut where the paper stands. */
const feedsToCutter = /^1D 56 4[12]/

/**
 * How far these bytes move the paper, in millimetres: read command by command, as the printer does. A command that was
 * not sent whole moves nothing.
 */
export function paperMoved(bytes: Uint8Array, { media, cut, headToCutterMm }: PrinterProfile): number {
  const { drawing } = interpretEscpos(bytes, { widthDots: media.widthDots, qr: blankSymbol })
  const cuts = drawing.items.filter(({ type }) => type === 'cut').length
  const cutMm = feedsToCutter.test(cut) ? cuts * headToCutterMm : 0
  return (drawing.heightDots / media.dpi) * MM_PER_INCH + cutMm
}

/** Only its height matters. */
function blankSymbol(data: Uint8Array): string[] {
  const modules = 17 + 4 * qrVersion(Buffer.from(data).toString('latin1'))
  return Array.from({ length: modules }, () => '.'.repeat(modules))
}
