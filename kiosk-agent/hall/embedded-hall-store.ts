import { dirname } from 'node:path'
import { type Clock, systemClock } from '../../devices/lib/clock.ts'
import { makeDurableFolder } from '../sqlite-worker/durable-folder.ts'
import { asSqliteFailure, type FailureCode } from '../sqlite-worker/failure.ts'
import { type SqliteWorker, startSqliteWorker } from '../sqlite-worker/host.ts'
import type { HallMethods } from './embedded/worker.ts'
import { type HallStore, StoreError } from './hall-store.ts'
import { expectAppointments, expectClaim, expectCount, expectTime, jsonText } from './orders.ts'

export interface EmbeddedHallStoreOptions {
  /** One file for all agents of this machine. */
  readonly path: string
  readonly hallId: string
  /** Used only when the hall is new in the file; `setCapacity` changes it later. */
  readonly capacity: number
  readonly clock?: Clock
  /** The file grows up to this; then writing fails as on a full disk. No limit unless told. */
  readonly maxBytes?: number
}

/**
 * The hall store of one machine: one SQLite file, used by several processes at once. Rejects with a StoreError; a mistake
 * of the caller (no whole number of persons, an appointment that ends before it starts) is a RangeError.
 */
export async function openEmbeddedHallStore(options: EmbeddedHallStoreOptions): Promise<HallStore> {
  const { path, hallId, capacity, clock = systemClock, maxBytes } = options
  expectCount(capacity, 'capacity', 0)
  const worker = startSqliteWorker<HallMethods>(new URL('./embedded/worker.ts', import.meta.url))
  try {
    await makeDurableFolder(dirname(path))
    await worker.ask('open', { path, hallId, capacity, at: clock.now(), maxBytes })
    return storeOn(worker, path)
  } catch (error) {
    await worker.stop()
    throw asStoreError(error, path)
  }
}

function storeOn(worker: SqliteWorker<HallMethods>, path: string): HallStore {
  let closing: Promise<void> | undefined

  const ask: SqliteWorker<HallMethods>['ask'] = async (name, ...args) => {
    if (closing !== undefined) throw new StoreError('closed', `Hall store ${path}: it is closed`)
    try {
      return await worker.ask(name, ...args)
    } catch (error) {
      throw asStoreError(error, path)
    }
  }

  return {
    headCount: () => ask('headCount'),
    appointmentsOf: (holder, from, to) => ask('appointmentsOf', holder, from, to),
    claim: async (order) => ask('claim', expectClaim(order)),
    claimOf: (nonce) => ask('claimOf', nonce),
    confirm: async (nonce, at) => ask('confirm', nonce, expectTime(at)),
    confirmUnseen: async (nonce, at) => ask('confirmUnseen', nonce, expectTime(at)),
    release: (nonce) => ask('release', nonce),
    slippedIn: async (order) => ask('slippedIn', expectClaim(order)),
    leave: async (order) => {
      expectCount(order.persons, 'persons', 1)
      expectTime(order.at)
      await ask('leave', order)
    },
    setCapacity: async (capacity, who, at) =>
      ask('setCapacity', expectCount(capacity, 'capacity', 0), who, expectTime(at)),
    putAppointments: async (appointments) => ask('putAppointments', expectAppointments(appointments)),
    document: (name) => ask('document', name),
    putDocument: async (name, body, who, at) =>
      ask('putDocument', { name, body: jsonText(body), who, at: expectTime(at) }),
    putSalt: async (commitment, salt, expiresAt) => ask('putSalt', commitment, salt, expectTime(expiresAt)),
    purgeSalts: (now) => ask('purgeSalts', now),

    accounts: () => ask('accounts'),
    accountOf: (id) => ask('accountOf', id),
    addAccount: (account, when) => ask('addAccount', account, when),
    setPin: (id, pin) => ask('setPin', id, pin),
    setDisabled: (id, disabled) => ask('setDisabled', id, disabled),
    bookAttempt: async (id, at) => ask('bookAttempt', id, expectTime(at)),
    attemptSucceeded: async (id, at) => ask('attemptSucceeded', id, expectTime(at)),

    close() {
      closing ??= worker
        .ask('close')
        // A thread that is gone has let the file go already.
        .catch(() => undefined)
        .then(() => worker.stop())
      return closing
    },
  }
}

const advice: { readonly [Code in FailureCode]: readonly [StoreError['code'], string] } = {
  busy: ['busy', 'another process holds it; try again'],
  'in-use': ['busy', 'another process holds it; try again'],
  'disk-full': ['disk-full', 'the disk is full; free some space'],
  damaged: ['damaged', 'the file is damaged; stop all agents of this machine and put back a copy'],
  refused: ['unreachable', 'this program may not use it'],
  'no-access': ['unreachable', 'it cannot be opened or written; check the folder and its permissions'],
  io: ['unreachable', 'the disk answers with errors; check the disk'],
  'worker-lost': ['unreachable', 'the thread that keeps it ended; restart the agent'],
  unexpected: ['damaged', 'the file does not take what this program writes'],
}

function asStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error
  const failure = asSqliteFailure(error)
  const [code, whatToDo] = advice[failure.code]
  return new StoreError(code, `Hall store ${path}: ${whatToDo} (${failure.message})`, { cause: error })
}
