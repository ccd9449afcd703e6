import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { asSqliteFailure } from '../sqlite-worker/failure.ts'
import { layoutOf } from '../sqlite-worker/open-file.ts'
import { genesis, type Head, nextHead } from './chain.ts'
import { entrySchema } from './entries.ts'
import { asLedgerError, LedgerError } from './errors.ts'
import { type FileRow, LEDGER_LAYOUT } from './file.ts'
import { isSigned } from './proof-signature.ts'

export type Verdict =
  /** `latestAt`: the latest time any entry bears, Unix milliseconds. */
  | { readonly ok: true; readonly entries: number; readonly head: Head; readonly latestAt: number }
  /** `seq`: the first entry that is not as it was written; 0 when the file itself is broken. */
  | { readonly ok: false; readonly seq: number; readonly why: string }

/**
 * Reads a whole ledger and follows its chain; also one that an agent is just writing. Blocks: not for an agent's main
 * thread. The chain alone cannot show that its end was cut off: give `noted`, the hash of a head written down earlier.
 * Throws a LedgerError when there is no ledger to judge.
 */
export function verifyLedger(path: string, noted?: string): Verdict {
  const db = openForReading(path)
  try {
    return fileVerdict(db) ?? chainVerdict(db, noted)
  } catch (error) {
    const failure = asSqliteFailure(error)
    if (failure.code !== 'damaged' && failure.code !== 'unexpected') throw asLedgerError(error, path)
    return { ok: false, seq: 0, why: `the file is damaged: ${failure.message}` }
  } finally {
    db.close()
  }
}

/** What is wrong with the morning proofs of a ledger whose chain is sound, and by which keys they were signed. */
export function verifyProofs(path: string): {
  readonly count: number
  readonly keys: string[]
  readonly wrong: string[]
} {
  const db = openForReading(path)
  try {
    const rows = db.prepare("SELECT seq, body FROM entries WHERE type = 'morning-proof' ORDER BY seq").all()
    const hashAt = db.prepare('SELECT hash FROM entries WHERE seq = ?')
    const keys = new Set<string>()
    const wrong = rows.flatMap(({ seq, body }) => {
      const { data } = entrySchema.safeParse(JSON.parse(String(body)))
      if (data?.type !== 'morning-proof') return [`entry ${seq} is no morning proof this program knows`]
      keys.add(data.publicKey)
      if (!isSigned(data)) return [`the signature of the morning proof in entry ${seq} is not right`]
      const same = hashAt.get(data.head.seq)?.hash === data.head.hash && data.head.seq < Number(seq)
      return same ? [] : [`the morning proof in entry ${seq} was signed over another ledger`]
    })
    return { count: rows.length, keys: [...keys], wrong }
  } catch (error) {
    throw asLedgerError(error, path)
  } finally {
    db.close()
  }
}

/** The newest entries of a ledger, oldest first, as they stand in the file. Throws a LedgerError. */
export function lastRows(path: string, count: number): readonly FileRow[] {
  const db = openForReading(path)
  try {
    const select = db.prepare('SELECT seq, at, body, hash FROM entries ORDER BY seq DESC LIMIT ?')
    return (select.all(count) as unknown as FileRow[]).reverse()
  } catch (error) {
    throw asLedgerError(error, path)
  } finally {
    db.close()
  }
}

function openForReading(path: string): DatabaseSync {
  if (!existsSync(path)) throw new LedgerError('unreachable', `Ledger ${path}: there is no such file`)
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  } catch (error) {
    throw asLedgerError(error, path)
  }
}

function fileVerdict(db: DatabaseSync): Verdict | undefined {
  const layout = layoutOf(db)
  if (layout > LEDGER_LAYOUT) {
    throw new LedgerError(
      'other-ledger',
      `the ledger has layout ${layout}, this program knows ${LEDGER_LAYOUT}`,
    )
  }
  const answer = db.prepare('PRAGMA integrity_check(1)').get()?.integrity_check
  return answer === 'ok' ? undefined : { ok: false, seq: 0, why: `the file is damaged: ${answer}` }
}

function chainVerdict(db: DatabaseSync, noted: string | undefined): Verdict {
  let head = genesis
  let seen = noted === undefined
  let latestAt = 0
  // One statement sees one state of the file, however much is appended meanwhile.
  for (const found of db.prepare('SELECT seq, at, body, hash FROM entries ORDER BY seq').iterate()) {
    const row = found as unknown as FileRow
    const next = nextHead(head, row)
    if (row.seq > next.seq) return { ok: false, seq: next.seq, why: 'the entry is missing' }
    if (row.seq < next.seq) return { ok: false, seq: row.seq, why: 'the entry does not belong there' }
    if (row.hash !== next.hash) {
      return { ok: false, seq: row.seq, why: 'the entry, or the one before it, is not as it was written' }
    }
    if (row.seq === 1 && !row.body.includes('"type":"ledger-opened"')) {
      return { ok: false, seq: 1, why: 'the ledger does not begin with its opening' }
    }
    if (row.hash === noted) seen = true
    latestAt = Math.max(latestAt, row.at)
    head = next
  }
  const why =
    head.seq === 0 ? 'the ledger is empty' : 'the noted head is not in it: its end was cut off or replaced'
  return seen && head.seq > 0
    ? { ok: true, entries: head.seq, head, latestAt }
    : { ok: false, seq: head.seq + 1, why }
}
