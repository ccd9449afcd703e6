import type { PrintDocument, PrintResult } from '../../devices/kinds.ts'
import type { Entry } from '../ledger/entries.ts'
import { type AttemptResult, type AttemptsOptions, createAttempts } from './print-attempt.ts'
import { createPatience } from './print-patience.ts'

export interface Slip {
  /** The short code printed on it; the key staff look it up by. */
  readonly slipCode: string
  /** The slip itself is copy 1; every other copy says on paper which one it is. */
  document(copy: number): PrintDocument
  /** `clock.monotonic()` after which it is not printed any more: nobody waits for it then. */
  readonly notAfter: number
}

/** What a person may be told about a slip. `held-out`: it waits at the exit. `not-taken`: the printer took it back. */
export type SlipState =
  | 'printing'
  | 'held-out'
  | 'printed'
  | 'in-hand'
  | 'not-taken'
  | 'incomplete'
  | 'failed'
  | 'unknown'

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
      const kept: Kept = { slip, copy: 1, state: 'printing', busy: true, hopeless: false, forgotten: false }
      slips.set(slip.slipCode, kept)
      enqueue(kept, slip.notAfter)
    },
    printAgain({ slipCode, copy, by, notAfter }) {
      const kept = meant({ slipCode, copy, by }, 'print-again')
      if (!kept) return false
      kept.copy++
      patience.changed()
      enqueue(kept, notAfter, [{ type: 'slip-answer', slipCode, copy, answer: 'print-again', by }])
      return true
    },
    haveSlip({ slipCode, copy, by }) {
      const kept = meant({ slipCode, copy, by }, 'have-slip')
      if (!kept) return false
      tell(kept, 'in-hand')
      void note({ type: 'slip-answer', slipCode, copy, answer: 'have-it', by })
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

interface Tried {
  readonly attempt: number
  readonly result: AttemptResult
}

const inQuestion: readonly SlipState[] = ['not-taken', 'incomplete', 'failed', 'unknown']

/** Faults that end by themselves or by somebody's hand, and then let the same slip be printed. */
const passing: readonly PrintResult['fault'][] = [
  ...(['paper-out', 'cover-open', 'paper-jam', 'cutter', 'mechanical'] as const),
  ...(['offline', 'no-answer', 'link-lost', 'exit-blocked'] as const),
]

/** Nothing of it was printed, and it may yet be. */
function mayStart({ outcome, fault }: PrintResult): boolean {
  return outcome === 'not-started' && passing.includes(fault)
}

function shownState({ outcome, taken, removed }: PrintResult): SlipState {
  if (outcome === 'not-started') return 'failed'
  if (outcome !== 'printed') return outcome
  if (taken === undefined) return 'printed'
  if (taken) return 'in-hand'
  return removed === undefined ? 'held-out' : 'not-taken'
}

function endEntries(slipCode: string, copy: number, { attempt, result }: Tried): Entry[] {
  const { outcome, evidence, fault, paperMm: mm, taken, removed } = result
  const end: Entry = {
    ...{ type: 'slip', slipCode, copy, attempt, state: outcome },
    ...(evidence ? { evidence } : {}),
    ...(fault ? { fault } : {}),
    ...(mm === undefined ? {} : { mm }),
  }
  if (taken === undefined) return [end]
  return [end, { type: 'slip-handover', slipCode, copy, how: taken ? 'taken' : (removed ?? 'left') }]
}
