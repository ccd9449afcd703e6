import { asSqliteFailure, type FailureCode } from '../sqlite-worker/failure.ts'

/**
 * Why the ledger could not be opened or written. The message names the file and says what to do.
 * `bad-entry`: not an entry of the closed list, nothing was written. `disk-full`: nothing was written, the ledger goes
 * on when there is room. `damaged`, `unreachable`, `lost`: this ledger writes no more until it is opened again.
 */
export type LedgerErrorCode =
  | 'in-use'
  | 'other-ledger'
  | 'disk-full'
  | 'damaged'
  | 'unreachable'
  | 'lost'
  | 'bad-entry'
  | 'closed'

export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly code: LedgerErrorCode
  constructor(code: LedgerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

const unreachable = [
  'unreachable',
  'the disk or its permissions refuse it; check the disk, then restart the agent',
] as const

/** Code and advice for what went wrong with the file. */
const advice: { readonly [Code in FailureCode]: readonly [LedgerErrorCode, string] } = {
  'disk-full': ['disk-full', 'the disk is full; free some space, nothing more can be admitted until then'],
  damaged: [
    'damaged',
    'the file is damaged; stop the agent, keep the file for the audit under another name, start with a new one',
  ],
  unexpected: [
    'damaged',
    'the file is not what this agent left; stop the agent and run "npm run ledger -- verify" on it',
  ],
  'in-use': ['in-use', 'another agent of this machine writes it; stop that one first'],
  refused: ['other-ledger', 'this terminal may not write it'],
  'worker-lost': ['lost', 'the thread that writes it ended; restart the agent'],
  'no-access': unreachable,
  busy: unreachable,
  io: unreachable,
}

/** Whatever went wrong with the ledger at `path`, told with what to do. */
export function asLedgerError(error: unknown, path: string): LedgerError {
  if (error instanceof LedgerError) return error
  const failure = asSqliteFailure(error)
  const [code, whatToDo] = advice[failure.code]
  return new LedgerError(code, `Ledger ${path}: ${whatToDo} (${failure.message})`, { cause: error })
}
