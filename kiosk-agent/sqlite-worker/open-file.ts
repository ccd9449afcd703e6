import { DatabaseSync } from 'node:sqlite'
import { SqliteFailure } from './failure.ts'

/** How long opening waits for another process that is just creating or recovering the same file. */
const OPEN_TIMEOUT_MS = 5_000

/**
 * Opens or creates a SQLite file in which what is committed is on the disk: write-ahead log, `synchronous=FULL`.
 * Throws when the file system cannot give that. Past `maxBytes` the file refuses to grow, as if the disk were full.
 */
export function openDurableFile(path: string, maxBytes?: number): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: OPEN_TIMEOUT_MS })
  try {
    const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
    db.exec('PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON; PRAGMA journal_size_limit = 4194304')
    const synchronous = db.prepare('PRAGMA synchronous').get()?.synchronous
    if (mode !== 'wal' || synchronous !== 2) {
      throw new SqliteFailure('no-access', 'this file system cannot keep a write-ahead log; use a local disk')
    }
    if (maxBytes !== undefined) limitSize(db, maxBytes)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** How long one statement waits from now on for another process. */
export function setBusyTimeout(db: DatabaseSync, timeoutMs: number): void {
  db.exec(`PRAGMA busy_timeout = ${timeoutMs}`)
}

/** The number in `user_version`, kept by the program for the layout of the tables; 0 in a new file. */
export function layoutOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version)
}

/**
 * The layout of a file, 0 for a new one. Refuses files of a newer program, of one older than `oldest`, and SQLite files of
 * somebody else.
 */
export function expectLayout(db: DatabaseSync, layout: number, oldest = layout): number {
  const found = layoutOf(db)
  if (found >= oldest && found <= layout) return found
  if (found > layout) {
    throw new SqliteFailure(
      'refused',
      `was written by a newer version of Hall Kiosk (layout ${found}, this one knows ${layout}); update this machine`,
    )
  }
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n)
  if (found !== 0 || tables > 0) throw new SqliteFailure('refused', 'is a database of another program')
  return 0
}

function limitSize(db: DatabaseSync, maxBytes: number) {
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.page_size)
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
}
