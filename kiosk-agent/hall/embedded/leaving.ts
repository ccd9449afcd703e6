import type { Claim, HallStore } from '../hall-store.ts'
import { holdAgain } from './claims.ts'
import type { HallFile } from './hall-file.ts'
import { settleRights } from './head-count.ts'

type Leaving = Parameters<HallStore['leave']>[0]
interface PartyRow {
  readonly nonce: string
  readonly state: Claim['state']
  /** Persons of the party who have not left. */
  readonly here: number
}

/** Somebody left: of the party of a known nonce, or of whoever may be inside. */
export function leave(file: HallFile, { nonce, persons, at }: Leaving): void {
  file.transaction(() => {
    if (nonce !== undefined && !isNews(file, nonce, persons, at)) return
    const party = nonce === undefined ? undefined : partyOf(file, nonce)
    if (party === undefined) leaveSomebody(file, persons, at)
    else endVisit(file, party, { persons, at })
    settleRights(file)
  })
}

/** The same leaving told twice is one leaving: same claim, same moment. */
function isNews(file: HallFile, nonce: string, persons: number, at: number): boolean {
  return (
    file.change('INSERT INTO leavings VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', nonce, at, persons) === 1
  )
}

function partyOf(file: HallFile, nonce: string): PartyRow | undefined {
  return file.row<PartyRow>(
    'SELECT nonce, state, persons - gone AS here FROM claims WHERE hall_id = ? AND nonce = ?',
    nonce,
  )
}

/** Unconfirmed visits end first: the one who leaves may be the one we never saw enter. Then the oldest. */
function leaveSomebody(file: HallFile, persons: number, at: number) {
  const parties = file.rows<PartyRow>(
    `SELECT nonce, state, persons - gone AS here FROM claims INDEXED BY claims_in_the_hall
     WHERE hall_id = ? AND state IN ('granted', 'inside', 'unconfirmed') AND state <> 'granted'
     ORDER BY state = 'inside', began_at, nonce LIMIT ?`,
    persons,
  )
  let left = persons
  for (const party of parties) left -= endVisit(file, party, { persons: left, at })
}

/**
 * Who leaves was inside, also when the way in was never seen or the grant was taken back; those of the party who stay
 * are inside from then on. Tells how many left.
 */
function endVisit(
  file: HallFile,
  { nonce, state, here }: PartyRow,
  { persons, at }: Omit<Leaving, 'nonce'>,
): number {
  if (state === 'lost' || here === 0) return 0
  const leaving = Math.min(persons, here)
  const after = leaving === here ? 'left' : state === 'unconfirmed' ? 'unconfirmed' : 'inside'
  file.change(
    `UPDATE claims SET gone = gone + ?3, state = ?4, began_at = ifnull(began_at, ?5) WHERE hall_id = ?1 AND nonce = ?2`,
    nonce,
    leaving,
    after,
    at,
  )
  if (state === 'released') holdAgain(file, nonce)
  return leaving
}
