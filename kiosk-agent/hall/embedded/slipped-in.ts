import type { HallStore } from '../hall-store.ts'
import type { HallFile } from './hall-file.ts'
import { settleRights } from './head-count.ts'

/**
 * Somebody is inside who spent no right. Nobody throws them out, so rights that nobody has spent burn first, and what
 * then exceeds the limit shows in the head count. Marked unconfirmed: a contact saw somebody, and nobody knows whom.
 */
export function slippedIn(file: HallFile, order: Parameters<HallStore['slippedIn']>[0]): void {
  file.transaction(() => {
    const counted = file.change(
      `INSERT INTO claims (hall_id, nonce, appointment_id, persons, terminal_id, at, state, began_at)
       VALUES (?1, ?2, '', ?3, ?4, ?5, 'unconfirmed', ?5) ON CONFLICT DO NOTHING`,
      order.nonce,
      order.persons,
      order.terminalId,
      order.at,
    )
    if (counted > 0) settleRights(file)
  })
}
