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
  let head: HeadCount | undefined
  let silent = false

  async function inTime<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
    const over = new AbortController()
    const limit = clock.sleep(ANSWER_LIMIT_MS, over.signal).then(
      () => undefined,
      () => undefined,
    )
    try {
      return await Promise.race([asking, limit])
    } catch (error) {
      if (!silent) log('the hall store does not answer', { error })
      return undefined
    } finally {
      over.abort()
    }
  }

  async function recount(): Promise<void> {
    const counted = await inTime(store.headCount())
    silent = counted === undefined
    if (JSON.stringify(counted) === JSON.stringify(head)) return
    head = counted
    onChange()
  }

  return {
    get head() {
      return head
    },
    recount,
    appointmentsOf: (holder, { from, to }) => inTime(store.appointmentsOf(holder, from, to)),
    claim: (order) => inTime(store.claim(order)),
    async watch(signal) {
      while (!signal.aborted) {
        await recount()
        await clock.sleep(HEAD_COUNT_EVERY_MS, signal).catch(() => {})
      }
    },
  }
}
