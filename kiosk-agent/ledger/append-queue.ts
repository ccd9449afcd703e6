import type { Head, Row } from './chain.ts'
import { asLedgerError, type LedgerError } from './errors.ts'

interface Waiting {
  readonly rows: readonly Row[]
  readonly resolve: (heads: readonly Head[]) => void
  readonly reject: (error: LedgerError) => void
}

export interface GroupCommitOptions {
  readonly path: string
  /** The head of the file as it was opened. */
  readonly head: Head
  /** Aborts when nobody is left to commit. */
  readonly lost: AbortSignal
  /** Syncs all rows in one transaction or rejects. */
  commit(rows: readonly Row[]): Promise<readonly Head[]>
}

/**
 * Group commit: one transaction at a time; whatever is appended meanwhile goes into the next one together, so that a
 * slow disk is asked once for all of them.
 */
export function groupCommit({ path, head: openedAt, lost, commit }: GroupCommitOptions) {
  const failed = new AbortController()
  const listeners = new Set<(trouble: LedgerError | undefined) => void>()
  let head = openedAt
  let trouble: LedgerError | undefined
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  lost.addEventListener('abort', () => report(asLedgerError(lost.reason, path)))

  function report(error: LedgerError | undefined) {
    const changed = error?.code !== trouble?.code
    trouble = error
    // What was on its way when a disk or its file failed may or may not be there: only opening it again can tell.
    if (error && error.code !== 'disk-full' && !failed.signal.aborted) failed.abort(error)
    if (changed) for (const listener of listeners) listener(error)
  }

  async function commitAll() {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await commitGroup(group)
    }
    running = undefined
  }

  async function commitGroup(group: readonly Waiting[]) {
    try {
      failed.signal.throwIfAborted()
      const heads = await commit(group.flatMap(({ rows }) => rows))
      head = heads.at(-1) ?? head
      report(undefined)
      let from = 0
      for (const { rows, resolve } of group) {
        resolve(heads.slice(from, from + rows.length))
        from += rows.length
      }
    } catch (error) {
      const cause = asLedgerError(error, path)
      report(cause)
      for (const { reject } of group) reject(cause)
    }
  }

  return {
    failed: failed.signal,
    head: () => head,
    append(rows: readonly Row[]): Promise<readonly Head[]> {
      if (rows.length === 0) return Promise.resolve([])
      return new Promise((resolve, reject) => {
        waiting.push({ rows, resolve, reject })
        running ??= commitAll()
      })
    },
    onTrouble(listener: (trouble: LedgerError | undefined) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Resolves when nothing is waiting. */
    settled: async () => running,
  }
}
