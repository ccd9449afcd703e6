import type { Clock } from '../../devices/lib/clock.ts'
import { guarded } from '../guarded.ts'
import type { Log } from '../log.ts'
import { createAlarm } from './alarm.ts'
import type { Equipment } from './equipment.ts'
import type { Person } from './evidence.ts'
import type { Circumstances } from './judgement.ts'
import type { Lane } from './lane.ts'
import type { ScreenState } from './screen-state.ts'
import { type Effect, idle, next, type Session, type SessionEvent, wakeAt } from './session.ts'
import { visitTime } from './visit-time.ts'

export interface SessionRunOptions {
  /** Names this run of the agent; part of every session id. */
  readonly epoch: string
  readonly clock: Clock
  readonly log: Log
  readonly screen: ScreenState
  readonly equipment: Equipment
  readonly lane: Pick<Lane, 'busy'>
  circumstances(): Circumstances
  perform(effect: Effect): void
  /** Nobody stands at the door any more. */
  onOver(sessionId: string, withCard: boolean): void
  onBegun(withCard: boolean): void
  /** The session or what is shown beside it may have changed. */
  onChange(): void
}

/** The pure session in real time: it is given events, what it asks for is done, and it is woken when time alone matters. */
export interface SessionRun {
  readonly session: Session
  /** Unix milliseconds of the visit: setting the machine's clock does not move it while a session runs. */
  now(): number
  dispatch(event: SessionEvent): void
  /** Call after changing what the screen shows for a time. */
  setAlarm(): void
  /** That session ended last, and nobody else's has begun since. */
  wasLast(sessionId: string): boolean
  stop(): void
}

export function createSessionRun(options: SessionRunOptions): SessionRun {
  const { clock, equipment, log, screen } = options
  const time = visitTime(clock)
  const alarm = createAlarm(clock, guarded(log, 'the door did not wake', wake))
  let session: Session = idle(options.epoch)

  function dispatch(event: SessionEvent): void {
    const before = session
    if (before.phase === 'idle') time.begin()
    const step = next(session, event, options.circumstances(), time.now())
    session = step.session
    equipment.attend(session.phase !== 'idle')
    // The line to the gate is kept free from here on: a poll under way must not delay the pulse.
    if (session.phase === 'committing' && !options.lane.busy) equipment.gate()?.holdPolling(true)
    for (const effect of step.effects) {
      if (effect.type === 'end') screen.clear()
      // What is decided is told and printed in the language of its visitor, so this comes before the next one's welcome.
      options.perform(effect)
      if (effect.type === 'decide') screen.decided()
    }
    if (session.phase !== 'idle' && (before.phase === 'idle' || before.id !== session.id)) {
      screen.welcome()
      options.onBegun(hasCard(session.persons))
    }
    const last = session.phase === 'idle' ? lastEnding(step.effects) : undefined
    if (last?.type === 'decide') options.onOver(last.decision.sessionId, hasCard(last.decision.persons))
    if (last?.type === 'end')
      options.onOver(last.sessionId, before.phase !== 'idle' && hasCard(before.persons))
    setAlarm()
    options.onChange()
  }

  /** Wakes at the next moment at which time alone changes something. */
  function setAlarm(): void {
    const [steady, now] = [clock.monotonic(), time.now()]
    const sessionMoment = wakeAt(session, options.circumstances(), now)
    alarm.set([
      ...screen.moments().map((moment) => moment - steady),
      ...(sessionMoment === undefined ? [] : [sessionMoment - now]),
    ])
  }

  function wake(): void {
    screen.expire(clock.monotonic(), session.phase !== 'idle')
    dispatch({ type: 'tick' })
  }

  return {
    get session() {
      return session
    },
    now: () => time.now(),
    dispatch,
    setAlarm,
    wasLast: (sessionId) => session.phase === 'idle' && sessionId === `${options.epoch}-${session.count}`,
    stop: () => alarm.stop(),
  }
}

function hasCard(persons: readonly Person[]): boolean {
  return persons.some(({ card }) => card !== undefined)
}

function lastEnding(effects: readonly Effect[]): Extract<Effect, { type: 'decide' | 'end' }> | undefined {
  return effects.findLast((effect) => effect.type === 'decide' || effect.type === 'end')
}
