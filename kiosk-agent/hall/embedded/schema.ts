import type { DatabaseSync } from 'node:sqlite'
import { expectLayout } from '../../sqlite-worker/open-file.ts'
import { inTransaction } from '../../sqlite-worker/transaction.ts'
import { accountTables } from './accounts.ts'

/** The version of the tables, in the file's `user_version`. */
export const HALL_LAYOUT = 2

/** Embedded, one lease holds every right of the hall. */
export const WHOLE_HALL = 'whole-hall'

/**
 * Every table leads with the hall. What an appointment's status was at the booking system stands in `appointments`; that
 * it is checked in, or was, is told by a claim that `holds` it, and by nothing else. The unique index over `holds` alone
 * keeps one appointment from admitting twice, whoever asks at the same time. `claims_in_the_hall` keeps the head count as
 * quick after years as on the first day; the planner, knowing no sizes, has to be told to use it.
 */
const tables = `
  CREATE TABLE halls (
    hall_id  TEXT PRIMARY KEY,
    capacity INTEGER NOT NULL CHECK (capacity >= 0)
  ) STRICT;
  CREATE TABLE capacity_changes (
    hall_id  TEXT NOT NULL,
    number   INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    who      TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (hall_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE leases (
    hall_id TEXT NOT NULL,
    lease   TEXT NOT NULL,
    rights  INTEGER NOT NULL CHECK (rights >= 0),
    PRIMARY KEY (hall_id, lease)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE appointments (
    hall_id    TEXT NOT NULL,
    id         TEXT NOT NULL,
    holder     TEXT NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    item       TEXT NOT NULL,
    party_size INTEGER NOT NULL CHECK (party_size > 0),
    status     TEXT NOT NULL,
    PRIMARY KEY (hall_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX appointments_of_holder ON appointments (hall_id, holder, start_at);

  CREATE TABLE claims (
    hall_id        TEXT NOT NULL,
    nonce          TEXT NOT NULL,
    appointment_id TEXT NOT NULL,
    persons        INTEGER NOT NULL CHECK (persons > 0),
    gone           INTEGER NOT NULL DEFAULT 0 CHECK (gone BETWEEN 0 AND persons),
    terminal_id    TEXT NOT NULL,
    at             INTEGER NOT NULL,
    state          TEXT NOT NULL,
    lost_why       TEXT,
    holds          TEXT,
    began_at       INTEGER,
    PRIMARY KEY (hall_id, nonce)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX one_check_in_an_appointment ON claims (hall_id, holds) WHERE holds IS NOT NULL;
  CREATE INDEX claims_in_the_hall ON claims (hall_id, state, began_at)
    WHERE state IN ('granted', 'inside', 'unconfirmed');

  CREATE TABLE leavings (
    hall_id TEXT NOT NULL,
    nonce   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    PRIMARY KEY (hall_id, nonce, at)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (
    hall_id TEXT NOT NULL,
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (hall_id, name, version)
  ) STRICT;

  CREATE TABLE salts (
    hall_id    TEXT NOT NULL,
    commitment TEXT NOT NULL,
    salt       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (hall_id, commitment)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX salts_by_expiry ON salts (hall_id, expires_at);
`

/** What each layout has that the one before had not; a file of an older program is brought up step by step. */
const steps = [tables, accountTables]

export interface NewHall {
  readonly hallId: string
  /** Used when the hall is new in this file. */
  readonly capacity: number
  readonly at: number
}

/** Makes the tables and the hall where they are missing; several processes may do so at once. */
export function prepareHall(db: DatabaseSync, { hallId, capacity, at }: NewHall): void {
  // What was deleted is overwritten, not only forgotten: salts and holders must really go.
  db.exec('PRAGMA secure_delete = ON')
  inTransaction(db, () => {
    const found = expectLayout(db, HALL_LAYOUT, 1)
    for (const step of steps.slice(found)) db.exec(step)
    db.exec(`PRAGMA user_version = ${HALL_LAYOUT}`)
    const made = db.prepare('INSERT INTO halls VALUES (?, ?) ON CONFLICT DO NOTHING').run(hallId, capacity)
    if (made.changes === 0) return
    db.prepare('INSERT INTO leases VALUES (?, ?, ?)').run(hallId, WHOLE_HALL, capacity)
    db.prepare('INSERT INTO capacity_changes VALUES (?, 1, ?, ?, ?)').run(hallId, capacity, 'set-up', at)
  })
}
