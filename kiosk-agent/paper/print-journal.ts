import type { Commands, PrintDocument, PrintResult } from '../../devices/kinds.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'

export interface Slip {
  /** The short code printed on it; the key staff look it up by. */
  readonly slipCode: string
  readonly document: PrintDocument
  /** `Date.now()` after which it is not printed any more: nobody waits for it then. */
  readonly notAfter: number
}

export type SlipState = 'printing' | 'printed' | 'failed' | 'unknown'

export interface PrintJournalOptions {
  /** The printer's commands; undefined while it is not online. */
  printer(): Commands<'receipt-printer'> | undefined
  readonly now: () => number
  readonly log: Log
  record(...entries: Entry[]): Promise<unknown>
  onChange(slipCode: string, state: SlipState): void
}

export interface PrintJournal {
  /** Prints after all slips before it. Never throws: the journal and `onChange` tell what became of it. */
  print(slip: Slip): void
  drained(): Promise<void>
}

/**
 * Every slip and what is known of it: queued → sending → printed | not-started | incomplete | unknown. `sending` is synced before
 * the first byte. Nothing is ever printed again by itself.
 */
export function createPrintJournal({
  printer,
  now,
  log,
  record,
  onChange,
}: PrintJournalOptions): PrintJournal {
  let turn: Promise<void> = Promise.resolve()
  let jobs = 0

  async function print({ slipCode, document, notAfter }: Slip): Promise<void> {
    const entry = (facts: Omit<Extract<Entry, { type: 'slip' }>, 'type' | 'slipCode' | 'copy'>) =>
      record({ type: 'slip', slipCode, copy: 1, ...facts })
    onChange(slipCode, 'printing')
    await entry({ state: 'queued' })
    const commands = printer()
    const overdue = now() > notAfter
    const result: PrintResult =
      commands && !overdue
        ? await commands.print({
            processId: nextProcessId(),
            document,
            beforeFirstByte: async () => {
              await entry({ state: 'sending' })
            },
          })
        : { outcome: 'not-started', fault: overdue ? 'timeout' : 'offline', paperLow: false }
    await entry({
      state: result.outcome,
      ...(result.evidence ? { evidence: result.evidence } : {}),
      ...(result.fault ? { fault: result.fault } : {}),
    })
    onChange(slipCode, shown[result.outcome])
  }

  /** Four characters, never the same twice in a row. */
  function nextProcessId(): string {
    jobs = (jobs + 1) % 36 ** 4
    return jobs.toString(36).toUpperCase().padStart(4, '0')
  }

  return {
    print(slip) {
      turn = turn
        .then(() => print(slip))
        .catch((error) => {
          log('a slip could not be recorded', { error })
          onChange(slip.slipCode, 'failed')
        })
    },
    drained: () => turn,
  }
}

const shown = {
  printed: 'printed',
  'not-started': 'failed',
  incomplete: 'failed',
  unknown: 'unknown',
} as const

/** The entries that close slips a dead run of the agent left open: what was being sent may hang from the printer. */
export function closeUnfinished(slips: readonly Extract<Entry, { type: 'slip' }>[]): Entry[] {
  const last = new Map<string, Extract<Entry, { type: 'slip' }>>()
  for (const slip of slips) last.set(`${slip.slipCode} ${slip.copy}`, slip)
  return [...last.values()].flatMap(({ slipCode, copy, state }) => {
    if (state === 'queued')
      return { type: 'slip', slipCode, copy, state: 'not-started', fault: 'restart' } as const
    if (state === 'sending')
      return { type: 'slip', slipCode, copy, state: 'unknown', fault: 'restart' } as const
    return []
  })
}
