import { SqliteFailure } from '../../sqlite-worker/failure.ts'
import { openDurableFile, setBusyTimeout } from '../../sqlite-worker/open-file.ts'
import { serve } from '../../sqlite-worker/serve.ts'
import type { Attempt, HallAccount, NewAccount, NewPin } from '../account-store.ts'
import type {
  Appointment,
  Claim,
  ClaimAnswer,
  ClaimOrder,
  HallDocument,
  HallStore,
  HeadCount,
} from '../hall-store.ts'
import * as accounts from './accounts.ts'
import { appointmentsOf, putAppointments } from './appointments.ts'
import { claim, claimOf, confirm, confirmUnseen, release } from './claims.ts'
import { document, putDocument } from './documents.ts'
import { type HallFile, hallFile } from './hall-file.ts'
import { headCount, setCapacity } from './head-count.ts'
import { leave } from './leaving.ts'
import { purgeSalts, putSalt } from './salts.ts'
import { type NewHall, prepareHall } from './schema.ts'
import { slippedIn } from './slipped-in.ts'

/** What the thread that keeps the hall's file can be asked; named after the port's methods. */
export interface HallMethods {
  open(order: OpenOrder): void
  headCount(): HeadCount
  appointmentsOf(holder: string, from: number, to: number): Appointment[]
  claim(order: ClaimOrder): ClaimAnswer
  claimOf(nonce: string): Claim | undefined
  confirm(nonce: string, at: number): void
  confirmUnseen(nonce: string, at: number): void
  release(nonce: string): void
  slippedIn(order: Parameters<HallStore['slippedIn']>[0]): void
  leave(order: Parameters<HallStore['leave']>[0]): void
  setCapacity(capacity: number, who: string, at: number): HeadCount
  putAppointments(appointments: readonly Appointment[]): void
  document(name: string): HallDocument | undefined
  putDocument(written: { name: string; body: string; who: string; at: number }): HallDocument
  putSalt(commitment: string, salt: string, expiresAt: number): void
  purgeSalts(now: number): number
  accounts(): HallAccount[]
  accountOf(id: string): (HallAccount & { pin: string }) | undefined
  addAccount(account: NewAccount, when: 'any-time' | 'first'): 'added' | 'exists' | 'not-first'
  setPin(id: string, pin: NewPin): boolean
  setDisabled(id: string, disabled: boolean): 'done' | 'unknown' | 'last'
  bookAttempt(id: string, at: number): Attempt
  attemptSucceeded(id: string, at: number): void
  close(): void
}

export interface OpenOrder extends NewHall {
  readonly path: string
  readonly maxBytes: number | undefined
}

/** Tried three times, so a caller waits a quarter of a second at most for a place it cannot get. */
const BUSY_TIMEOUT_MS = 80

let open: HallFile | undefined

serve<HallMethods>({
  open({ path, maxBytes, ...hall }) {
    const db = openDurableFile(path, maxBytes)
    try {
      prepareHall(db, hall)
      setBusyTimeout(db, BUSY_TIMEOUT_MS)
    } catch (error) {
      db.close()
      throw error
    }
    open = hallFile(db, hall.hallId)
  },
  headCount: () => headCount(file()),
  appointmentsOf: (holder, from, to) => appointmentsOf(file(), holder, from, to),
  claim: (order) => claim(file(), order),
  claimOf: (nonce) => claimOf(file(), nonce),
  confirm: (nonce, at) => confirm(file(), nonce, at),
  confirmUnseen: (nonce, at) => confirmUnseen(file(), nonce, at),
  release: (nonce) => release(file(), nonce),
  slippedIn: (order) => slippedIn(file(), order),
  leave: (order) => leave(file(), order),
  setCapacity: (capacity, who, at) => setCapacity(file(), capacity, who, at),
  putAppointments: (appointments) => putAppointments(file(), appointments),
  document: (name) => document(file(), name),
  putDocument: (written) => putDocument(file(), written),
  putSalt: (commitment, salt, expiresAt) => putSalt(file(), commitment, salt, expiresAt),
  purgeSalts: (now) => purgeSalts(file(), now),
  accounts: () => accounts.accounts(file()),
  accountOf: (id) => accounts.accountOf(file(), id),
  addAccount: (account, when) => accounts.addAccount(file(), account, when),
  setPin: (id, pin) => accounts.setPin(file(), id, pin),
  setDisabled: (id, disabled) => accounts.setDisabled(file(), id, disabled),
  bookAttempt: (id, at) => accounts.bookAttempt(file(), id, at),
  attemptSucceeded: (id, at) => accounts.attemptSucceeded(file(), id, at),
  close() {
    open?.db.close()
    open = undefined
  },
})

function file(): HallFile {
  if (open === undefined) throw new SqliteFailure('unexpected', 'the hall store is not open')
  return open
}
