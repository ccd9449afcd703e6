import type { Clock } from '../../../devices/lib/clock.ts'
import type { Verdict } from '../../ledger/verify.ts'
import type { VerifyMethods } from '../../ledger/verify-worker.ts'
import { startSqliteWorker } from '../../sqlite-worker/host.ts'
import { type Check, check } from './check.ts'

/** A million entries take seconds; a disk that needs longer for them is not waited for. */
const LIMIT_MS = 120_000

/** Follows the whole chain in a thread of its own. Undefined: it could not be judged in time. */
export async function verifyInThread(path: string, clock: Clock): Promise<Verdict | undefined> {
  const worker = startSqliteWorker<VerifyMethods>(new URL('../../ledger/verify-worker.ts', import.meta.url))
  const done = new AbortController()
  const limit = clock.sleep(LIMIT_MS, done.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([worker.ask('verify', path), limit])
  } finally {
    done.abort()
    await worker.stop()
  }
}

/** What the chain says, or why it says nothing. */
export function checkLedger(verdict: Verdict | undefined | Error): Promise<Check> {
  return check({ check: 'ledger' }, ({ good, limited, bad }) => {
    if (verdict === undefined) limited('ledger-not-judged', { why: `longer than ${LIMIT_MS / 1000} s` })
    else if (verdict instanceof Error) limited('ledger-not-judged', { why: verdict.message })
    else if (verdict.ok) good('ledger-sound', { entries: String(verdict.entries) })
    else bad('ledger-damaged', { entry: String(verdict.seq), why: verdict.why })
  })
}
