import type { Clock } from '../../devices/lib/clock.ts'
import type { Claim, HallStore } from '../hall/hall-store.ts'
import type { Entry, StoredEntry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'

export type Ending = 'inside' | 'unconfirmed' | 'released'

export interface SettlementOptions {
  readonly store: Pick<HallStore, 'claimOf' | 'confirm' | 'confirmUnseen' | 'release'>
  readonly clock: Clock
  readonly log: Log
  record(...entries: Entry[]): Promise<unknown>
  /** Ends the retries when the agent stops; whatever is open then is settled at the next start. */
  readonly signal: AbortSignal
}

export interface Settlement {
  /** Tells the store how a claim ended and writes that down; keeps trying while the store is away. */
  settle(nonce: string, how: Ending): void
  /** Settles what a former run of the agent left open. Resolves when everything is settled. */
  settleFormerRuns(entries: readonly StoredEntry[]): Promise<void>
  drained(): Promise<void>
}

const RETRY_MS = 1000

/**
 * Brings each claim of this terminal to its end in the hall store. The ledger says what this terminal did, the store what
 * became of the right; a nonce is open from its `nonce` entry to its `settled` entry, across any number of restarts.
 */
export function createSettlement({ store, clock, log, record, signal }: SettlementOptions): Settlement {
  const running = new Set<Promise<void>>()

  async function tell(nonce: string, how: Ending): Promise<void> {
    const at = clock.now()
    if (how === 'inside') await store.confirm(nonce, at)
    else if (how === 'unconfirmed') await store.confirmUnseen(nonce, at)
    else await store.release(nonce, at)
    await record({ type: 'settled', nonce, result: how === 'inside' ? 'claimed' : how })
  }

  async function untilDone(work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        return await work()
      } catch (error) {
        log('a claim could not be settled yet', { error })
        await clock.sleep(RETRY_MS, signal).catch(() => {})
      }
    }
  }

  async function settleFormer({ nonce, traces }: OpenNonce): Promise<void> {
    const claim = await store.claimOf(nonce)
    if (claim?.state === 'granted') {
      const how = endingOf(traces)
      const grantId = traces.find((entry) => entry.type === 'grant')?.grantId
      const ended = traces.some((entry) => entry.type === 'grant-ended')
      if (grantId && !ended) {
        await record({ type: 'grant-ended', grantId, how: grantEnding[how] })
      }
      return tell(nonce, how)
    }
    await record({ type: 'settled', nonce, result: resultOf(claim) })
  }

  return {
    settle(nonce, how) {
      const work = untilDone(() => tell(nonce, how)).finally(() => running.delete(work))
      running.add(work)
    },
    async settleFormerRuns(entries) {
      for (const open of openNonces(entries)) await untilDone(() => settleFormer(open))
    },
    async drained() {
      await Promise.all(running)
    },
  }
}

interface OpenNonce {
  readonly nonce: string
  /** What the ledger says about its grant, in order. */
  readonly traces: readonly Entry[]
}

const grantEnding = { inside: 'passed', unconfirmed: 'unconfirmed', released: 'not-opened' } as const

function openNonces(entries: readonly StoredEntry[]): OpenNonce[] {
  const open = new Map<string, Entry[]>()
  const nonceOfGrant = new Map<string, string>()
  for (const { entry } of entries) {
    if (entry.type === 'nonce') open.set(entry.nonce, [])
    else if (entry.type === 'settled') open.delete(entry.nonce)
    else if (entry.type === 'grant') {
      nonceOfGrant.set(entry.grantId, entry.nonce)
      open.get(entry.nonce)?.push(entry)
    } else if ('grantId' in entry && entry.grantId !== null) {
      open.get(nonceOfGrant.get(entry.grantId) ?? '')?.push(entry)
    }
  }
  return [...open].map(([nonce, traces]) => ({ nonce, traces }))
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

function resultOf(claim: Claim | undefined): Extract<Entry, { type: 'settled' }>['result'] {
  switch (claim?.state) {
    case undefined:
    case 'lost':
      return 'never-claimed'
    case 'released':
      return 'released'
    case 'unconfirmed':
      return 'unconfirmed'
    case 'granted':
    case 'inside':
    case 'left':
      return 'claimed'
  }
}
