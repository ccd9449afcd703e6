import type { Clock } from '../../devices/lib/clock.ts'
import type { Log } from '../log.ts'
import { withLimit } from '../with-limit.ts'
import type { Lane } from './lane.ts'
import type { ScreenState } from './screen-state.ts'
import type { SessionRun } from './session-run.ts'

/**
 * Whose the terminal is (XFS4IoT's VendorMode): `closing` ends or waits for the visitor who is there, `closed` belongs to
 * the technician: no evidence is taken and nothing of a visitor is under way.
 */
export type HandoverState = 'open' | 'closing' | 'closed'

export interface HandoverOptions {
  readonly run: SessionRun
  readonly screen: ScreenState
  readonly lane: Pick<Lane, 'drained' | 'busy'>
  readonly clock: Clock
  readonly log: Log
  /** What is still being decided and written down. */
  effectsDrained(): Promise<void>
  slipsDrained(): Promise<void>
  onChange(): void
}

export interface Handover {
  readonly state: HandoverState
  /** True while a visitor who is here may go on, or a new one may begin. */
  takesEvidence(): boolean
  /** `now` ends the session, `after-visitor` lets it come to its own end. Said again, `now` hurries it. */
  close(when: 'now' | 'after-visitor'): void
  open(): void
  /** Something of the door changed. */
  follow(): void
}

/** A slip that hangs keeps no technician from the printer. */
const SLIP_LIMIT_MS = 10_000

export function createHandover(options: HandoverOptions): Handover {
  const { run, screen, lane, clock, log } = options
  let state: HandoverState = 'open'
  let when: 'now' | 'after-visitor' = 'now'
  /** The session that may come to its end; every other one is a visitor who came too late. */
  let guest: string | undefined
  /** Each asking and giving back is a turn of its own; what an earlier one waited for counts no more. */
  let turn = 0
  let checking = false

  const sessionId = () => (run.session.phase === 'idle' ? undefined : run.session.id)
  const screenIsFree = () =>
    sessionId() === undefined && (when === 'now' || screen.outcomeAt(clock.monotonic()) === null)

  function endStrangers(): void {
    const current = sessionId()
    if (current !== undefined && (when === 'now' || current !== guest)) run.dispatch({ type: 'cancel' })
  }

  /** The decision is written, the lane has seen the person pass, the slip is out. */
  async function closeWhenQuiet(asked: number): Promise<void> {
    await options.effectsDrained()
    await lane.drained()
    await withLimit(clock, options.slipsDrained(), SLIP_LIMIT_MS)
    if (turn !== asked || state !== 'closing' || !screenIsFree() || lane.busy) return
    state = 'closed'
    screen.clear()
    options.onChange()
  }

  function check(): void {
    if (state !== 'closing' || checking) return
    checking = true
    endStrangers()
    const asked = turn
    if (!screenIsFree()) {
      checking = false
      return
    }
    closeWhenQuiet(asked)
      .catch((error) => log('the terminal could not be handed over', { error }))
      .finally(() => {
        checking = false
        // What came in between may have made it wait for something new.
        if (turn !== asked) check()
      })
  }

  return {
    get state() {
      return state
    },
    takesEvidence: () =>
      state === 'open' ||
      (state === 'closing' && when === 'after-visitor' && sessionId() === guest && guest !== undefined),
    close(wanted) {
      if (state === 'closed' || (state === 'closing' && when === 'now')) return
      turn++
      when = wanted
      guest = sessionId()
      state = 'closing'
      options.onChange()
      check()
    },
    open() {
      turn++
      state = 'open'
      options.onChange()
    },
    follow: check,
  }
}
