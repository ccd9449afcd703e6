import {
  type AccountRole,
  type Attempt,
  type HallAccount,
  lockAfter,
  type NewAccount,
  type NewPin,
} from '../account-store.ts'
import type { HallFile } from './hall-file.ts'

/** `locked_at` is the wall time the lock began: moved when the clock is found set back before it. */
export const accountTables = `
  CREATE TABLE accounts (
    hall_id         TEXT NOT NULL,
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('technician', 'staff')),
    pin             TEXT NOT NULL,
    must_change_pin INTEGER NOT NULL,
    disabled        INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0,
    locked_at       INTEGER,
    last_sign_in    INTEGER,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (hall_id, id)
  ) STRICT, WITHOUT ROWID;
`

interface Row {
  readonly id: string
  readonly name: string
  readonly role: AccountRole
  readonly pin: string
  readonly mustChangePin: number
  readonly disabled: number
  readonly failures: number
  readonly lockedAt: number | null
  readonly lastSignIn: number | null
}

const columns = `id, name, role, pin, must_change_pin AS mustChangePin, disabled, failures,
  locked_at AS lockedAt, last_sign_in AS lastSignIn`

export function accounts(file: HallFile): HallAccount[] {
  const rows = file.rows<Row>(`SELECT ${columns} FROM accounts WHERE hall_id = ? ORDER BY id`)
  return rows.map(account)
}

export function accountOf(file: HallFile, id: string): (HallAccount & { pin: string }) | undefined {
  const row = rowOf(file, id)
  return row && { ...account(row), pin: row.pin }
}

function rowOf(file: HallFile, id: string): Row | undefined {
  return file.row<Row>(`SELECT ${columns} FROM accounts WHERE hall_id = ? AND id = ?`, id)
}

function account({ lockedAt, failures, lastSignIn, ...row }: Row): HallAccount {
  const { id, name, role } = row
  const lock = lockAfter(failures)
  return {
    ...{ id, name, role, failures },
    disabled: row.disabled === 1,
    mustChangePin: row.mustChangePin === 1,
    ...(lockedAt === null || lock === 0 ? {} : { lockedUntil: lockedAt + lock }),
    ...(lastSignIn === null ? {} : { lastSignIn }),
  }
}

export function addAccount(
  file: HallFile,
  { id, name, role, pin, mustChangePin, at }: NewAccount,
  when: 'any-time' | 'first',
): 'added' | 'exists' | 'not-first' {
  return file.transaction(() => {
    const anyTechnician = `SELECT 1 AS found FROM accounts WHERE hall_id = ? AND role = 'technician' LIMIT 1`
    if (when === 'first' && file.row(anyTechnician)) return 'not-first'
    const added = file.change(
      `INSERT INTO accounts (hall_id, id, name, role, pin, must_change_pin, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ...[id, name, role, pin, mustChangePin ? 1 : 0, at],
    )
    return added === 1 ? 'added' : 'exists'
  })
}

export function setPin(file: HallFile, id: string, { pin, mustChangePin }: NewPin): boolean {
  return (
    file.change(
      `UPDATE accounts SET pin = ?3, must_change_pin = ?4, failures = 0, locked_at = NULL
       WHERE hall_id = ?1 AND id = ?2`,
      ...[id, pin, mustChangePin ? 1 : 0],
    ) === 1
  )
}

export function setDisabled(file: HallFile, id: string, disabled: boolean): 'done' | 'unknown' | 'last' {
  return file.transaction(() => {
    const known = rowOf(file, id)
    if (!known) return 'unknown'
    const others = `SELECT 1 AS found FROM accounts
      WHERE hall_id = ? AND role = 'technician' AND disabled = 0 AND id <> ? LIMIT 1`
    if (disabled && known.role === 'technician' && !file.row(others, id)) return 'last'
    file.change('UPDATE accounts SET disabled = ?3 WHERE hall_id = ?1 AND id = ?2', id, disabled ? 1 : 0)
    return 'done'
  })
}

export function bookAttempt(file: HallFile, id: string, at: number): Attempt {
  return file.transaction(() => {
    const known = rowOf(file, id)
    if (!known) return { state: 'unknown' }
    const waitMs = stillLocked(file, known, at)
    if (waitMs > 0) return { state: 'locked', waitMs }
    const failures = known.failures + 1
    file.change(
      'UPDATE accounts SET failures = ?3, locked_at = ?4 WHERE hall_id = ?1 AND id = ?2',
      ...[id, failures, at],
    )
    return { state: 'booked', waitMs: lockAfter(failures) }
  })
}

function stillLocked(file: HallFile, { id, failures, lockedAt }: Row, at: number): number {
  if (lockedAt === null) return 0
  const lock = lockAfter(failures)
  if (at >= lockedAt) return Math.max(0, lockedAt + lock - at)
  // The clock was set back: the lock begins again, or it would last until the clock is there again.
  file.change('UPDATE accounts SET locked_at = ?3 WHERE hall_id = ?1 AND id = ?2', id, at)
  return lock
}

export function attemptSucceeded(file: HallFile, id: string, at: number): void {
  file.change(
    'UPDATE accounts SET failures = 0, locked_at = NULL, last_sign_in = ?3 WHERE hall_id = ?1 AND id = ?2',
    ...[id, at],
  )
}
