import { DatabaseSync } from 'node:sqlite'
import { hallFile } from './hall-file.ts'
import { headCount } from './head-count.ts'

export interface Audit {
  /** Each a sentence; empty when all is well. */
  readonly problems: readonly string[]
}

/**
 * Recomputes from the bare rows what must hold in a hall's file at every moment, whoever was killed at whatever point:
 * no right beyond the capacity, none lost, and no appointment that admitted twice.
 */
export function auditHallFile(path: string, hallId: string): Audit {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  try {
    // One read transaction: every question sees the same state.
    db.exec('BEGIN')
    return { problems: [...rightsProblems(db, hallId), ...appointmentProblems(db, hallId)] }
  } finally {
    db.close()
  }
}

function rightsProblems(db: DatabaseSync, hallId: string): string[] {
  const claims = db.prepare('SELECT state, persons, gone FROM claims WHERE hall_id = ?').all(hallId)
  const persons = (states: readonly unknown[]) =>
    claims
      .filter(({ state }) => states.includes(state))
      .reduce((sum, c) => sum + Number(c.persons) - Number(c.gone), 0)
  const rights = Number(db.prepare('SELECT sum(rights) AS n FROM leases WHERE hall_id = ?').get(hallId)?.n)
  const capacity = Number(
    db.prepare('SELECT capacity FROM capacity_changes WHERE hall_id = ? ORDER BY number DESC').get(hallId)
      ?.capacity,
  )
  const granted = persons(['granted'])
  const inside = persons(['inside', 'unconfirmed'])
  const told = headCount(hallFile(db, hallId))
  const sum = `${rights} free + ${granted} granted + ${inside} inside of ${capacity}`
  return [
    ...(rights < 0 ? [`negative rights: ${sum}`] : []),
    ...(rights > 0 && rights + granted + inside > capacity ? [`rights beyond the capacity: ${sum}`] : []),
    ...(rights + granted + inside < capacity ? [`rights were lost: ${sum}`] : []),
    ...(told.free === rights &&
    told.granted === granted &&
    told.inside === inside &&
    told.capacity === capacity
      ? []
      : [`the head count tells something else: ${JSON.stringify(told)} for ${sum}`]),
  ]
}

function appointmentProblems(db: DatabaseSync, hallId: string): string[] {
  const twice = db.prepare(
    `SELECT appointment_id AS id, count(*) AS n FROM claims
     WHERE hall_id = ? AND state IN ('granted', 'inside', 'unconfirmed', 'left') AND holds IS NOT NULL
     GROUP BY appointment_id HAVING count(*) > 1`,
  )
  const odd = db.prepare(
    `SELECT nonce FROM claims WHERE hall_id = ?
     AND ((state IN ('lost', 'released') AND (gone > 0 OR holds IS NOT NULL)) OR (state = 'left') <> (gone = persons))`,
  )
  return [
    ...twice.all(hallId).map(({ id, n }) => `appointment ${id} admitted ${n} times`),
    ...odd.all(hallId).map(({ nonce }) => `claim ${nonce} does not fit its state`),
  ]
}
