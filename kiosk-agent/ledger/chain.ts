import { createHash } from 'node:crypto'

/** The place of an entry in the chain. A noted head proves later that nothing up to it was changed or cut off. */
export interface Head {
  readonly seq: number
  /** Hex SHA-256. */
  readonly hash: string
}

/** What stands before the first entry. */
export const genesis: Head = { seq: 0, hash: '0'.repeat(64) }

/** A link of the chain before it is hashed. */
export interface Row {
  /** Unix milliseconds. */
  readonly at: number
  /** The entry as canonical JSON. */
  readonly body: string
}

/** The head after `row`: SHA-256 over previous hash, seq, at and body, one a line. None but the body can hold a line break. */
export function nextHead(previous: Head, { at, body }: Row): Head {
  const seq = previous.seq + 1
  const hash = createHash('sha256').update(`${previous.hash}\n${seq}\n${at}\n${body}`).digest('hex')
  return { seq, hash }
}

/**
 * JSON with sorted keys and no spaces: one value, one text (RFC 8785 for the values that entries are made of: strings,
 * safe integers, booleans, null, lists, objects).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
