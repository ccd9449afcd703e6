/**
 * Why a SQLite file could not do what was asked, in few words for every store that stands on one.
 * `io`: the disk answered an error; what was being written may or may not be there.
 */
export type FailureCode =
  | 'busy'
  | 'disk-full'
  | 'damaged'
  | 'io'
  | 'no-access' // missing, not ours to open or not ours to write
  | 'refused' // it is there and sound, but not the file this program may use
  | 'in-use' // another process owns it
  | 'worker-lost'
  | 'unexpected'

/** Thrown inside a SQLite worker and again, as a copy, where the worker was asked. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure'
  readonly code: FailureCode
  constructor(code: FailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const failureOfResult: { readonly [result: number]: FailureCode } = {
  3: 'no-access', // PERM
  5: 'busy', // BUSY
  6: 'busy', // LOCKED
  8: 'no-access', // READONLY
  10: 'io', // IOERR
  11: 'damaged', // CORRUPT
  13: 'disk-full', // FULL
  14: 'no-access', // CANTOPEN
  26: 'damaged', // NOTADB
}

/** Whatever SQLite threw, as a SqliteFailure. */
export function asSqliteFailure(error: unknown): SqliteFailure {
  if (error instanceof SqliteFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = failureOfResult[resultOf(error) & 0xff] ?? 'unexpected'
  return new SqliteFailure(code, message, { cause: error })
}

/** True when a UNIQUE constraint or index refused the row (SQLITE_CONSTRAINT_UNIQUE). */
export function isUniqueViolation(error: unknown): boolean {
  return resultOf(error) === 2067
}

function resultOf(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error)) return 0
  return typeof error.errcode === 'number' ? error.errcode : 0
}
