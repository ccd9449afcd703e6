import type { HeadCount } from '../hall-store.ts'
import type { HallFile } from './hall-file.ts'
import { WHOLE_HALL } from './schema.ts'

/** Everything from one state of the file. Persons of a party who left already count no more. */
export function headCount(file: HallFile): HeadCount {
  const row = file.row<Omit<HeadCount, 'over'>>(
    `SELECT h.capacity,
       (SELECT sum(rights) FROM leases l WHERE l.hall_id = h.hall_id) AS free,
       ifnull(sum(c.persons - c.gone) FILTER (WHERE c.state IN ('inside', 'unconfirmed')), 0) AS inside,
       ifnull(sum(c.persons - c.gone) FILTER (WHERE c.state = 'unconfirmed'), 0) AS unconfirmed,
       ifnull(sum(c.persons - c.gone) FILTER (WHERE c.state = 'granted'), 0) AS granted
     FROM halls h LEFT JOIN claims c INDEXED BY claims_in_the_hall
       ON c.hall_id = h.hall_id AND c.state IN ('granted', 'inside', 'unconfirmed')
     WHERE h.hall_id = ? GROUP BY h.hall_id`,
  )
  if (row === undefined) throw new Error(`hall "${file.hallId}" is not in the file`)
  return { ...row, over: Math.max(0, row.inside - row.capacity) }
}

/**
 * Takes the rights of one claim, or none. The only way rights are spent: one statement that a second spender cannot come
 * between, and a column that cannot hold less than nothing.
 */
export function spendRights(file: HallFile, persons: number): boolean {
  return (
    file.change(
      'UPDATE leases SET rights = rights - ?2 WHERE hall_id = ?1 AND lease = ?3 AND rights >= ?2',
      persons,
      WHOLE_HALL,
    ) === 1
  )
}

/**
 * What is not claimed for and not inside is free; in a hall that is too full nothing is. Called inside the transaction
 * that ended, began or re-bound a visit or changed the limit, so rights come back only with the persons who held them.
 */
export function settleRights(file: HallFile): void {
  const { capacity, inside, granted } = headCount(file)
  const free = Math.max(0, capacity - inside - granted)
  file.change('UPDATE leases SET rights = ?2 WHERE hall_id = ?1 AND lease = ?3', free, WHOLE_HALL)
}

/** Writes down who changed the limit, and lets free rights follow it. */
export function setCapacity(file: HallFile, capacity: number, who: string, at: number): HeadCount {
  return file.transaction(() => {
    file.change('UPDATE halls SET capacity = ?2 WHERE hall_id = ?1', capacity)
    file.change(
      `INSERT INTO capacity_changes
       SELECT ?1, ifnull(max(number), 0) + 1, ?2, ?3, ?4 FROM capacity_changes WHERE hall_id = ?1`,
      capacity,
      who,
      at,
    )
    settleRights(file)
    return headCount(file)
  })
}
