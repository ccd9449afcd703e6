import { isUniqueViolation } from '../../sqlite-worker/failure.ts'
import type { AppointmentStatus, Claim, ClaimAnswer, ClaimOrder } from '../hall-store.ts'
import type { HallFile } from './hall-file.ts'
import { settleRights, spendRights } from './head-count.ts'

type LostWhy = Extract<ClaimAnswer, { claimed: false }>['why']
interface ClaimRow extends Claim {
  readonly lostWhy: LostWhy | null
}

const CLAIM = `SELECT nonce, appointment_id AS appointmentId, persons, terminal_id AS terminalId, at, state,
                      lost_why AS lostWhy FROM claims WHERE hall_id = ? AND nonce = ?`

/** Checks in and spends rights, at once or not at all; a nonce seen before is answered as the first time. */
export function claim(file: HallFile, order: ClaimOrder): ClaimAnswer {
  return file.transaction(() => {
    const before = file.row<ClaimRow>(CLAIM, order.nonce)
    if (before) return before.lostWhy ? { claimed: false, why: before.lostWhy } : { claimed: true }
    const why = attempt(file, order)
    if (why === undefined) return { claimed: true }
    keepLost(file, order, why)
    return { claimed: false, why }
  })
}

/** What became of a nonce; undefined for one that was never seen. */
export function claimOf(file: HallFile, nonce: string): Claim | undefined {
  const row = file.row<ClaimRow>(CLAIM, nonce)
  if (row === undefined) return undefined
  const { lostWhy, ...found } = row
  return found
}

/** The gate saw them pass. Proof that comes late overrules a release: they are inside, with a right or without. */
export function confirm(file: HallFile, nonce: string, at: number): void {
  file.transaction(() => {
    const late = file.row<ClaimRow>(CLAIM, nonce)?.state === 'released'
    const begun = file.change(
      `UPDATE claims SET state = 'inside', began_at = ifnull(began_at, ?3)
       WHERE hall_id = ?1 AND nonce = ?2 AND state IN ('granted', 'unconfirmed', 'released')`,
      nonce,
      at,
    )
    if (late) holdAgain(file, nonce)
    if (begun > 0) settleRights(file)
  })
}

/** No proof either way. A release stands until a passage proves it wrong. */
export function confirmUnseen(file: HallFile, nonce: string, at: number): void {
  file.change(
    `UPDATE claims SET state = 'unconfirmed', began_at = ?3 WHERE hall_id = ?1 AND nonce = ?2 AND state = 'granted'`,
    nonce,
    at,
  )
}

/** Nobody passed. Too late once a visit has begun. */
export function release(file: HallFile, nonce: string): void {
  file.transaction(() => {
    const released = file.change(
      `UPDATE claims SET state = 'released', holds = NULL
       WHERE hall_id = ? AND nonce = ? AND state = 'granted'`,
      nonce,
    )
    if (released > 0) settleRights(file)
  })
}

/** Why nothing was claimed; undefined when it was. */
function attempt(file: HallFile, order: ClaimOrder): LostWhy | undefined {
  if (!hold(file, order)) return 'taken'
  const status = file.row<{ status: AppointmentStatus }>(
    'SELECT status FROM appointments WHERE hall_id = ? AND id = ?',
    order.appointmentId,
  )?.status
  if (status === 'checked-in') return 'taken'
  if (status !== 'booked' && status !== 'arrived') return 'not-booked'
  return spendRights(file, order.persons) ? undefined : 'full'
}

/** Takes the appointment. Nothing is asked before: the unique index says whether it was free. */
function hold(file: HallFile, { nonce, appointmentId, persons, terminalId, at }: ClaimOrder): boolean {
  try {
    file.change(
      `INSERT INTO claims (hall_id, nonce, appointment_id, persons, terminal_id, at, state, holds)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'granted', ?3)`,
      nonce,
      appointmentId,
      persons,
      terminalId,
      at,
    )
    return true
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}

function keepLost(file: HallFile, order: ClaimOrder, why: LostWhy) {
  file.change(
    `INSERT INTO claims (hall_id, nonce, appointment_id, persons, terminal_id, at, state, lost_why)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'lost', ?7)
     ON CONFLICT (hall_id, nonce) DO UPDATE SET state = 'lost', lost_why = ?7, holds = NULL`,
    order.nonce,
    order.appointmentId,
    order.persons,
    order.terminalId,
    order.at,
    why,
  )
}

/** A claim that was released holds its appointment again, unless somebody else checked in with it meanwhile. */
export function holdAgain(file: HallFile, nonce: string): void {
  try {
    file.change('UPDATE claims SET holds = appointment_id WHERE hall_id = ? AND nonce = ?', nonce)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}
