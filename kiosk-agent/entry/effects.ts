import type { Language, Outcome } from '../api/contract.ts'
import { type HealthAdapter, HealthError } from '../gateways/health/health-adapter.ts'
import type { Entry } from '../ledger/entries.ts'
import type { DecisionWriter } from './decision-writer.ts'
import type { DoorOptions } from './door.ts'
import type { HallLink } from './hall-link.ts'
import { startOfDay } from './hall-time.ts'
import type { Circumstances } from './judgement.ts'
import type { Decision, Effect, SessionEvent } from './session.ts'
import type { Settlement } from './settlement.ts'

type Needs = Pick<DoorOptions, 'terminal' | 'hall' | 'blindIndex' | 'record' | 'clock' | 'log'> & {
  readonly health: HealthAdapter
  readonly hallLink: HallLink
  readonly writer: DecisionWriter
  readonly settle: Settlement['settle']
  language(): Language
  circumstances(): Circumstances
  /** Feeds an answer back into the session. */
  dispatch(event: SessionEvent): void
  onHealthAnswer(answers: boolean): void
  onDecided(outcome: Omit<Outcome, 'remainingMs'>): void
  /** The ledger failed: nothing may be decided any more. */
  onFailure(error: unknown): void
}

export interface Effects {
  perform(effect: Effect): void
  /** Appends an entry that nothing waits for. */
  write(entry: Entry): void
  drained(): Promise<void>
}

const DAY_MS = 86_400_000

/** Carries out what the session asks for: questions to store and gateway, the claim, and the decision. */
export function createEffects(needs: Needs): Effects {
  const { clock, hall, hallLink, log, record, writer } = needs
  const running = new Set<Promise<unknown>>()
  let sessionEnds = new AbortController()

  /** Work fails only when the ledger does. */
  function run(work: Promise<unknown>): void {
    const watched = work.catch(needs.onFailure).finally(() => running.delete(watched))
    running.add(watched)
  }

  function endSession(): void {
    sessionEnds.abort()
    sessionEnds = new AbortController()
  }

  async function findAppointments({ sessionId, card }: Extract<Effect, { type: 'find-appointments' }>) {
    writer.know(sessionId, card.idNumber)
    const from = startOfDay(clock.now(), hall.utcOffsetMinutes)
    const holder = needs.blindIndex(card.idNumber)
    const [found] = await Promise.all([
      hallLink.appointmentsOf(holder, { from, to: from + DAY_MS }),
      hallLink.recount(),
    ])
    needs.dispatch({ type: 'appointments', sessionId, appointments: found ?? 'unavailable' })
  }

  async function verifyHealth({ sessionId, question, code }: Extract<Effect, { type: 'verify-health' }>) {
    const { signal } = sessionEnds
    try {
      const answer = await needs.health.verify(code, signal)
      needs.onHealthAnswer(true)
      needs.dispatch({ type: 'health', sessionId, question, answer })
    } catch (error) {
      if (signal.aborted) return
      const answer = error instanceof HealthError ? error.code : 'offline'
      needs.onHealthAnswer(answer === 'expired-code' || answer === 'not-a-health-code')
      log('no health result', { error })
      needs.dispatch({ type: 'health', sessionId, question, answer })
    }
  }

  async function claim(effect: Extract<Effect, { type: 'claim' }>) {
    const { nonce, sessionId, appointmentId, persons } = effect
    try {
      // The nonce is in the ledger before the store hears of it: a crash at any point can be settled afterwards.
      await record({ type: 'nonce', nonce, sessionId, appointmentId, persons })
    } catch (error) {
      needs.dispatch({ type: 'claim', nonce, answer: 'unavailable' })
      throw error
    }
    const order = { nonce, appointmentId, persons, terminalId: needs.terminal.id, at: clock.now() }
    const answer = await hallLink.claim(order)
    needs.dispatch({ type: 'claim', nonce, answer: answer ?? 'unavailable' })
  }

  async function decide(decision: Decision) {
    try {
      const outcome = await writer.write(decision, needs.language(), needs.circumstances())
      needs.onDecided(outcome)
    } catch (error) {
      // Nothing was told and the gate stays shut: the place goes back as soon as that can be written down.
      if (decision.nonce) needs.settle(decision.nonce, 'released')
      throw error
    }
    writer.carryOut(decision.sessionId)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'find-appointments':
        run(findAppointments(effect))
        break
      case 'verify-health':
        run(verifyHealth(effect))
        break
      case 'claim':
        run(claim(effect))
        break
      case 'decide':
        endSession()
        run(decide(effect.decision))
        break
      case 'end':
        endSession()
        writer.forget(effect.sessionId)
        run(record({ type: 'session-ended', sessionId: effect.sessionId, how: effect.how }))
        break
    }
  }

  return {
    perform,
    write: (entry) => run(record(entry)),
    async drained() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
