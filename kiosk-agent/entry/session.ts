import type { IdCard } from '../../devices/kinds.ts'
import type { ClaimAnswer } from '../hall/hall-store.ts'
import { collect, type EvidenceEvent, newPerson, type Person, type Question } from './evidence.ts'
import { type Circumstances, conclude, judge, type Verdicts } from './judgement.ts'
import { inCanonicalOrder, type Reason, reasonFacts } from './reasons.ts'
import { usableAppointment } from './rules/appointment.ts'
import { endOf, noticed, timesFrom } from './session-time.ts'

/**
 * The entry session: the people who stand at the door now. Pure: `next` is given the time and returns the new session and
 * what is to be done; it never asks a clock, a device or a store. Rules propose; only a claim takes a place.
 *
 *   idle ──card or code──▶ collecting ──all checks passed──▶ committing ──claimed──▶ admit ──────────▶ idle
 *                              │  │                              └──lost──▶ refuse or assist ───────▶ idle
 *                              │  └──a check failed for good──▶ refuse or assist ───────────────────▶ idle
 *                              └──cancel, time-out, somebody else's card──▶ end ────────────────────▶ idle
 */
export type Session = IdleSession | OpenSession

export interface IdleSession {
  readonly phase: 'idle'
  /** Sessions so far; with `prefix` it names the next one. */
  readonly count: number
  /** Unique to this run of the agent, so that no two sessions of a terminal ever share an id. */
  readonly prefix: string
}

export interface OpenSession {
  readonly phase: 'collecting' | 'committing'
  readonly count: number
  readonly prefix: string
  readonly id: string
  /** Unix milliseconds; the session ends when nothing happens until then and nobody is seen. */
  readonly deadline: number
  /** Whoever is seen holds it open until then, and no longer. */
  readonly latest: number
  readonly present: boolean
  /** A party of one today. Every piece of evidence belongs to exactly one of them. */
  readonly persons: readonly [Person, ...Person[]]
  /** Index of the person whose evidence is being collected. */
  readonly current: number
  /** The claim that the ledger was told of while evidence is still missing, so that it waits for one sync less. */
  readonly announced?: ClaimFacts
  /** Laid down while we were committing: the next visitor was quick. */
  readonly nextCard?: IdCard
}

export type SessionEvent =
  | Exclude<EvidenceEvent, { type: 'appointments' | 'health' }>
  /** Answers to questions; those of another session are dropped. */
  | (Extract<EvidenceEvent, { type: 'appointments' | 'health' }> & { readonly sessionId: string })
  | { readonly type: 'claim'; readonly nonce: string; readonly answer: ClaimAnswer | 'unavailable' }
  | { readonly type: 'more-time' }
  | { readonly type: 'cancel' }
  | { readonly type: 'tick' }

/** What a claim will ask of the hall store. */
export interface ClaimFacts {
  readonly nonce: string
  readonly sessionId: string
  readonly appointmentId: string
  readonly persons: number
}

export type Effect =
  | (Question & { readonly sessionId: string })
  /** Only the rest of the evidence is missing: this claim will come, or the session ends without one. */
  | ({ readonly type: 'announce' } & ClaimFacts)
  | ({ readonly type: 'claim' } & ClaimFacts)
  | { readonly type: 'decide'; readonly decision: Decision }
  | { readonly type: 'end'; readonly sessionId: string; readonly how: 'cancelled' | 'timed-out' | 'replaced' }

export interface Decision {
  readonly sessionId: string
  readonly decision: 'admit' | 'refuse' | 'assist'
  /** Canonical order; empty exactly when admitted. */
  readonly reasons: readonly Reason[]
  readonly persons: readonly Person[]
  /** Present when a claim was tried. */
  readonly nonce?: string
}

export interface Step {
  readonly session: Session
  readonly effects: readonly Effect[]
}

export function idle(prefix: string): IdleSession {
  return { phase: 'idle', count: 0, prefix }
}

/** One step. Late, foreign and meaningless events change nothing. */
export function next(session: Session, event: SessionEvent, circumstances: Circumstances, now: number): Step {
  if (session.phase === 'idle') return begin(session, event, circumstances, now)
  if (session.phase === 'committing')
    return commit(noticed(session, circumstances, now), event, circumstances, now)
  if (event.type === 'cancel') return end(session, 'cancelled')
  if (now >= endOf(session)) {
    // Whatever comes after the time-out, even within the same millisecond, belongs to whoever comes next.
    return andThen(end(session, 'timed-out'), event, circumstances, now)
  }
  if (event.type === 'card' && isSomebodyElse(event.card, session)) {
    return andThen(end(session, 'replaced'), event, circumstances, now)
  }
  return gather(noticed(session, circumstances, now), event, circumstances, now)
}

/** The verdict on each check of each person: what the screen shows and decisions are made of. */
export function verdictsOf(session: OpenSession, circumstances: Circumstances, now: number): Verdicts[] {
  return session.persons.map((person) => judge(person, circumstances, now))
}

/** When a session changes by time alone, Unix milliseconds; undefined when it never does. */
export function wakeAt(session: Session, { rules }: Circumstances, now: number): number | undefined {
  if (session.phase !== 'collecting') return undefined
  const { openedAt, temperature } = currentPerson(session)
  const ends = endOf(session)
  const moments = [
    ends - rules.session.warnSeconds * 1000,
    ends - rules.session.idleSeconds * 1000,
    openedAt + rules.temperature.closerAfterSeconds * 1000,
    ...(temperature ? [temperature.takenAt + rules.temperature.validSeconds * 1000] : []),
  ]
  return Math.min(ends, ...moments.filter((moment) => moment > now))
}

export function currentPerson(session: OpenSession): Person {
  return session.persons[session.current] ?? session.persons[0]
}

function begin(session: IdleSession, event: SessionEvent, circumstances: Circumstances, now: number): Step {
  if (event.type !== 'card' && event.type !== 'code' && event.type !== 'card-problem')
    return { session, effects: [] }
  const count = session.count + 1
  const opened: OpenSession = {
    phase: 'collecting',
    count,
    prefix: session.prefix,
    id: `${session.prefix}-${count}`,
    ...timesFrom(now, circumstances),
    present: circumstances.present ?? false,
    persons: [newPerson(now)],
    current: 0,
  }
  return gather(opened, event, circumstances, now)
}

/** Takes an event in while collecting, and concludes when everything is known. */
function gather(session: OpenSession, event: SessionEvent, circumstances: Circumstances, now: number): Step {
  const { type } = event
  if (type === 'claim' || type === 'cancel') return { session, effects: [] }
  if (type === 'tick') return decideIfPossible(session, [], circumstances, now)
  if (type === 'more-time') return { session: extended(session, circumstances, now), effects: [] }
  if ('sessionId' in event && event.sessionId !== session.id) return { session, effects: [] }
  const { person, questions } = collect(currentPerson(session), event, circumstances.rules)
  const changed = withCurrent(session, person)
  const collected = type === 'temperature' ? changed : extended(changed, circumstances, now)
  const effects = questions.map((question) => ({ ...question, sessionId: session.id }))
  return decideIfPossible(collected, effects, circumstances, now)
}

function decideIfPossible(
  session: OpenSession,
  effects: readonly Effect[],
  circumstances: Circumstances,
  now: number,
): Step {
  const conclusion = conclude(verdictsOf(session, circumstances, now))
  if (conclusion.type === 'open') return { session, effects }
  if (conclusion.type === 'only-rest-missing') return announce(session, effects, circumstances, now)
  if (conclusion.type === 'refuse') {
    const decided = decide(session, conclusion.reasons)
    return { session: decided.session, effects: [...effects, ...decided.effects] }
  }
  // A place behind a gate that cannot open helps nobody: nothing is claimed then.
  const appointment = usableAppointment(session.persons[0], circumstances, now)
  if (!appointment || !circumstances.hall.available.gate) {
    const decided = decide(session, [{ code: 'gate-unavailable' }])
    return { session: decided.session, effects: [...effects, ...decided.effects] }
  }
  const claim: Effect = { type: 'claim', ...claimFacts(session, appointment) }
  return { session: { ...session, phase: 'committing' }, effects: [...effects, claim] }
}

/** Announced once: a change of mind (another appointment came into its time) is written down with the claim itself. */
function announce(
  session: OpenSession,
  effects: readonly Effect[],
  circumstances: Circumstances,
  now: number,
): Step {
  const appointment = usableAppointment(session.persons[0], circumstances, now)
  if (session.announced || !appointment) return { session, effects }
  const announced = claimFacts(session, appointment)
  return { session: { ...session, announced }, effects: [...effects, { type: 'announce', ...announced }] }
}

function claimFacts(session: OpenSession, appointment: { readonly id: string }): ClaimFacts {
  return {
    nonce: nonceOf(session),
    sessionId: session.id,
    appointmentId: appointment.id,
    persons: session.persons.length,
  }
}

/** While committing nothing can be cancelled or time out; only the claim's answer counts. */
function commit(session: OpenSession, event: SessionEvent, circumstances: Circumstances, now: number): Step {
  if (event.type === 'card' && isSomebodyElse(event.card, session))
    return { session: { ...session, nextCard: event.card }, effects: [] }
  if (event.type !== 'claim' || event.nonce !== nonceOf(session)) return { session, effects: [] }
  const decided = decide(session, lossOf(event.answer, circumstances), event.nonce)
  return session.nextCard
    ? andThen(decided, { type: 'card', card: session.nextCard }, circumstances, now)
    : decided
}

function lossOf(answer: ClaimAnswer | 'unavailable', { hall }: Circumstances): readonly Reason[] {
  if (answer === 'unavailable') return [{ code: 'store-unavailable' }]
  if (answer.claimed) return []
  switch (answer.why) {
    case 'full':
      return [{ code: 'hall-full', capacity: hall.capacity }]
    case 'taken':
      return [{ code: 'appointment-used' }]
    case 'not-booked':
      return [{ code: 'appointment-cancelled' }]
  }
}

function decide(session: OpenSession, reasons: readonly Reason[], nonce?: string): Step {
  const refused = reasons.some(({ code }) => reasonFacts[code].decision === 'refuse')
  const decision: Decision = {
    sessionId: session.id,
    decision: reasons.length === 0 ? 'admit' : refused ? 'refuse' : 'assist',
    reasons: inCanonicalOrder(reasons),
    persons: session.persons,
    ...(nonce === undefined ? {} : { nonce }),
  }
  return { session: closed(session), effects: [{ type: 'decide', decision }] }
}

function end(session: OpenSession, how: 'cancelled' | 'timed-out' | 'replaced'): Step {
  return { session: closed(session), effects: [{ type: 'end', sessionId: session.id, how }] }
}

function andThen(step: Step, event: SessionEvent, circumstances: Circumstances, now: number): Step {
  const following = next(step.session, event, circumstances, now)
  return { session: following.session, effects: [...step.effects, ...following.effects] }
}

function closed({ count, prefix }: OpenSession): IdleSession {
  return { phase: 'idle', count, prefix }
}

function extended(session: OpenSession, circumstances: Circumstances, now: number): OpenSession {
  return { ...session, ...timesFrom(now, circumstances) }
}

function withCurrent(session: OpenSession, person: Person): OpenSession {
  const [first, ...rest] = session.persons.map((each, at) => (at === session.current ? person : each))
  return first ? { ...session, persons: [first, ...rest] } : session
}

/** One claim a session: the nonce is the session's own. */
function nonceOf({ id }: OpenSession): string {
  return `${id}-claim`
}

function isSomebodyElse(card: IdCard, session: OpenSession): boolean {
  const { card: known } = currentPerson(session)
  return known !== undefined && known.idNumber !== card.idNumber
}
