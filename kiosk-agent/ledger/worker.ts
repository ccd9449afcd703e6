import { DatabaseSync } from 'node:sqlite'
import { asSqliteFailure, SqliteFailure } from '../sqlite-worker/failure.ts'
import { expectLayout, openDurableFile } from '../sqlite-worker/open-file.ts'
import { serve } from '../sqlite-worker/serve.ts'
import { inTransaction } from '../sqlite-worker/transaction.ts'
import { genesis, type Head, type Row } from './chain.ts'
import { checkedHead, type FileRow, insertRows, LEDGER_LAYOUT, ledgerTables } from './file.ts'

/** What the thread that keeps the ledger's file can be asked. */
export interface LedgerMethods {
  /** Opens or creates the file and appends the rows of this start. Returns the head. */
  open(order: OpenOrder): Head
  /** All rows in one transaction; returns the heads after each. */
  append(rows: readonly Row[]): Head[]
  read(query: ReadQuery): FileRow[]
  close(): void
}

export interface OpenOrder {
  readonly path: string
  readonly maxBytes: number | undefined
  readonly terminalId: string
  readonly simulated: boolean
  /** The very first entry, used when the file is new. */
  readonly opened: Row
  readonly started: Row
}

export interface ReadQuery {
  readonly types: readonly string[] | undefined
  readonly afterSeq: number
  readonly limit: number
}

interface OpenLedger {
  readonly db: DatabaseSync
  readonly owner: DatabaseSync
  head: Head
}
let ledger: OpenLedger | undefined

serve<LedgerMethods>({
  open(order) {
    const owner = ownFile(order.path)
    try {
      const db = openDurableFile(order.path, order.maxBytes)
      ledger = { db, owner, head: inTransaction(db, () => start(db, order)) }
      return ledger.head
    } catch (error) {
      owner.close()
      throw error
    }
  },

  append(rows) {
    const open = opened()
    try {
      const heads = inTransaction(open.db, () => insertRows(open.db, open.head, rows))
      open.head = heads.at(-1) ?? open.head
      return heads
    } catch (error) {
      const failure = asSqliteFailure(error)
      // After a full disk nothing of it is there, and the chain goes on from where it was.
      if (failure.code === 'disk-full') open.head = checkedHead(open.db)
      throw failure
    }
  },

  read({ types, afterSeq, limit }) {
    const chosen = types === undefined ? '' : 'AND type IN (SELECT value FROM json_each(?))'
    const select = opened().db.prepare(
      `SELECT seq, at, body, hash FROM entries WHERE seq > ? ${chosen} ORDER BY seq LIMIT ?`,
    )
    const list = types === undefined ? [] : [JSON.stringify(types)]
    return select.all(afterSeq, ...list, limit) as unknown as FileRow[]
  },

  close() {
    ledger?.db.close()
    ledger?.owner.close()
    ledger = undefined
  },
})

function opened(): OpenLedger {
  if (ledger === undefined) throw new SqliteFailure('unexpected', 'the ledger is not open')
  return ledger
}

/**
 * One ledger, one writer. A second file beside it is locked as long as this thread lives: the system frees the lock of a
 * killed process at once, and the ledger itself stays open to readers, so that a running terminal can be verified.
 */
function ownFile(path: string): DatabaseSync {
  const owner = new DatabaseSync(`${path}.owner`, { timeout: 500 })
  try {
    owner.exec('BEGIN EXCLUSIVE')
    return owner
  } catch (error) {
    owner.close()
    const failure = asSqliteFailure(error)
    if (failure.code !== 'busy') throw failure
    throw new SqliteFailure('in-use', failure.message, { cause: error })
  }
}

function start(db: DatabaseSync, { opened: first, started, terminalId, simulated }: OpenOrder): Head {
  const isNew = expectLayout(db, LEDGER_LAYOUT) === 0
  if (isNew) db.exec(ledgerTables)
  else expectOwner(db, terminalId, simulated)
  const rows = isNew ? [first, started] : [started]
  const heads = insertRows(db, isNew ? genesis : checkedHead(db), rows)
  return heads.at(-1) ?? genesis
}

function expectOwner(db: DatabaseSync, terminalId: string, simulated: boolean) {
  const row = db
    .prepare(
      `SELECT body ->> '$.terminalId' AS id, body ->> '$.simulated' AS simulated
       FROM entries WHERE seq = 1 AND type = 'ledger-opened'`,
    )
    .get()
  if (row === undefined) throw new SqliteFailure('damaged', 'the first entry is missing')
  if (row.id !== terminalId) {
    throw new SqliteFailure('refused', `it belongs to terminal "${row.id}", this is "${terminalId}"`)
  }
  if ((row.simulated === 1) === simulated) return
  throw new SqliteFailure(
    'refused',
    simulated
      ? 'it is the ledger of a real terminal, this one is simulated; give the simulation a data folder of its own'
      : 'it is the ledger of a simulated terminal, this one is real; give the terminal a data folder of its own',
  )
}
