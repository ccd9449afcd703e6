import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { asSqliteFailure, SqliteFailure } from '../../kiosk-agent/sqlite-worker/failure.ts'
import { inTransaction } from '../../kiosk-agent/sqlite-worker/transaction.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

function fileWithOneTable() {
  const path = join(temporaryFolder(), 'any.sqlite')
  const open = () => {
    const db = new DatabaseSync(path, { timeout: 1 })
    onTestFinished(() => db.close())
    return db
  }
  const db = open()
  db.exec('CREATE TABLE numbers (n INTEGER UNIQUE)')
  const numbers = () =>
    db
      .prepare('SELECT n FROM numbers ORDER BY n')
      .all()
      .map(({ n }) => n)
  return { db, open, numbers }
}

test('a transaction that fails in its middle leaves nothing, and the next one works', () => {
  const { db, numbers } = fileWithOneTable()
  const insert = db.prepare('INSERT INTO numbers VALUES (?)')
  expect(() =>
    inTransaction(db, () => {
      insert.run(1)
      insert.run(1)
    }),
  ).toThrow('UNIQUE')
  expect(numbers()).toEqual([])
  inTransaction(db, () => insert.run(2))
  expect(numbers()).toEqual([2])
})

test('a transaction is tried again while another holds the file, and only so often', () => {
  const { db, open, numbers } = fileWithOneTable()
  const other = open()
  other.exec('BEGIN IMMEDIATE')
  let tried = 0
  const work = () => {
    tried++
    db.exec('INSERT INTO numbers VALUES (3)')
  }
  let failure: unknown
  try {
    inTransaction(db, work)
  } catch (error) {
    failure = asSqliteFailure(error)
  }
  expect(failure).toMatchObject({ code: 'busy' })
  expect(tried).toBe(0)
  other.exec('ROLLBACK')
  inTransaction(db, work)
  expect(numbers()).toEqual([3])
})

test('a transaction that was busy at first is done when the file is free in time', () => {
  const { db, numbers } = fileWithOneTable()
  let tried = 0
  inTransaction(db, () => {
    db.exec('INSERT INTO numbers VALUES (4)')
    if (++tried < 3) throw new SqliteFailure('busy', 'database is locked')
  })
  expect(tried).toBe(3)
  expect(numbers()).toEqual([4])
})
