import type { Appointment } from '../hall-store.ts'
import type { HallFile } from './hall-file.ts'

interface AppointmentRow extends Omit<Appointment, 'item'> {
  readonly item: string
}

/** By start. Checked in, or fulfilled after that, is told by the claim that holds the appointment. */
export function appointmentsOf(file: HallFile, holder: string, from: number, to: number): Appointment[] {
  const rows = file.rows<AppointmentRow>(
    `SELECT a.id, a.holder, a.start_at AS start, a.end_at AS "end", a.item, a.party_size AS partySize,
       CASE c.state WHEN 'left' THEN 'fulfilled'
                    ELSE CASE WHEN c.state IS NULL THEN a.status ELSE 'checked-in' END END AS status
     FROM appointments a LEFT JOIN claims c ON c.hall_id = a.hall_id AND c.holds = a.id
     WHERE a.hall_id = ? AND a.holder = ? AND a.start_at < ? AND a.end_at > ? ORDER BY a.start_at, a.id`,
    holder,
    to,
    from,
  )
  return rows.map((row) => ({ ...row, item: JSON.parse(row.item) }))
}

/** Adds or replaces by id what the booking system says, all or none. */
export function putAppointments(file: HallFile, appointments: readonly Appointment[]): void {
  file.transaction(() => {
    for (const { id, holder, start, end, item, partySize, status } of appointments) {
      file.change(
        `INSERT INTO appointments VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (hall_id, id) DO UPDATE
         SET holder = ?3, start_at = ?4, end_at = ?5, item = ?6, party_size = ?7, status = ?8`,
        id,
        holder,
        start,
        end,
        JSON.stringify(item),
        partySize,
        status,
      )
    }
  })
}
