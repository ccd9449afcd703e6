import type { Clock } from '../../devices/lib/clock.ts'
import type { Intent, Outcome } from '../api/contract.ts'
import type { KindEvent } from '../device-hub.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import type { LeftSlips } from '../paper/left-slips.ts'
import { createPrintJournal, type PrintJournal, type Slip } from '../paper/print-journal.ts'
import type { SlipState } from '../paper/slip-ends.ts'
import { symbolRows } from '../paper/symbol-rows.ts'
import type { Equipment } from './equipment.ts'
import type { Journal } from './journal.ts'
import type { ScreenState } from './screen-state.ts'

/** Nobody waits longer than this for a slip. */
export const SLIP_WAIT_MS = 60_000
/** Whoever is asked about a slip has at least so long to read and to answer. */
const QUESTION_SHOWN_MS = 20_000

export interface SlipDeskOptions {
  readonly screen: ScreenState
  readonly equipment: Equipment
  readonly clock: Clock
  readonly log: Log
  record(...entries: Entry[]): Promise<unknown>
  readonly journal: Journal
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal
  /** What is shown, or for how long, has changed. */
  onChange(): void
}

/** Where slips and the visitor's screen meet: what became of the slip is shown, and what the visitor says of it is heard. */
export interface SlipDesk {
  readonly journal: PrintJournal
  /** The slip could not even be made. */
  failed(slipCode: string): void
  onPrinter(event: Extract<KindEvent, { kind: 'receipt-printer' }>['event']): void
  /** The printer came or went. */
  refresh(): void
  /** Drops what the screen does not show any more. */
  follow(): void
  /** The result on the screen, with what may be done about its slip. */
  shown(outcome: Outcome | null): Outcome | null
  /** False when it was about a copy that is not in question. */
  take(intent: Extract<Intent, { type: SlipIntent }>): boolean
  /** What earlier runs of the agent left. */
  found(left: LeftSlips): void
  /** Prints a slip no visitor waits for, once; resolves with what became of it. */
  printTest(slip: Slip): Promise<SlipState>
}

export type SlipIntent = 'have-slip' | 'print-again'

export function createSlipDesk(options: SlipDeskOptions): SlipDesk {
  const { clock, equipment, screen } = options
  let followed: string | undefined
  let paper: 'full' | 'low' | 'out' | undefined
  const tested = new Map<string, (state: SlipState) => void>()
  const journal = createPrintJournal({
    ...options,
    printer: equipment.printer,
    ready: () => equipment.printerState() !== 'cannot-print',
    note: options.journal.write,
    onChange: show,
  })

  function show(slipCode: string, slip: SlipState): void {
    tested.get(slipCode)?.(slip)
    if (screen.slipCode === slipCode) {
      screen.update((view) => view.slipCode === slipCode, { slip })
      if (slip !== 'printed' && slip !== 'in-hand') screen.keepUntil(clock.monotonic() + QUESTION_SHOWN_MS)
    }
    options.onChange()
  }

  function notePaper(now: string): void {
    const known = (['full', 'low', 'out'] as const).find((each) => each === now)
    if (!known || known === paper) return
    paper = known
    void options.journal.write({ type: 'paper', paper: known })
  }

  return {
    journal,
    failed: (slipCode) => show(slipCode, 'failed'),
    onPrinter(event) {
      if (event.type === 'late-proof') return journal.lateProof(event.processId)
      equipment.onPaper(event.status)
      notePaper(event.status.paper)
      journal.printerChanged()
      options.onChange()
    },
    refresh: () => journal.printerChanged(),
    follow() {
      const { slipCode } = screen
      if (followed !== undefined && followed !== slipCode) journal.forget(followed)
      followed = slipCode
    },
    shown(outcome) {
      if (!outcome) return null
      const question = journal.question(outcome.slipCode)
      // A slip that could not be made has no copies, but its code still leads staff to the case.
      const asked = question ?? (outcome.slip === 'failed' ? { copy: 1, offers: [] } : undefined)
      if (!asked) return outcome
      return { ...outcome, slipHelp: { ...asked, qr: symbolRows(outcome.slipCode, 'M') } }
    },
    take({ type, copy }) {
      const { slipCode } = screen
      if (slipCode === undefined) return false
      const asked = { slipCode, copy, by: 'visitor' } as const
      if (type === 'have-slip') return journal.haveSlip(asked)
      return journal.printAgain({ ...asked, notAfter: clock.monotonic() + SLIP_WAIT_MS })
    },
    async printTest(slip) {
      const { slipCode } = slip
      const ended = new Promise<SlipState>((resolve) => {
        tested.set(slipCode, (state) => {
          if (state !== 'printing' && state !== 'held-out') resolve(state)
        })
      })
      journal.print(slip)
      // A slip that still lies at the exit has no other end.
      const left = journal.drained().then(() => 'held-out' as const)
      try {
        return await Promise.race([ended, left])
      } finally {
        tested.delete(slipCode)
        journal.forget(slipCode)
      }
    },
    found({ trouble }) {
      if (trouble) journal.foundTrouble()
    },
  }
}
