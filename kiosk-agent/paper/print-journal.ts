import type { PrintDocument } from '../../devices/kinds.ts'
import type { Entry } from '../ledger/entries.ts'
import { type AttemptsOptions, createAttempts } from './print-attempt.ts'
import { createPatience } from './print-patience.ts'
import { endEntries, inQuestion, mayStart, type SlipState, shownState, type Tried } from './slip-ends.ts'

export interface Slip {
  /** The short code printed on it; the key staff look it up by. */
  readonly slipCode: string
  /** The slip itself is copy 1; every other copy says on paper which one it is. */
  document(copy: number): PrintDocument
  /** `clock.monotonic()` after which it is not printed any more: nobody waits for it then. */
  readonly notAfter: number
}

export type SlipOffer = 'have-slip' | 'print-again'

/** One copy of one slip, as a person means it who saw what became of it. */
export interface CopyInQuestion {
  readonly slipCode: string
  readonly copy: number
  readonly by: 'visitor' | 'staff'
}

export interface PrintJournalOptions extends AttemptsOptions {
  /** Whether the printer is there and tells of nothing that keeps it from printing. */
  ready(): boolean
  /** Aborts when the agent stops: what is not printing yet is not tried again. */
  readonly signal: AbortSignal
  onChange(slipCode: string, state: SlipState): void
}

export interface PrintJournal {
  /** Prints after all slips before it. Never throws: the journal and `onChange` tell what became of it. */
  print(slip: Slip): void
  /** The next copy, because a person asks for it. False when that copy is not the last one, or nothing is in question. */
  printAgain(asked: CopyInQuestion & { readonly notAfter: number }): boolean
  /**
   * As `printAgain`, for a slip of an earlier run or one that was forgotten: whoever asks brings its text along, and has
   * read in the ledger which copy was the last.
   */
  reprint(slip: Slip, asked: CopyInQuestion): boolean
  /** A person has the paper after all. False as above. */
  haveSlip(asked: CopyInQuestion): boolean
  /** What a person may choose about the last copy; undefined while nothing is in question. */
  question(slipCode: string): { readonly copy: number; readonly offers: SlipOffer[] } | undefined
  /** The printer's proof of a job that had been given up. */
  lateProof(processId: string): void
  /** The printer came, went, or told how it is: what did not start may be tried again. */
  printerChanged(): void
  /** An earlier run left a slip without proof. */
  foundTrouble(): void
  /** Nobody waits for this slip any more: it is not tried again, and its text is dropped as soon as it has an end. */
  forget(slipCode: string): void
  drained(): Promise<void>
}

interface Kept {
  readonly slip: Slip
  copy: number
  state: SlipState
  /** Printing, or waiting to be. */
  busy: boolean
  /** No printer can print it. */
  hopeless: boolean
  forgotten: boolean
}

/** Copies that outlive their slip's text, so that an order that comes twice is one. */
const REMEMBERED_COPIES = 1000
/** The slip and two more: who still has none then needs a person, not paper. */
const COPIES_AT_MOST = 3
const ATTEMPTS_AT_MOST = 3

/**
 * Every slip and what is known of it: queued → checking → sending → sent → printed | not-started | incomplete | unknown. What
 * did not start is tried again while somebody waits for it; everything else is printed again only when a person asks, as the
 * next copy.
 */
export function createPrintJournal(options: PrintJournalOptions): PrintJournal {
  const { log, record, note } = options
  const tryOnce = createAttempts(options)
  const patience = createPatience(options)
  const slips = new Map<string, Kept>()
  const reprinted = new Map<string, number>()
  let turn: Promise<void> = Promise.resolve()
  let trouble = false
  /** The last job without proof; the printer may still send it. */
  let unproven: { readonly processId: string; readonly slipCode: string; readonly copy: number } | undefined

  async function printCopy(kept: Kept, notAfter: number, because: readonly Entry[]): Promise<void> {
    const { slip, copy } = kept
    const stillWanted = () => !kept.forgotten && kept.copy === copy
    await record(...because, { type: 'slip', slipCode: slip.slipCode, copy, state: 'queued' })
    const document = slip.document(copy)
    for (let attempt = 1; ; attempt++) {
      const onHeldOut = () => tell(kept, 'held-out')
      const job = {
        slipCode: slip.slipCode,
        copy,
        attempt,
        document,
        notAfter,
        afterTrouble: trouble,
        onHeldOut,
      }
      const result = await tryOnce(job)
      await end(kept, copy, { attempt, result })
      if (!mayStart(result) || attempt === ATTEMPTS_AT_MOST) break
      const ready = await patience.untilReady(notAfter, stillWanted)
      if (!ready || !stillWanted()) break
      kept.busy = true
      tell(kept, 'printing')
    }
  }

  async function end(kept: Kept, copy: number, tried: Tried): Promise<void> {
    const { outcome, fault, processId } = tried.result
    if (outcome !== 'not-started') trouble = outcome !== 'printed'
    const { slipCode } = kept.slip
    if (processId !== undefined && trouble) unproven = { processId, slipCode, copy }
    kept.hopeless = fault === 'unprintable'
    kept.busy = false
    tell(kept, shownState(tried.result))
    await note(...endEntries(slipCode, copy, tried))
  }

  function enqueue(kept: Kept, notAfter: number, because: readonly Entry[] = []): void {
    kept.busy = true
    kept.hopeless = false
    tell(kept, 'printing')
    const { copy } = kept
    turn = turn
      .then(() => printCopy(kept, notAfter, because))
      .catch((error) => {
        log('a slip could not be recorded, so it was not printed', { error })
        if (kept.copy !== copy) return
        kept.busy = false
        tell(kept, 'failed')
      })
      .then(() => drop(kept))
  }

  function keep(slip: Slip, copy: number): Kept {
    const kept: Kept = { slip, copy, state: 'printing', busy: true, hopeless: false, forgotten: false }
    slips.set(slip.slipCode, kept)
    return kept
  }

  function tell(kept: Kept, state: SlipState): void {
    kept.state = state
    try {
      options.onChange(kept.slip.slipCode, state)
    } catch (error) {
      log('a change of a slip could not be told', { error })
    }
  }

  function drop(kept: Kept): void {
    if (kept.forgotten && !kept.busy) slips.delete(kept.slip.slipCode)
  }

  function offersOf({ state, copy, busy, hopeless }: Kept): SlipOffer[] {
    if (busy || !inQuestion.includes(state)) return []
    const again = copy < COPIES_AT_MOST && !hopeless && options.ready()
    return [
      ...(state === 'unknown' ? ['have-slip' as const] : []),
      ...(again ? ['print-again' as const] : []),
    ]
  }

  /** The slip, if this very copy is the last one and a person may choose this. */
  function meant({ slipCode, copy }: CopyInQuestion, offer: SlipOffer): Kept | undefined {
    const kept = slips.get(slipCode)
    return kept?.copy === copy && offersOf(kept).includes(offer) ? kept : undefined
  }

  return {
    print(slip) {
      enqueue(keep(slip, 1), slip.notAfter)
    },
    printAgain({ notAfter, ...asked }) {
      const kept = meant(asked, 'print-again')
      if (!kept) return false
      kept.copy++
      patience.changed()
      enqueue(kept, notAfter, [answer(asked, 'print-again')])
      return true
    },
    reprint(slip, asked) {
      const { slipCode, copy } = asked
      if (slips.has(slipCode) || copy >= COPIES_AT_MOST || copy < (reprinted.get(slipCode) ?? 0)) return false
      reprinted.set(slipCode, copy + 1)
      for (const oldest of reprinted.keys()) if (reprinted.size > REMEMBERED_COPIES) reprinted.delete(oldest)
      enqueue(keep(slip, copy + 1), slip.notAfter, [answer(asked, 'print-again')])
      return true
    },
    haveSlip(asked) {
      const kept = meant(asked, 'have-slip')
      if (!kept) return false
      tell(kept, 'in-hand')
      void note(answer(asked, 'have-it'))
      return true
    },
    question(slipCode) {
      const kept = slips.get(slipCode)
      if (!kept || kept.busy || !inQuestion.includes(kept.state)) return undefined
      return { copy: kept.copy, offers: offersOf(kept) }
    },
    lateProof(processId) {
      if (unproven?.processId !== processId) return
      const { slipCode, copy } = unproven
      const kept = slips.get(slipCode)
      unproven = undefined
      trouble = false
      void note({
        ...{ type: 'slip', slipCode, copy, state: 'printed' },
        ...{ evidence: 'process-id', late: true },
      })
      if (kept?.copy === copy && kept.state !== 'in-hand') tell(kept, 'printed')
    },
    printerChanged: () => patience.changed(),
    foundTrouble() {
      trouble = true
    },
    forget(slipCode) {
      const kept = slips.get(slipCode)
      if (!kept) return
      kept.forgotten = true
      patience.changed()
      drop(kept)
    },
    drained: () => turn,
  }
}

function answer(
  { slipCode, copy, by }: CopyInQuestion,
  said: Extract<Entry, { type: 'slip-answer' }>['answer'],
): Entry {
  return { type: 'slip-answer', slipCode, copy, answer: said, by }
}
