import { createHash } from 'node:crypto'

const FIRST_PAUSE_MS = 60_000
const LONGEST_PAUSE_MS = 60 * 60_000

export interface Login {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
}

/**
 * Logins that were refused. Cameras lock an account for half an hour after five or seven wrong tries, so a wrong password
 * must not be tried again each second; another password is another login and may be tried at once. Kept in memory, as a hash.
 */
export class RefusedLogins {
  readonly #monotonic: () => number
  readonly #refused = new Map<string, { until: number; pauseMs: number }>()

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic
  }

  /** For so many milliseconds this login is not to be tried. */
  pauseMs(login: Login): number {
    const until = this.#refused.get(keyOf(login))?.until ?? 0
    return Math.max(0, until - this.#monotonic())
  }

  refuse(login: Login): void {
    const before = this.#refused.get(keyOf(login))?.pauseMs
    const pauseMs = before === undefined ? FIRST_PAUSE_MS : Math.min(before * 2, LONGEST_PAUSE_MS)
    this.#refused.set(keyOf(login), { until: this.#monotonic() + pauseMs, pauseMs })
  }

  accept(login: Login): void {
    this.#refused.delete(keyOf(login))
  }
}

function keyOf({ host, port, username, password }: Login): string {
  return createHash('sha256')
    .update(JSON.stringify([host, port, username, password]))
    .digest('hex')
}
