import type { Clock } from '../../devices/lib/clock.ts'
import type { Appointment, ClaimAnswer, ClaimOrder, HallStore, HeadCount } from '../hall/hall-store.ts'
import type { Log } from '../log.ts'

/** An answer of the hall store later than this is no answer: the declared fallback applies. */
const ANSWER_LIMIT_MS = 300
const HEAD_COUNT_EVERY_MS = 2000

/** The hall store as the door asks it: every answer in time, or undefined. */
export interface HallLink {
  /** As last counted; undefined while the store does not answer. */
  readonly head: HeadCount | undefined
  recount(): Promise<void>
  appointmentsOf(
    holder: string,
    day: { from: number; to: number },
  ): Promise<readonly Appointment[] | undefined>
  claim(order: ClaimOrder): Promise<ClaimAnswer | undefined>
  /** Resolves when the store has answered a claim that was too late for us; at once when none is on its way. */
  claimAnswered(nonce: string): Promise<unknown>
  /** Counts again and again until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>
}

export interface HallLinkOptions {
  readonly store: Pick<HallStore, 'headCount' | 'appointmentsOf' | 'claim'>
  readonly clock: Clock
  readonly log: Log
  /** The head count changed. */
  onChange(): void
}

export function createHallLink({ store, clock, log, onChange }: HallLinkOptions): HallLink {
  const claiming = new Map<string, Promise<unknown>>()
  let head: HeadCount | undefined
  let silent = false
  let asked = 0
  let heard = 0

  async function inTime<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const over = new AbortController()
    const limit = clock.sleep(ANSWER_LIMIT_MS, over.signal).then(
      () => undefined,
      () => undefined,
    )
    try {
      return await Promise.race([ask(), limit])
    } catch (error) {
      if (!silent) log('the hall store does not answer', { error })
      return undefined
    } finally {
      over.abort()
    }
  }

  async function recount(): Promise<void> {
    const question = ++asked
    const counted = await inTime(() => store.headCount())
    // An older count that comes behind a newer one tells how full the hall was, not how full it is.
    if (question < heard) return
    heard = question
    silent = counted === undefined
    if (JSON.stringify(counted) === JSON.stringify(head)) return
    head = counted
    onChange()
  }

  function claim(order: ClaimOrder): Promise<ClaimAnswer | undefined> {
    return inTime(() => {
      const asking = store.claim(order)
      const answered = asking.then(
        () => {},
        () => {},
      )
      claiming.set(order.nonce, answered)
      void answered.then(() => claiming.delete(order.nonce))
      return asking
    })
  }

  return {
    get head() {
      return head
    },
    recount,
    appointmentsOf: (holder, { from, to }) => inTime(() => store.appointmentsOf(holder, from, to)),
    claim,
    claimAnswered: (nonce) => claiming.get(nonce) ?? Promise.resolve(),
    async watch(signal) {
      while (!signal.aborted) {
        await recount()
        await clock.sleep(HEAD_COUNT_EVERY_MS, signal).catch(() => {})
      }
    },
  }
}
