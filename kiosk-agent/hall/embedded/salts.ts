import type { HallFile } from './hall-file.ts'

/** Keeps a salt; written again it keeps it longer or shorter. */
export function putSalt(file: HallFile, commitment: string, salt: string, expiresAt: number): void {
  file.change(
    `INSERT INTO salts VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (hall_id, commitment) DO UPDATE SET salt = ?3, expires_at = ?4`,
    commitment,
    salt,
    expiresAt,
  )
}

/** Deletes what expired, so that its bytes are in no file of this store any more; tells how many. */
export function purgeSalts(file: HallFile, now: number): number {
  const purged = file.change('DELETE FROM salts WHERE hall_id = ? AND expires_at <= ?', now)
  // The write-ahead log still holds pages from before: it is emptied. While another process reads, that is left to the
  // next purge, which is why it happens also when nothing expired.
  file.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  return purged
}
