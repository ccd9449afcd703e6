import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { inTransaction } from '../../sqlite-worker/transaction.ts'

/** One hall in an open file: statements prepared once, each led by the hall's id. */
export interface HallFile {
  readonly db: DatabaseSync
  readonly hallId: string
  /** First row or undefined. The hall's id goes before `values`. */
  row<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined
  rows<Row>(sql: string, ...values: SQLInputValue[]): Row[]
  /** How many rows changed. */
  change(sql: string, ...values: SQLInputValue[]): number
  /** All of `work`, synced, or none of it. */
  transaction<Result>(work: () => Result): Result
}

/** Statements live as long as the connection. */
export function hallFile(db: DatabaseSync, hallId: string): HallFile {
  const prepared = new Map<string, StatementSync>()

  function statement(sql: string): StatementSync {
    const known = prepared.get(sql)
    if (known) return known
    const made = db.prepare(sql)
    prepared.set(sql, made)
    return made
  }

  return {
    db,
    hallId,
    row: <Row>(sql: string, ...values: SQLInputValue[]) =>
      statement(sql).get(hallId, ...values) as Row | undefined,
    rows: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).all(hallId, ...values) as Row[],
    change: (sql, ...values) => Number(statement(sql).run(hallId, ...values).changes),
    transaction: (work) => inTransaction(db, work),
  }
}
