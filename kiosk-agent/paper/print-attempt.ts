import { randomInt } from 'node:crypto'
import { DeviceError } from '../../devices/errors.ts'
import type { Commands, PrintDocument, PrintJob, PrintResult } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import { rareGlyphs } from './glyphs/rare-glyphs.ts'
import type { SlipEntry } from './left-slips.ts'

export interface AttemptsOptions {
  /** The printer's commands; undefined while it is not online. */
  printer(): Commands<'receipt-printer'> | undefined
  readonly clock: Clock
  readonly log: Log
  /** Appends to the ledger; resolves when synced. Nothing is printed that it did not take. */
  record(...entries: Entry[]): Promise<unknown>
  /** Writes down what happened already, now or as soon as the ledger can. */
  note(...entries: Entry[]): Promise<unknown>
  /** Where glyphs for characters come from that no printer has; left out, from the file beside this program. */
  readonly glyphs?: NonNullable<PrintJob['glyphs']>
}

/** One try to print one copy. */
export interface Attempt {
  readonly slipCode: string
  readonly copy: number
  /** From 1. */
  readonly attempt: number
  readonly document: PrintDocument
  /** `clock.monotonic()` after which it is not begun any more. */
  readonly notAfter: number
  /** A slip before it, perhaps of an earlier run, ended without proof. */
  readonly afterTrouble: boolean
  /** The slip waits at the exit to be taken. */
  onHeldOut(): void
}

/** What became of a try. The process id is that of a job which reached the printer. */
export interface AttemptResult extends PrintResult {
  readonly processId?: string
}

const PROCESS_IDS = 36 ** 4
/** A printer that has not finished a slip by then is given up, so that the next slip has its turn. */
const PRINT_LIMIT_MS = 60_000

/**
 * Tries to print: `checking` before the printer is asked, `sending` synced before the first byte, `sent` when the last was
 * handed over. Rejects only when the ledger did not take `checking`.
 */
export function createAttempts(options: AttemptsOptions): (attempt: Attempt) => Promise<AttemptResult> {
  const { clock, log, record, glyphs = rareGlyphs(options) } = options
  // Not from 1: the printer may still remember the last job of the run before.
  let jobs = randomInt(PROCESS_IDS)

  /** Four characters, never the same twice in a row. */
  function nextProcessId(): string {
    jobs = (jobs + 1) % PROCESS_IDS
    return jobs.toString(36).toUpperCase().padStart(4, '0')
  }

  return async function tryOnce(job) {
    const { slipCode, copy, attempt, document, afterTrouble } = job
    const entry = (state: SlipEntry['state']): SlipEntry => ({ type: 'slip', slipCode, copy, attempt, state })
    await record(entry('checking'))
    const printer = options.printer()
    if (clock.monotonic() > job.notAfter) return notStarted('timeout')
    if (!printer) return notStarted('offline')

    const processId = nextProcessId()
    const over = new AbortController()
    let sending = false
    async function beforeFirstByte() {
      over.signal.throwIfAborted()
      await record(entry('sending'))
      over.signal.throwIfAborted()
      sending = true
    }
    const printing = printer.print({
      processId,
      document,
      afterTrouble,
      beforeFirstByte,
      glyphs,
      // What is told after the slip was given up would come behind its end in the ledger.
      onSent: () => !over.signal.aborted && void options.note(entry('sent')),
      onHeldOut: () => !over.signal.aborted && job.onHeldOut(),
    })
    // From `sending` on nobody knows what the paper says; before it nothing was printed, and nothing will be any more.
    const given = (fault: PrintResult['fault']): PrintResult =>
      sending ? { outcome: 'unknown', fault, paperLow: false } : notStarted(fault)
    const limit = clock.sleep(PRINT_LIMIT_MS, over.signal).then(() => given('timeout'))
    const finished = printing.catch((error) => {
      log('the printer failed', { error })
      return given(undefined)
    })
    const result = await Promise.race([finished, limit])
    over.abort(new DeviceError('expired', 'the slip was given up before it could be printed'))
    limit.catch(() => {})
    return sending ? { ...result, processId } : result
  }
}

function notStarted(fault: PrintResult['fault']): PrintResult {
  return { outcome: 'not-started', fault, paperLow: false }
}
