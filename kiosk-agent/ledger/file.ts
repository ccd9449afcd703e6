import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { SqliteFailure } from '../sqlite-worker/failure.ts'
import { genesis, type Head, nextHead, type Row } from './chain.ts'

/** The version of the tables, in the file's `user_version`. */
export const LEDGER_LAYOUT = 1

/** Where the ledger of a terminal lies. Throws a RangeError for an id that is no plain name. */
export function ledgerPath(dataFolder: string, terminalId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(terminalId)) {
    throw new RangeError(`terminal id "${terminalId}": use letters, digits, dot, dash and underscore`)
  }
  return join(dataFolder, terminalId, 'ledger.sqlite')
}

/** A row as it stands in the file. */
export interface FileRow extends Row {
  readonly seq: number
  readonly hash: string
}

/** Rows can be added at the end and never changed: the triggers stop slips of the hand, the chain shows the rest. */
export const ledgerTables = `
  CREATE TABLE entries (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    type TEXT GENERATED ALWAYS AS (json_extract(body, '$.type')) VIRTUAL
  ) STRICT;
  CREATE INDEX entries_by_type ON entries (type, seq);
  CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER entries_only_at_the_end BEFORE INSERT ON entries
    WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM entries)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  PRAGMA user_version = ${LEDGER_LAYOUT};
`

/** Appends rows after `head` and returns the heads after each; the caller keeps the transaction. */
export function insertRows(db: DatabaseSync, head: Head, rows: readonly Row[]): Head[] {
  const insert = db.prepare('INSERT INTO entries (seq, at, body, hash) VALUES (?, ?, ?, ?)')
  let last = head
  return rows.map((row) => {
    last = nextHead(last, row)
    insert.run(last.seq, row.at, row.body, last.hash)
    return last
  })
}

/** How many of the newest entries are looked at when a ledger is opened; `verify` looks at all. */
const CHECKED_AT_OPEN = 200

/** The head of the file. Throws `damaged` when the newest entries do not hang together. */
export function checkedHead(db: DatabaseSync): Head {
  const select = db.prepare('SELECT seq, at, body, hash FROM entries ORDER BY seq DESC LIMIT ?')
  const rows = (select.all(CHECKED_AT_OPEN + 1) as unknown as FileRow[]).reverse()
  const oldest = rows[0]
  if (oldest === undefined) throw new SqliteFailure('damaged', 'the ledger is empty')
  let head: Head = oldest.seq === 1 ? genesis : oldest
  for (const row of oldest.seq === 1 ? rows : rows.slice(1)) {
    head = nextHead(head, row)
    if (head.seq !== row.seq || head.hash !== row.hash) {
      throw new SqliteFailure('damaged', `entry ${row.seq} does not follow from the one before`)
    }
  }
  return { seq: head.seq, hash: head.hash }
}
