/** Who may sign in to the terminals of a hall. The store keeps the hash of a PIN and never sees the PIN. */
export interface AccountStore {
  /** All accounts, by id. */
  accounts(): Promise<readonly HallAccount[]>

  /** One account with the hash of its PIN; undefined when there is none. */
  accountOf(id: string): Promise<(HallAccount & { readonly pin: string }) | undefined>

  /** `first`: only while the hall has no technician. */
  addAccount(account: NewAccount, when: 'any-time' | 'first'): Promise<'added' | 'exists' | 'not-first'>

  /** Gives an account a new PIN: what failed before is forgotten. False when there is no such account. */
  setPin(id: string, pin: NewPin): Promise<boolean>

  /** The last technician who can sign in cannot be disabled. */
  setDisabled(id: string, disabled: boolean): Promise<'done' | 'unknown' | 'last'>

  /**
   * Counts an attempt to sign in before its PIN is looked at, so that no crash and no second process makes a free one.
   * While the credential is locked nothing is counted, and the attempt must not be made.
   */
  bookAttempt(id: string, at: number): Promise<Attempt>

  /** The PIN of the attempt was right: what failed before is forgotten. */
  attemptSucceeded(id: string, at: number): Promise<void>
}

export type AccountRole = 'technician' | 'staff'

export interface HallAccount {
  readonly id: string
  readonly name: string
  readonly role: AccountRole
  readonly disabled: boolean
  /** Somebody else chose the PIN. */
  readonly mustChangePin: boolean
  /** Attempts since the last right one. */
  readonly failures: number
  /** Unix milliseconds, and may be past; undefined when failed attempts have not locked it. */
  readonly lockedUntil?: number | undefined
  readonly lastSignIn?: number | undefined
}

export interface NewAccount {
  readonly id: string
  readonly name: string
  readonly role: AccountRole
  /** As made by the caller: algorithm, its parameters, salt and hash in one text. */
  readonly pin: string
  readonly mustChangePin: boolean
  readonly at: number
}

export interface NewPin {
  readonly pin: string
  readonly mustChangePin: boolean
}

export type Attempt =
  /** Go on; `waitMs` is how long the credential is locked from now on if it fails. */
  | { readonly state: 'booked'; readonly waitMs: number }
  | { readonly state: 'locked'; readonly waitMs: number }
  | { readonly state: 'unknown' }

const FREE_ATTEMPTS = 2
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 15 * 60_000

/** How long a credential is locked after so many failed attempts in a row: 0, 0, 1, 2, 4, … s, at most a quarter of an hour. */
export function lockAfter(failures: number): number {
  if (failures <= FREE_ATTEMPTS) return 0
  // Past 2^31 the exponent alone would do; nobody waits for it.
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(30, failures - FREE_ATTEMPTS - 1))
}
