import type { Clock } from '../../../devices/lib/clock.ts'
import type { Me, SignInRefusal } from '../../api/technician-contract.ts'
import { type AccountRole, type HallAccount, lockAfter } from '../../hall/account-store.ts'
import type { HallStore } from '../../hall/hall-store.ts'
import type { Entry } from '../../ledger/entries.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Log } from '../../log.ts'
import type { Keys } from '../../privacy/keys.ts'
import { createPinHash } from './pin-hash.ts'

export type Authenticated =
  | { readonly me: Me }
  /** `known`: there is such an account; for the ledger, never for who asks. */
  | (SignInRefusal & { readonly known: boolean })

/** The accounts of the hall as a terminal works with them: PINs come in here and go no further. */
export interface Accounts {
  /** As last read from the store. */
  readonly all: readonly HallAccount[]
  authenticate(account: string, pin: string): Promise<Authenticated>
  /** The account of a set-up link: the very first, or one for whoever forgot the last PIN. */
  setUp(account: SetUpAccount, how: 'first' | 'recovered'): Promise<'made' | 'exists' | 'not-first'>
  add(account: SetUpAccount & { readonly role: AccountRole }, by: string): Promise<'added' | 'exists'>
  setDisabled(account: string, disabled: boolean, by: string): Promise<'done' | 'unknown' | 'last'>
  resetPin(account: string, pin: string, by: string): Promise<boolean>
  changeOwnPin(account: string, pin: string, newPin: string): Promise<boolean>
  refresh(): Promise<void>
}

export interface SetUpAccount {
  readonly account: string
  readonly name: string
  readonly pin: string
}

export interface AccountsOptions {
  readonly store: HallStore
  readonly keys: Keys
  readonly ledger: Pick<Ledger, 'append'>
  readonly clock: Clock
  readonly log: Log
  readonly cost: number | undefined
  changed(): void
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { clock, store } = options
  const hashes = createPinHash({ key: options.keys.derive('account-pin'), cost: options.cost })
  const strangers = new Strangers()
  let all: readonly HallAccount[] = []

  async function refresh(): Promise<void> {
    all = await store.accounts()
    options.changed()
  }

  async function changed(entry: Extract<Entry, { type: 'account' }>): Promise<void> {
    // What is changed is changed: who is told otherwise would try again, and find the name taken.
    await options.ledger
      .append(entry)
      .catch((error) => options.log('a change of an account was not recorded', { error }))
    await refresh()
  }

  async function authenticate(id: string, pin: string): Promise<Authenticated> {
    const attempt = await store.bookAttempt(id, clock.now())
    if (attempt.state === 'locked') return { error: 'locked', waitMs: attempt.waitMs, known: true }
    const account = await store.accountOf(id)
    if (attempt.state === 'unknown' || !account) return unknown(id, pin)
    if (!(await hashes.matches(id, pin, account.pin))) {
      await refresh()
      return { error: 'wrong', waitMs: attempt.waitMs, known: true }
    }
    await store.attemptSucceeded(id, clock.now())
    await refresh()
    const { name, role, mustChangePin } = account
    return account.disabled
      ? { error: 'disabled', known: true }
      : { me: { account: id, name, role, mustChangePin } }
  }

  /** Takes the same time and speaks of the same delays as an account that exists. */
  async function unknown(id: string, pin: string): Promise<Authenticated> {
    const now = clock.monotonic()
    const lockedMs = strangers.lockedMs(id, now)
    if (lockedMs > 0) return { error: 'locked', waitMs: lockedMs, known: false }
    const waitMs = strangers.failed(id, now)
    await hashes.matches(id, pin, undefined)
    const none = all.length === 0 && (await store.accounts()).length === 0
    return none ? { error: 'no-accounts', known: false } : { error: 'wrong', waitMs, known: false }
  }

  async function recover({ account, pin }: SetUpAccount): Promise<'made' | 'exists'> {
    const known = await store.accountOf(account)
    if (known?.role !== 'technician') return 'exists'
    await store.setPin(account, { pin: await hashes.make(account, pin), mustChangePin: false })
    await store.setDisabled(account, false)
    return 'made'
  }

  return {
    get all() {
      return all
    },
    refresh,
    authenticate,
    async setUp(given, how) {
      const { account: id, name } = given
      const pin = await hashes.make(id, given.pin)
      const account = { id, name, pin, role: 'technician', mustChangePin: false, at: clock.now() } as const
      const added = await store.addAccount(account, how === 'first' ? 'first' : 'any-time')
      if (added === 'not-first') return added
      if (added === 'exists' && (how === 'first' || (await recover(given)) === 'exists')) return 'exists'
      // Whoever sets an account up is signed in with it.
      await store.attemptSucceeded(id, clock.now())
      await changed({ type: 'account', account: id, what: how, role: 'technician', by: 'set-up' })
      return 'made'
    },
    async add({ account: id, name, role, ...given }, by) {
      const pin = await hashes.make(id, given.pin)
      const account = { id, name, role, pin, mustChangePin: true, at: clock.now() }
      if ((await store.addAccount(account, 'any-time')) !== 'added') return 'exists'
      await changed({ type: 'account', account: id, what: 'added', role, by })
      return 'added'
    },
    async setDisabled(account, disabled, by) {
      const answer = await store.setDisabled(account, disabled)
      if (answer === 'done')
        await changed({ type: 'account', account, what: disabled ? 'disabled' : 'enabled', by })
      return answer
    },
    async resetPin(account, pin, by) {
      const made = await hashes.make(account, pin)
      if (!(await store.setPin(account, { pin: made, mustChangePin: true }))) return false
      await changed({ type: 'account', account, what: 'pin-reset', by })
      return true
    },
    async changeOwnPin(account, pin, newPin) {
      if (!('me' in (await authenticate(account, pin)))) return false
      const made = await hashes.make(account, newPin)
      await store.setPin(account, { pin: made, mustChangePin: false })
      await changed({ type: 'account', account, what: 'pin-changed', by: account })
      return true
    },
  }
}

const MAXIMUM_STRANGERS = 500

/** Failed attempts at accounts that do not exist: in memory, so that guessing names fills no disk. */
class Strangers {
  readonly #tried = new Map<string, { failures: number; at: number }>()

  lockedMs(id: string, now: number): number {
    const tried = this.#tried.get(id)
    return tried ? Math.max(0, tried.at + lockAfter(tried.failures) - now) : 0
  }

  failed(id: string, now: number): number {
    const failures = (this.#tried.get(id)?.failures ?? 0) + 1
    this.#tried.delete(id)
    this.#tried.set(id, { failures, at: now })
    const [oldest] = this.#tried.keys()
    if (this.#tried.size > MAXIMUM_STRANGERS && oldest) this.#tried.delete(oldest)
    return lockAfter(failures)
  }
}
