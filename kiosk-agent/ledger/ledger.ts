import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { type Clock, systemClock } from '../../devices/lib/clock.ts'
import { makeDurableFolder } from '../sqlite-worker/durable-folder.ts'
import { type SqliteWorker, startSqliteWorker } from '../sqlite-worker/host.ts'
import { groupCommit } from './append-queue.ts'
import { canonicalJson, type Head, type Row } from './chain.ts'
import { type Entry, type EntryType, entrySchema, type StoredEntry } from './entries.ts'
import { asLedgerError, LedgerError } from './errors.ts'
import type { FileRow } from './file.ts'
import type { LedgerMethods } from './worker.ts'

/** The append-only record of one terminal: what it saw, decided and did. One process writes it. */
export interface Ledger {
  /** Names this run of the agent; written in its `agent-started` entry. */
  readonly epoch: string
  /**
   * Writes entries behind each other, all of one call or none; resolves when they are synced. Calls that come while
   * another is being synced share the next sync. Rejects with a LedgerError.
   */
  append(...entries: readonly Entry[]): Promise<readonly StoredEntry[]>
  /** Entries in order, at most `limit` (1,000 unless told). */
  read(query?: LedgerQuery): Promise<readonly StoredEntry[]>
  /** The newest synced entry. Noted off the machine, it proves later that nothing before it was changed. */
  head(): Head
  /** Aborts when this ledger can write no more, with a LedgerError; opening it again is all that may help. */
  readonly failed: AbortSignal
  /** Tells when an append failed, and with undefined when one succeeds again. Returns how to stop listening. */
  onTrouble(listener: (trouble: LedgerError | undefined) => void): () => void
  /** Waits for what is being written, then lets the file go. */
  close(): Promise<void>
}

export interface LedgerQuery {
  readonly types?: readonly EntryType[]
  readonly afterSeq?: number
  readonly limit?: number
}

export interface LedgerOptions {
  readonly path: string
  readonly terminalId: string
  readonly simulated: boolean
  /** The build of this agent, for the record. */
  readonly build: string
  readonly clock?: Clock
  /** The file grows up to this; then appends fail as on a full disk. No limit unless told. */
  readonly maxBytes?: number
}

/** Opens the ledger of a terminal, or makes a new one. Rejects with a LedgerError. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { path, clock = systemClock } = options
  const epoch = randomUUID()
  const worker = startSqliteWorker<LedgerMethods>(new URL('./worker.ts', import.meta.url))
  try {
    await makeDurableFolder(dirname(path))
    const head = await worker.ask('open', openOrder(options, epoch, clock.now()))
    return ledgerOn(worker, { path, clock, epoch, head })
  } catch (error) {
    await worker.stop()
    throw asLedgerError(error, path)
  }
}

function openOrder(
  { path, terminalId, simulated, build, maxBytes }: LedgerOptions,
  epoch: string,
  at: number,
) {
  const opened = checked({ type: 'ledger-opened', format: 1, terminalId, simulated })
  const started = checked({ type: 'agent-started', build, epoch })
  return { path, maxBytes, terminalId, simulated, opened: row(opened, at), started: row(started, at) }
}

interface Opened {
  readonly path: string
  readonly clock: Clock
  readonly epoch: string
  readonly head: Head
}

function ledgerOn(worker: SqliteWorker<LedgerMethods>, { path, clock, epoch, head }: Opened): Ledger {
  const queue = groupCommit({ path, head, lost: worker.lost, commit: (rows) => worker.ask('append', rows) })
  let closing: Promise<void> | undefined

  return {
    epoch,
    head: queue.head,
    failed: queue.failed,
    onTrouble: queue.onTrouble,

    async append(...entries) {
      if (closing !== undefined) throw closed(path)
      const good = entries.map(checked)
      const at = clock.now()
      const heads = await queue.append(good.map((entry) => row(entry, at)))
      return good.flatMap((entry, index) => {
        const link = heads[index]
        return link ? [{ seq: link.seq, at, entry, hash: link.hash }] : []
      })
    },

    async read({ types, afterSeq = 0, limit = 1000 } = {}) {
      if (closing !== undefined) throw closed(path)
      try {
        return (await worker.ask('read', { types, afterSeq, limit })).map(stored)
      } catch (error) {
        throw asLedgerError(error, path)
      }
    },

    close() {
      closing ??= queue
        .settled()
        .then(() => worker.ask('close'))
        // A thread that is gone has let the file go already.
        .catch(() => undefined)
        .then(() => worker.stop())
      return closing
    },
  }
}

const closed = (path: string) => new LedgerError('closed', `Ledger ${path}: it is closed`)
const row = (entry: Entry, at: number): Row => ({ at, body: canonicalJson(entry) })
const stored = ({ seq, at, body, hash }: FileRow): StoredEntry => ({
  seq,
  at,
  entry: entryOf(body, seq),
  hash,
})

/** The entry itself is kept out of the message: a mistaken one may hold what must not reach a log. */
function checked(entry: unknown): Entry {
  const { data, error } = entrySchema.safeParse(entry)
  if (data) return data
  const where = error?.issues.map(({ path, code }) => `${path.join('.') || 'entry'}: ${code}`).join(', ')
  throw new LedgerError('bad-entry', `not an entry of the ledger (${where})`)
}

function entryOf(body: string, seq: number): Entry {
  const { data } = entrySchema.safeParse(JSON.parse(body))
  if (data) return data
  throw new LedgerError(
    'damaged',
    `entry ${seq} is of a kind this build does not know; run "npm run ledger -- verify"`,
  )
}
