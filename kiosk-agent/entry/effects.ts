import type { Language, Outcome } from '../api/contract.ts'
import { type HealthAdapter, HealthError } from '../gateways/health/health-adapter.ts'
import type { Entry } from '../ledger/entries.ts'
import type { DecisionWriter } from './decision-writer.ts'
import type { DoorOptions } from './door-contract.ts'
import type { HallLink } from './hall-link.ts'
import { startOfDay } from './hall-time.ts'
import type { Journal } from './journal.ts'
import type { Circumstances } from './judgement.ts'
import type { ClaimFacts, Decision, Effect, SessionEvent } from './session.ts'
import type { Settlement } from './settlement.ts'

type Needs = Pick<DoorOptions, 'terminal' | 'hall' | 'rules' | 'blindIndex' | 'record' | 'clock' | 'log'> & {
  readonly health: HealthAdapter
  readonly hallLink: HallLink
  readonly writer: DecisionWriter
  readonly settlement: Pick<Settlement, 'settle' | 'lost' | 'unused'>
  /** For what happened already, whether or not the ledger can take it now. */
  readonly journal: Journal
  language(): Language
  circumstances(): Circumstances
  /** Feeds an answer back into the session. */
  dispatch(event: SessionEvent): void
  onHealthAnswer(answers: boolean): void
  onDecided(outcome: Omit<Outcome, 'remainingMs'>): void
  /** The decision could not be written down: nobody was told, nothing was opened. */
  onUndecided(sessionId: string): void
}

export interface Effects {
  perform(effect: Effect): void
  drained(): Promise<void>
}

const DAY_MS = 86_400_000
/** Late in the evening somebody booked for after midnight is early, not without an appointment. */
const SOON_MS = 4 * 3_600_000

/** Carries out what the session asks for: questions to store and gateway, the claim, and the decision. */
export function createEffects(needs: Needs): Effects {
  const { clock, hall, hallLink, log, record, writer } = needs
  const running = new Set<Promise<unknown>>()
  let sessionEnds = new AbortController()
  /** The claim of the session that runs now, written down ahead of its last evidence. */
  let announced: { readonly facts: ClaimFacts; readonly written: Promise<unknown> } | undefined

  /** What fails here ends in no decision: the session waits for its time-out, and nobody is let in. */
  function run(work: Promise<unknown>): void {
    const watched = work
      .catch((error) => log('the door could not do what the session asked for', { error }))
      .finally(() => running.delete(watched))
    running.add(watched)
  }

  function endSession(): void {
    sessionEnds.abort()
    sessionEnds = new AbortController()
  }

  async function findAppointments({ sessionId, card }: Extract<Effect, { type: 'find-appointments' }>) {
    writer.know(sessionId, card.idNumber)
    const holder = needs.blindIndex(card.idNumber)
    const [found] = await Promise.all([
      hallLink.appointmentsOf(holder, daysAround(clock.now())),
      hallLink.recount(),
    ])
    needs.dispatch({ type: 'appointments', sessionId, appointments: found ?? 'unavailable' })
  }

  /** The hall's day, and across midnight whatever may still or already be used. */
  function daysAround(now: number): { from: number; to: number } {
    const { earlyMinutes, lateMinutes } = needs.rules.set.appointment
    const midnight = startOfDay(now, hall.utcOffsetMinutes)
    return {
      from: Math.min(midnight, now - lateMinutes * 60_000 - 1),
      to: Math.max(midnight + DAY_MS, now + earlyMinutes * 60_000 + 1, now + SOON_MS),
    }
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

  function announce(facts: ClaimFacts): void {
    const written = record(nonceEntry(facts))
    // Until the ledger takes it nobody is checked, so it is offered again; the claim itself does not wait for that.
    written.catch(() => needs.journal.write(nonceEntry(facts)))
    announced = { facts, written }
  }

  /** The nonce is in the ledger before the store hears of it: a crash at any point can be settled afterwards. */
  async function claimWritten(claim: ClaimFacts): Promise<void> {
    const { facts, written } = announced ?? {}
    const isSame = facts?.appointmentId === claim.appointmentId && facts.persons === claim.persons
    if (
      isSame &&
      (await written?.then(
        () => true,
        () => false,
      ))
    )
      return
    await record(nonceEntry(claim))
  }

  /** The session ends without a claim: what was announced for it comes to nothing. */
  function unannounce(): void {
    if (announced) needs.settlement.unused(announced.facts.nonce)
    announced = undefined
  }

  async function claim(effect: Extract<Effect, { type: 'claim' }>) {
    const { nonce, appointmentId, persons } = effect
    try {
      await claimWritten(effect)
    } catch (error) {
      log('a claim could not be written down, so nothing was claimed', { error })
      needs.settlement.lost(nonce, 'never-claimed')
      needs.dispatch({ type: 'claim', nonce, answer: 'unavailable' })
      return
    }
    const order = { nonce, appointmentId, persons, terminalId: needs.terminal.id, at: clock.now() }
    const answer = await hallLink.claim(order)
    if (answer?.claimed === false) needs.settlement.lost(nonce, answer.why)
    needs.dispatch({ type: 'claim', nonce, answer: answer ?? 'unavailable' })
  }

  async function decide(decision: Decision) {
    const { sessionId, nonce } = decision
    const outcome = await writer.write(decision, needs.language(), needs.circumstances()).catch((error) => {
      log('a decision could not be written down', { error })
      return undefined
    })
    if (outcome) {
      writer.carryOut(sessionId)
      return needs.onDecided(outcome)
    }
    // Nothing was told and the gate stays shut: the place goes back as soon as that can be written down.
    if (nonce !== undefined) needs.settlement.settle(nonce, 'released')
    void needs.journal.write({ type: 'session-ended', sessionId, how: 'cancelled' })
    needs.onUndecided(sessionId)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'find-appointments':
        run(findAppointments(effect))
        break
      case 'verify-health':
        run(verifyHealth(effect))
        break
      case 'announce':
        announce(effect)
        break
      case 'claim':
        run(claim(effect))
        break
      case 'decide':
        endSession()
        if (effect.decision.nonce === undefined) unannounce()
        announced = undefined
        run(decide(effect.decision))
        break
      case 'end':
        endSession()
        unannounce()
        writer.forget(effect.sessionId)
        void needs.journal.write({ type: 'session-ended', sessionId: effect.sessionId, how: effect.how })
        break
    }
  }

  return {
    perform,
    async drained() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

function nonceEntry({ nonce, sessionId, appointmentId, persons }: ClaimFacts): Entry {
  return { type: 'nonce', nonce, sessionId, appointmentId, persons }
}
