import type { DatabaseSync } from 'node:sqlite'
import { asSqliteFailure } from './failure.ts'

/**
 * Runs `work` in one write transaction: all of it is synced when this returns, and none of it happened when this throws.
 * The lock is taken at the start (BEGIN IMMEDIATE), so that what `work` reads is still true when it writes. A file that
 * another process holds is tried `attempts` times, each as long as the connection's own time-out.
 */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result, attempts = 3): Result {
  for (let attempt = 1; ; attempt++) {
    try {
      return once(db, work)
    } catch (error) {
      if (attempt >= attempts || asSqliteFailure(error).code !== 'busy') throw error
    }
  }
}

function once<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk or an I/O error has rolled back by itself.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
