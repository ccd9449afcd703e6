import { fileURLToPath } from 'node:url'
import type { PrintJob } from '../../../devices/kinds.ts'
import type { Clock } from '../../../devices/lib/clock.ts'
import type { Log } from '../../log.ts'
import { readGlyphs } from './glyph-file.ts'

/** Beside this program; its README says what it was drawn from. */
export const glyphFile = fileURLToPath(new URL('glyphs-24.bin', import.meta.url))

/** A dying disk must not hold up the slips behind. */
const LIMIT_MS = 3000

export interface RareGlyphsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly file?: string
}

/**
 * Where a print job gets glyphs for characters that no printer has. Nothing is kept between two slips: the few that
 * need it read some hundred bytes. Rejects when the file cannot be read, or not in time.
 */
export function rareGlyphs({
  clock,
  log,
  file = glyphFile,
}: RareGlyphsOptions): NonNullable<PrintJob['glyphs']> {
  return async (characters) => {
    const done = new AbortController()
    const limit = clock.sleep(LIMIT_MS, done.signal).then(() => {
      throw new Error(`${file} could not be read within ${LIMIT_MS} ms.`)
    })
    try {
      return await Promise.race([readGlyphs(file, characters), limit])
    } catch (error) {
      log('no glyphs for rare characters: a slip that needs them cannot be printed', { error })
      throw error
    } finally {
      done.abort()
      limit.catch(() => {})
    }
  }
}
