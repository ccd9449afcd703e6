import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'

/** What has happened already and cannot be undone by a ledger that fails: kept, in order, until it is written down. */
export interface Journal {
  /** Resolves with true when synced, with false when it never will be. Never rejects. */
  write(...entries: Entry[]): Promise<boolean>
  drained(): Promise<void>
}

export interface JournalOptions {
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** The agent stops: everything still waiting is tried once more, and no longer. */
  readonly signal: AbortSignal
}

const RETRY_MS = 1000

export function createJournal({ record, clock, log, signal }: JournalOptions): Journal {
  let turn: Promise<unknown> = Promise.resolve()
  let silent = false

  async function untilWritten(entries: Entry[]): Promise<boolean> {
    for (;;) {
      const last = signal.aborted
      try {
        await record(...entries)
        silent = false
        return true
      } catch (error) {
        if (!silent) log('the ledger cannot take what happened; it is kept until it can', { error })
        silent = true
        if (last || isHopeless(error)) return false
        await clock.sleep(RETRY_MS, signal).catch(() => {})
      }
    }
  }

  return {
    write(...entries) {
      const written = turn.then(() => untilWritten(entries))
      turn = written
      return written
    },
    async drained() {
      await turn
    },
  }
}

/** An entry that the ledger does not know will be refused for ever; what comes behind it must not wait for that. */
export function isHopeless(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'bad-entry'
}
