import type { Entry, EntryType } from '../ledger/entries.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** What the ledger tells about the roll that is in the printer. */
export interface PaperUse {
  /** As the printer told last; undefined while it never did. */
  readonly paper: 'full' | 'low' | 'out' | undefined
  /** Paper moved since the roll was changed, as far as that was seen. */
  readonly sinceChangeMm: number
  /** Paper moved since the near-end sensor told "low"; undefined while it does not. */
  readonly sinceLowMm: number | undefined
  /** What a slip takes, the last ones counting most; undefined before the first. */
  readonly slipMm: number | undefined
  /** Slips that `slipMm` was learnt from. */
  readonly slips: number
}

export interface PaperForecast extends PaperUse {
  /** About how many slips are left. Only where the near-end sensor has told; before that nothing is known of the roll. */
  readonly slipsLeft: number | undefined
}

export const unusedPaper: PaperUse = {
  paper: undefined,
  sinceChangeMm: 0,
  sinceLowMm: undefined,
  slipMm: undefined,
  slips: 0,
}

/** Slips differ by season and rule: the average follows the last so many. */
const AVERAGE_OVER = 20

/** Goes on from what was known, by the entries that follow. */
export function followPaper(before: PaperUse, entries: readonly Entry[]): PaperUse {
  return entries.reduce(followEntry, before)
}

function followEntry(use: PaperUse, entry: Entry): PaperUse {
  if (entry.type === 'paper') return told(use, entry.paper)
  if (entry.type !== 'slip' || entry.late) return use
  if (entry.mm !== undefined) return moved(learn(use, entry), entry.mm)
  // An agent that died while it sent told nothing of the paper: a slip's worth may be gone.
  const died = entry.state === 'unknown' && entry.fault === 'restart'
  return died ? moved(use, use.slipMm ?? 0) : use
}

/** A roll is changed when paper that was low or out is full again. */
function told(use: PaperUse, paper: NonNullable<PaperUse['paper']>): PaperUse {
  const changed = paper === 'full' && (use.paper === 'low' || use.paper === 'out')
  const sinceLowMm = paper === 'full' ? undefined : (use.sinceLowMm ?? 0)
  return { ...use, paper, sinceLowMm, ...(changed ? { sinceChangeMm: 0 } : {}) }
}

/** Only whole slips tell what a slip takes. */
function learn(use: PaperUse, { state, mm = 0 }: Extract<Entry, { type: 'slip' }>): PaperUse {
  if (state !== 'printed') return use
  const slips = use.slips + 1
  const slipMm = use.slipMm ?? mm
  return { ...use, slips, slipMm: slipMm + (mm - slipMm) / Math.min(slips, AVERAGE_OVER) }
}

function moved(use: PaperUse, mm: number): PaperUse {
  const sinceLowMm = use.sinceLowMm === undefined ? undefined : use.sinceLowMm + mm
  return { ...use, sinceChangeMm: use.sinceChangeMm + mm, sinceLowMm }
}

/**
 * How long the paper will last. `nearEndTailMm` is what the printer's profile says is left when "low" is first told
 * (`commands.nearEndTailMm`); undefined where no driver says it.
 */
export function paperForecast(use: PaperUse, nearEndTailMm: number | undefined): PaperForecast {
  const { paper, sinceLowMm, slipMm } = use
  if (paper === 'out') return { ...use, slipsLeft: 0 }
  if (paper !== 'low' || sinceLowMm === undefined || nearEndTailMm === undefined || !slipMm)
    return { ...use, slipsLeft: undefined }
  return { ...use, slipsLeft: Math.floor(Math.max(0, nearEndTailMm - sinceLowMm) / slipMm) }
}

const PAGE = 5000
const types: readonly EntryType[] = ['slip', 'paper']

/** What the whole ledger tells. `since` goes on from an earlier answer, so that a console can ask again cheaply. */
export async function readPaperUse(
  ledger: Pick<Ledger, 'read'>,
  since: { readonly use: PaperUse; readonly seq: number } = { use: unusedPaper, seq: 0 },
): Promise<{ readonly use: PaperUse; readonly seq: number }> {
  let { use, seq } = since
  for (;;) {
    const page = await ledger.read({ types, afterSeq: seq, limit: PAGE })
    use = followPaper(
      use,
      page.map(({ entry }) => entry),
    )
    seq = page.at(-1)?.seq ?? seq
    if (page.length < PAGE) return { use, seq }
  }
}
