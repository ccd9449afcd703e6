import type { Clock } from '../../devices/lib/clock.ts'
import type { Claim, ClaimAnswer, HallStore } from '../hall/hall-store.ts'
import type { Entry, StoredEntry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import { isHopeless } from './journal.ts'

export type Ending = 'inside' | 'unconfirmed' | 'released'

/** What the store answered to a claim that got nothing. */
export type Loss = Extract<ClaimAnswer, { claimed: false }>['why']

export interface SettlementOptions {
  readonly store: Pick<HallStore, 'claimOf' | 'confirm' | 'confirmUnseen' | 'release' | 'slippedIn'>
  readonly terminalId: string
  readonly clock: Clock
  readonly log: Log
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  /** Resolves when nothing that was asked about this claim is still on its way to the store. */
  claimAnswered?(nonce: string): Promise<unknown>
  /** Ends the retries when the agent stops; whatever is open then is settled at the next start. */
  readonly signal: AbortSignal
}

export interface Settlement {
  /** Tells the store how a claim ended and writes that down; keeps trying while the store is away. */
  settle(nonce: string, how: Ending): void
  /** Writes down that a claim got nothing, or was never tried; there is nothing to give back then. */
  lost(nonce: string, why: Loss | 'never-claimed'): void
  /** Writes down that a claim which was announced never came. */
  unused(nonce: string): void
  /** Counts somebody in the hall who went in without a right; the passage with this nonce is in the ledger. */
  slippedIn(nonce: string): void
  /** Settles what a former run of the agent left open. Resolves when everything is settled, or the agent stops. */
  settleFormerRuns(entries: readonly StoredEntry[]): Promise<void>
  drained(): Promise<void>
}

type Result = Extract<Entry, { type: 'settled' }>['result']

const RETRY_MS = 1000

/**
 * Brings each claim of this terminal to its end in the hall store. The ledger says what this terminal did, the store what
 * became of the right; a nonce is open from its `nonce` entry to its `settled` entry, across any number of restarts.
 */
export function createSettlement(options: SettlementOptions): Settlement {
  const { store, clock, log, record, signal } = options
  /** The work on each nonce, one thing after the other: a passage that comes late must not be overtaken by the release. */
  const running = new Map<string, Promise<void>>()
  const gotNothing = new Set<string>()

  async function tell(nonce: string, how: Ending, at: number): Promise<void> {
    if (how === 'inside') await store.confirm(nonce, at)
    else if (how === 'unconfirmed') await store.confirmUnseen(nonce, at)
    else await store.release(nonce, at)
  }

  /** False when the agent stops first: then the nonce stays open in the ledger. */
  async function nothingOnItsWay(nonce: string): Promise<boolean> {
    // A release that overtakes its own claim would find nothing, and the claim would keep its place for ever.
    const answered = options.claimAnswered?.(nonce).then(
      () => true,
      () => true,
    )
    return answered === undefined || Promise.race([answered, aborted(signal).then(() => false)])
  }

  /** Tries once at least, also when the agent stops already. */
  async function untilDone(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work()
        return
      } catch (error) {
        log('a claim could not be settled yet', { error })
        if (signal.aborted || isHopeless(error)) return
        await clock.sleep(RETRY_MS, signal).catch(() => {})
        if (signal.aborted) return
      }
    }
  }

  function after(nonce: string, work: () => Promise<void>): void {
    const turn = (running.get(nonce) ?? Promise.resolve()).then(work)
    const watched = turn.finally(() => {
      if (running.get(nonce) === watched) running.delete(nonce)
    })
    running.set(nonce, watched)
  }

  function close(nonce: string, result: Result): void {
    after(nonce, () => untilDone(() => record({ type: 'settled', nonce, result })))
  }

  async function countIn(nonce: string, at: number): Promise<void> {
    await store.slippedIn({ nonce, persons: 1, terminalId: options.terminalId, at })
    await record({ type: 'settled', nonce, result: 'slipped-in' })
  }

  async function settleFormer(open: OpenNonce): Promise<void> {
    if (open.traces.some((entry) => entry.type === 'passage' && entry.nonce !== undefined))
      return countIn(open.nonce, open.at)
    const claim = await store.claimOf(open.nonce)
    const how = endingFor(claim?.state, open.traces)
    if (how !== undefined) await tell(open.nonce, how, clock.now())
    const { grantEnding, result } = closing(how ?? claim?.state, open.traces)
    const grant = open.traces.find((entry) => entry.type === 'grant')
    const ended = open.traces.some((entry) => entry.type === 'grant-ended')
    const end: Entry[] =
      grant && !ended ? [{ type: 'grant-ended', grantId: grant.grantId, how: grantEnding }] : []
    await record(...end, { type: 'settled', nonce: open.nonce, result })
  }

  return {
    settle(nonce, how) {
      if (gotNothing.delete(nonce)) return
      const at = clock.now()
      after(nonce, async () => {
        if (!(await nothingOnItsWay(nonce))) return
        await untilDone(async () => {
          await tell(nonce, how, at)
          await record({ type: 'settled', nonce, result: how === 'inside' ? 'claimed' : how })
        })
      })
    },
    lost(nonce, why) {
      gotNothing.add(nonce)
      close(nonce, why)
    },
    slippedIn(nonce) {
      const at = clock.now()
      after(nonce, () => untilDone(() => countIn(nonce, at)))
    },
    unused: (nonce) => close(nonce, 'never-claimed'),
    async settleFormerRuns(entries) {
      for (const open of openNonces(entries)) await untilDone(() => settleFormer(open))
    },
    async drained() {
      await Promise.all(running.values())
    },
  }
}

interface OpenNonce {
  readonly nonce: string
  /** Unix milliseconds of its first entry. */
  readonly at: number
  /** What the ledger says about its grant, in order. */
  readonly traces: readonly Entry[]
}

interface Nonce {
  readonly entries: StoredEntry[]
  settled: boolean
}

/** Nonces without an end, and those whose right went back although a later passage proves that somebody is inside. */
function openNonces(entries: readonly StoredEntry[]): OpenNonce[] {
  return [...noncesIn(entries)].flatMap(([nonce, { entries, settled }]) =>
    settled ? [] : [{ nonce, at: entries[0]?.at ?? 0, traces: entries.map(({ entry }) => entry) }],
  )
}

/** Only the entries that may still matter to `settleFormerRuns`, so that a long ledger can be read in pages. */
export function stillOpen(entries: readonly StoredEntry[]): StoredEntry[] {
  return [...noncesIn(entries).values()].flatMap(({ entries }) => entries).sort((a, b) => a.seq - b.seq)
}

function noncesIn(entries: readonly StoredEntry[]): Map<string, Nonce> {
  const nonces = new Map<string, Nonce>()
  const ofGrant = new Map<string, Nonce>()
  for (const stored of entries) {
    const { entry } = stored
    const nonce = nonceOf(entry, nonces, ofGrant)
    nonce?.entries.push(stored)
    if (!nonce) continue
    if (entry.type === 'grant') ofGrant.set(entry.grantId, nonce)
    if (entry.type === 'settled') nonce.settled = true
    if (entry.type === 'passage') nonce.settled = false
    // Nothing that comes later can change these ends.
    if (entry.type === 'settled' && entry.result !== 'released' && entry.result !== 'unconfirmed')
      nonces.delete(entry.nonce)
  }
  return nonces
}

function nonceOf(entry: Entry, nonces: Map<string, Nonce>, ofGrant: Map<string, Nonce>): Nonce | undefined {
  switch (entry.type) {
    case 'nonce':
      return begun(entry.nonce, nonces)
    case 'settled':
    case 'grant':
      return nonces.get(entry.nonce)
    case 'passage':
      if (entry.nonce !== undefined) return begun(entry.nonce, nonces)
      return entry.grantId === null ? undefined : ofGrant.get(entry.grantId)
    case 'pulse':
    case 'grant-ended':
      return entry.grantId === null ? undefined : ofGrant.get(entry.grantId)
    default:
      return undefined
  }
}

/** Announced, offered again while the ledger failed, or claimed otherwise than announced: it is one nonce all the same. */
function begun(nonce: string, nonces: Map<string, Nonce>): Nonce {
  const known = nonces.get(nonce) ?? { entries: [], settled: false }
  nonces.set(nonce, known)
  return known
}

/** What the store must still be told; undefined when it knows the end already. */
function endingFor(state: Claim['state'] | undefined, traces: readonly Entry[]): Ending | undefined {
  const proven = endingOf(traces)
  if (state === 'granted') return proven
  return proven === 'inside' && (state === 'released' || state === 'unconfirmed') ? proven : undefined
}

/** What the traces of a grant prove. Without a grant the gate was never commanded; without proof somebody is inside. */
function endingOf(traces: readonly Entry[]): Ending {
  const has = (type: Entry['type']) => traces.some((entry) => entry.type === type)
  if (!has('grant')) return 'released'
  if (has('passage')) return 'inside'
  for (const entry of traces) {
    if (entry.type === 'pulse' && entry.outcome === 'not-sent') return 'released'
    if (entry.type === 'grant-ended' && entry.how === 'passed') return 'inside'
    if (entry.type === 'grant-ended' && entry.how !== 'unconfirmed') return 'released'
  }
  return 'unconfirmed'
}

/** How grant and nonce are closed in the ledger, by what the store knows now. */
function closing(
  end: Ending | Claim['state'] | undefined,
  traces: readonly Entry[],
): { grantEnding: Extract<Entry, { type: 'grant-ended' }>['how']; result: Result } {
  const opened = traces.some((entry) => entry.type === 'pulse' && entry.outcome !== 'not-sent')
  switch (end) {
    case undefined:
    case 'lost':
      return { grantEnding: 'not-opened', result: 'never-claimed' }
    case 'released':
      return { grantEnding: opened ? 'timed-out' : 'not-opened', result: 'released' }
    case 'unconfirmed':
      return { grantEnding: 'unconfirmed', result: 'unconfirmed' }
    case 'granted':
    case 'inside':
    case 'left':
      return { grantEnding: 'passed', result: 'claimed' }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
