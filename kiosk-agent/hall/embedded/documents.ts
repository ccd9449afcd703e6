import type { HallDocument } from '../hall-store.ts'
import type { HallFile } from './hall-file.ts'

interface DocumentRow extends Omit<HallDocument, 'body'> {
  readonly body: string
}

const NEWEST =
  'SELECT name, version, body, who, at FROM documents WHERE hall_id = ? AND name = ? ORDER BY version DESC'

/** The newest version. */
export function document(file: HallFile, name: string): HallDocument | undefined {
  const row = file.row<DocumentRow>(`${NEWEST} LIMIT 1`, name)
  return row && { ...row, body: JSON.parse(row.body) }
}

/** `body` is JSON text. Older versions stay. */
export function putDocument(file: HallFile, written: Omit<DocumentRow, 'version'>): HallDocument {
  return file.transaction(() => {
    const { name, body, who, at } = written
    const version = (file.row<DocumentRow>(`${NEWEST} LIMIT 1`, name)?.version ?? 0) + 1
    file.change('INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)', name, version, body, who, at)
    return { name, version, body: JSON.parse(body), who, at }
  })
}
