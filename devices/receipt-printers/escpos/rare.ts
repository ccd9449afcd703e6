import type { PrintBlock, PrintDocument, PrintJob } from '../../kinds.ts'
import type { PrinterProfile } from './profile.ts'
import { composedText, type Glyphs, hasRare } from './text.ts'

/** A job with the glyphs of what the printer's own font lacks. */
export interface DrawnJob extends PrintJob {
  readonly drawn: Glyphs
}

/** Fetches the glyphs a job needs, most often none. Rejects with whatever their source rejects with. */
export async function withGlyphs(job: PrintJob, profile: PrinterProfile): Promise<DrawnJob> {
  const wanted = charactersToDraw(job.document, profile)
  const drawn = wanted.size > 0 ? await job.glyphs?.(wanted) : undefined
  return { ...job, drawn: drawn ?? new Map() }
}

/** All characters of the texts that hold a rare one: its neighbours on the line are drawn with it. */
function charactersToDraw(document: PrintDocument, { missingGlyphs }: PrinterProfile): Set<string> {
  const lines = document.map(textOf).map(composedText)
  return new Set(lines.filter((line) => hasRare(line, missingGlyphs)).join(''))
}

/** What may share one line. */
function textOf(block: PrintBlock): string {
  if (block.type === 'text') return block.text
  return block.type === 'pair' ? `${block.label} ${block.value}` : ''
}
