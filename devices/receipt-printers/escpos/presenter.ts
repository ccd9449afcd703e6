import type { PrinterFault } from '../../kinds.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dialogue } from './dialogue.ts'
import { type ExitState, type PresenterDialect, presenterDialect } from './presenter-dialects.ts'
import type { PrinterProfile } from './profile.ts'

/** What the hall wants done with slips nobody takes. */
export interface PresenterRules {
  readonly clearWithinMs: number
  readonly takeWithinMs: number
  readonly untaken: 'retract' | 'eject'
}

export interface PresenterSetting {
  readonly rules: PresenterRules
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Whether automatic status last told of a jam. */
  isJammed(): boolean
  /** Hears whether paper lies at the exit, whenever it was asked. */
  onExit(atExit: boolean): void
}

/**
 * `left`: nobody took it, and it still lies there. `unseen`: the slip was never seen at the exit, or the presenter
 * stopped answering.
 */
export type Handover = 'taken' | 'retracted' | 'ejected' | 'left' | 'jammed' | 'unseen'

export interface Presenter {
  /**
   * Before a slip: whoever forgot the last one may still take it, then it is removed. Undefined when the exit is free,
   * else why nothing may be printed. Rejects with the reason the link ended.
   */
  clearExit(dialogue: Dialogue): Promise<PrinterFault | undefined>
  /** After a slip was printed; `onHeldOut` hears when it lies at the exit. Never rejects. */
  awaitTaken(dialogue: Dialogue, onHeldOut: () => void): Promise<Handover>
}

const POLL_MS = 300
const APPEAR_MS = 3000
const MOVE_MS = 5000
const ANSWER_TIMEOUT_MS = 500
const ATTEMPTS = 3

/** Undefined for a printer without a presenter. */
export function presenterOf(profile: PrinterProfile, setting: PresenterSetting): Presenter | undefined {
  const dialect = presenterDialect(profile)
  if (!dialect) return undefined
  const { rules } = setting
  const exit = exitOf(dialect, setting)
  const canRemove = dialect.remove !== undefined

  async function watchTaken(dialogue: Dialogue, onHeldOut: () => void): Promise<Handover> {
    const seen = await exit.until(dialogue, (atExit) => atExit, APPEAR_MS)
    if (seen?.jammed) return 'jammed'
    if (!seen?.atExit) return 'unseen'
    onHeldOut()
    const last = await exit.until(dialogue, (atExit) => !atExit, rules.takeWithinMs)
    if (!last) return 'unseen'
    if (last.jammed) return 'jammed'
    if (!last.atExit) return 'taken'
    const cleared = await exit.clear(dialogue)
    if (!canRemove || cleared?.atExit !== false) return 'left'
    return rules.untaken === 'retract' ? 'retracted' : 'ejected'
  }

  return {
    async clearExit(dialogue) {
      const waited = await exit.until(dialogue, (atExit) => !atExit, rules.clearWithinMs)
      // Also while nothing is seen at the exit: a slip that was cut and never presented lies inside.
      const state = waited && !waited.jammed ? await exit.clear(dialogue) : waited
      if (!state) return 'no-answer'
      if (state.jammed) return 'paper-jam'
      return state.atExit ? 'exit-blocked' : undefined
    },
    awaitTaken: (dialogue, onHeldOut) => watchTaken(dialogue, onHeldOut).catch(() => 'unseen'),
  }
}

/** The exit as the presenter's answers tell of it. */
function exitOf(dialect: PresenterDialect, { rules, clock, signal, isJammed, onExit }: PresenterSetting) {
  async function askOnce(dialogue: Dialogue): Promise<number | undefined> {
    const { bytes, answer } = dialect.question
    if (answer === 'any-byte') return dialogue.askByte(bytes, ANSWER_TIMEOUT_MS)
    return dialogue.ask(bytes, (heard) => (heard.type === 'eot' ? heard.byte : undefined), ANSWER_TIMEOUT_MS)
  }

  /** Undefined when it does not answer. */
  async function ask(dialogue: Dialogue): Promise<ExitState | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const byte = await askOnce(dialogue)
      if (byte === undefined) continue
      const { atExit, jammed } = dialect.state(byte)
      onExit(atExit)
      return { atExit, jammed: jammed || isJammed() }
    }
    return undefined
  }

  /** The first state that is wanted, jammed or unknown; when the time is over, the last one. */
  async function until(dialogue: Dialogue, wanted: (atExit: boolean) => boolean, withinMs: number) {
    const end = clock.monotonic() + withinMs
    for (;;) {
      const state = await ask(dialogue)
      if (!state || state.jammed || wanted(state.atExit) || clock.monotonic() >= end) return state
      await clock.sleep(POLL_MS, signal)
    }
  }

  /** Takes away what lies there, where the presenter can; tells how it is then. */
  async function clear(dialogue: Dialogue): Promise<ExitState | undefined> {
    if (!dialect.remove) return ask(dialogue)
    await dialogue.send(dialect.remove[rules.untaken])
    return until(dialogue, (atExit) => !atExit, MOVE_MS)
  }

  return { until, clear }
}
