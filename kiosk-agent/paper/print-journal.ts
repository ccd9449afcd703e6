import { randomInt } from 'node:crypto'
import { DeviceError } from '../../devices/errors.ts'
import type { Commands, PrintDocument, PrintResult } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'

export interface Slip {
  /** The short code printed on it; the key staff look it up by. */
  readonly slipCode: string
  readonly document: PrintDocument
  /** `clock.monotonic()` after which it is not printed any more: nobody waits for it then. */
  readonly notAfter: number
}

export type SlipState = 'printing' | 'printed' | 'failed' | 'unknown'

export interface PrintJournalOptions {
  /** The printer's commands; undefined while it is not online. */
  printer(): Commands<'receipt-printer'> | undefined
  readonly clock: Clock
  readonly log: Log
  /** Appends to the ledger; resolves when synced. Nothing is printed that it did not take. */
  record(...entries: Entry[]): Promise<unknown>
  /** Writes down what became of a slip, now or as soon as the ledger can. */
  note(...entries: Entry[]): Promise<unknown>
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
export function createPrintJournal(options: PrintJournalOptions): PrintJournal {
  const { clock, log, record } = options
  let turn: Promise<void> = Promise.resolve()
  // Not from 1: the printer may still remember the last job of the run before.
  let jobs = randomInt(PROCESS_IDS)

  async function print({ slipCode, document, notAfter }: Slip): Promise<void> {
    const entry = (facts: Omit<SlipEntry, 'type' | 'slipCode' | 'copy'>): SlipEntry => ({
      type: 'slip',
      slipCode,
      copy: 1,
      ...facts,
    })
    tell(slipCode, 'printing')
    await record(entry({ state: 'queued' }))
    const result = await printInTime({
      document,
      notAfter,
      sending: () => record(entry({ state: 'sending' })),
    })
    const { outcome: state, evidence, fault } = result
    tell(slipCode, shown[state])
    await options.note(entry({ state, ...(evidence ? { evidence } : {}), ...(fault ? { fault } : {}) }))
  }

  async function printInTime(job: Job): Promise<PrintResult> {
    const printer = options.printer()
    if (clock.monotonic() > job.notAfter) return { outcome: 'not-started', fault: 'timeout', paperLow: false }
    if (!printer) return { outcome: 'not-started', fault: 'offline', paperLow: false }
    let sending = false
    const over = new AbortController()
    // From `sending` on nobody knows what the paper says; before it nothing was printed, and nothing will be any more.
    const given = (fault: PrintResult['fault']): PrintResult => ({
      outcome: sending ? 'unknown' : 'not-started',
      fault,
      paperLow: false,
    })
    async function beforeFirstByte() {
      over.signal.throwIfAborted()
      await job.sending()
      over.signal.throwIfAborted()
      sending = true
    }
    const limit = clock.sleep(PRINT_LIMIT_MS, over.signal).then(() => given('timeout'))
    const printing = printer
      .print({ processId: nextProcessId(), document: job.document, beforeFirstByte })
      .catch((error) => {
        log('the printer failed', { error })
        return given(undefined)
      })
    const result = await Promise.race([printing, limit])
    over.abort(new DeviceError('expired', 'the slip was given up before it could be printed'))
    limit.catch(() => {})
    return result
  }

  /** Four characters, never the same twice in a row. */
  function nextProcessId(): string {
    jobs = (jobs + 1) % PROCESS_IDS
    return jobs.toString(36).toUpperCase().padStart(4, '0')
  }

  function tell(slipCode: string, state: SlipState): void {
    try {
      options.onChange(slipCode, state)
    } catch (error) {
      log('a change of a slip could not be told', { error })
    }
  }

  return {
    print(slip) {
      turn = turn
        .then(() => print(slip))
        .catch((error) => {
          log('a slip could not be recorded, so it was not printed', { error })
          tell(slip.slipCode, 'failed')
        })
    },
    drained: () => turn,
  }
}

interface Job {
  readonly document: PrintDocument
  readonly notAfter: number
  sending(): Promise<unknown>
}

type SlipEntry = Extract<Entry, { type: 'slip' }>

const PROCESS_IDS = 36 ** 4
/** A printer that has not finished a slip by then is given up, so that the next slip has its turn. */
const PRINT_LIMIT_MS = 60_000

const shown = {
  printed: 'printed',
  'not-started': 'failed',
  incomplete: 'failed',
  unknown: 'unknown',
} as const

/** The newest entry of each slip that has no end yet. */
export function unfinished(slips: readonly SlipEntry[]): SlipEntry[] {
  const last = new Map<string, SlipEntry>()
  for (const slip of slips) last.set(`${slip.slipCode} ${slip.copy}`, slip)
  return [...last.values()].filter(({ state }) => state === 'queued' || state === 'sending')
}

/** The entries that close slips a dead run of the agent left open: what was being sent may hang from the printer. */
export function closeUnfinished(slips: readonly SlipEntry[]): Entry[] {
  return unfinished(slips).map(({ slipCode, copy, state }) => ({
    type: 'slip',
    slipCode,
    copy,
    state: state === 'sending' ? 'unknown' : 'not-started',
    fault: 'restart',
  }))
}
