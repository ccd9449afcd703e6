import type { Text } from '../api/contract.ts'
import type { AccountStore } from './account-store.ts'

/**
 * The one home of appointments, claims, entry rights, accounts and the head count of a hall. Several agents use one store at
 * once. Adapters: embedded (one SQLite file, several processes of one machine); others follow the same suite.
 *
 * Invariant, at every step and with any process killed at any point:
 *
 *     rights in all leases + persons of open grants + persons inside  ≤  capacity
 *
 * Every method rejects with a StoreError when the store cannot be reached; nothing was done then, except where said.
 * Times are Unix milliseconds, passed in by the caller. What a method resolved to has been synced.
 */
export interface HallStore extends AccountStore {
  /** How full the hall is. */
  headCount(): Promise<HeadCount>

  /** All appointments of one holder that touch [from, to), by start. `holder` is a blind index, never a number of a card. */
  appointmentsOf(holder: string, from: number, to: number): Promise<readonly Appointment[]>

  /**
   * Checks the appointment in and spends one entry right a person, at once or not at all. The nonce names the attempt:
   * the same nonce again answers what was decided the first time and spends nothing.
   */
  claim(order: ClaimOrder): Promise<ClaimAnswer>

  /** What became of a nonce; undefined when the store never saw it. */
  claimOf(nonce: string): Promise<Claim | undefined>

  /** The gate saw them pass: the visit begins. Also re-binds a claim that was released by time-out, if a right is left or not. */
  confirm(nonce: string, at: number): Promise<void>

  /** No proof either way: the persons count as inside, marked, until an exit or staff say otherwise. */
  confirmUnseen(nonce: string, at: number): Promise<void>

  /** The grant is taken back: rights and appointment return. No effect once the visit has begun. */
  release(nonce: string, at: number): Promise<void>

  /**
   * Somebody went in without a right: behind somebody else, or by force. Counts as inside, marked, and burns rights that
   * nobody has spent; what is more than the limit shows as `over`. The same nonce again counts nobody.
   */
  slippedIn(order: Omit<ClaimOrder, 'appointmentId'>): Promise<void>

  /** Somebody left through a counted exit. Ends the oldest unconfirmed visit first when `nonce` is not known. */
  leave(order: { readonly nonce?: string; readonly persons: number; readonly at: number }): Promise<void>

  /** Changes the limit; what exceeds it burns outstanding rights first and is reported in the answer. */
  setCapacity(capacity: number, who: string, at: number): Promise<HeadCount>

  /** Adds or replaces appointments by id; all of them or none. One that is checked in keeps its status. */
  putAppointments(appointments: readonly Appointment[]): Promise<void>

  /** The newest version of a document of the hall ("hall", "rules/epidemic-2020"); undefined when never written. */
  document(name: string): Promise<HallDocument | undefined>
  putDocument(name: string, body: unknown, who: string, at: number): Promise<HallDocument>

  /** Keeps a salt until `expiresAt`; without its salt a commitment in a ledger can be tied to nobody. */
  putSalt(commitment: string, salt: string, expiresAt: number): Promise<void>
  /** Deletes every salt that expired; tells how many. */
  purgeSalts(now: number): Promise<number>

  close(): Promise<void>
}

export interface HeadCount {
  readonly capacity: number
  /** Persons inside, with those marked unconfirmed. */
  readonly inside: number
  readonly unconfirmed: number
  /** Persons claimed for and not yet seen to pass. */
  readonly granted: number
  /** Rights nobody has spent. */
  readonly free: number
  /** More persons inside than the limit allows (a lowered limit, tailgating). */
  readonly over: number
}

/** FHIR Appointment's status words. */
export type AppointmentStatus = 'booked' | 'arrived' | 'checked-in' | 'fulfilled' | 'cancelled' | 'noshow'

export interface Appointment {
  readonly id: string
  /** Blind index of the holder's ID number. */
  readonly holder: string
  readonly start: number
  readonly end: number
  readonly item: Text
  /** With the holder; 1 for a person alone. */
  readonly partySize: number
  readonly status: AppointmentStatus
}

export interface ClaimOrder {
  readonly nonce: string
  readonly appointmentId: string
  readonly persons: number
  readonly terminalId: string
  readonly at: number
}

export type ClaimAnswer =
  | { readonly claimed: true }
  /** `taken`: the appointment is checked in already. `not-booked`: cancelled, closed or unknown meanwhile. */
  | { readonly claimed: false; readonly why: 'full' | 'taken' | 'not-booked' }

export interface Claim {
  readonly nonce: string
  /** '' of whoever slipped in. */
  readonly appointmentId: string
  readonly persons: number
  readonly terminalId: string
  readonly at: number
  /** `lost` keeps the answer of an attempt that got nothing. */
  readonly state: 'granted' | 'inside' | 'unconfirmed' | 'released' | 'left' | 'lost'
}

export interface HallDocument {
  readonly name: string
  readonly version: number
  readonly body: unknown
  readonly who: string
  readonly at: number
}

/** The store could not be reached or is damaged. `busy`: another process held it too long; try again. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: 'unreachable' | 'busy' | 'damaged' | 'disk-full' | 'closed'
  constructor(code: StoreError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
