import type { RuleSet } from '../../config/schemas/rule-set.ts'
import type { CardProblem, IdCard, TemperatureSample } from '../../devices/kinds.ts'
import type { HealthErrorCode, HealthResult } from '../gateways/health/health-adapter.ts'
import type { Appointment } from '../hall/hall-store.ts'
import { look, type TemperatureLook } from './rules/temperature.ts'

/** Everything known about one person at the door. Lives in memory, and only as long as the session. */
export interface Person {
  readonly openedAt: number
  readonly card?: IdCard
  readonly cardProblem?: CardProblem
  readonly cardProblems: number
  readonly appointments: 'not-asked' | 'asking' | 'unavailable' | readonly Appointment[]
  readonly health: HealthEvidence
  /** Questions put to the health gateway so far; an answer to an older one is dropped. */
  readonly questions: number
  /** Codes that could not be used so far. */
  readonly codesRejected: number
  readonly noPhone: boolean
  /** Samples of the look being taken. */
  readonly samples: readonly TimedSample[]
  readonly temperature?: TemperatureLook
  readonly maskAttested: boolean
}

export type HealthEvidence =
  | { readonly status: 'none' }
  | { readonly status: 'not-ours' } // a code was scanned that no adapter knows
  | { readonly status: 'asking' }
  | { readonly status: 'answered'; readonly result: HealthResult }
  | { readonly status: 'error'; readonly error: HealthErrorCode }

export interface TimedSample {
  readonly sample: TemperatureSample
  /** Unix milliseconds. */
  readonly takenAt: number
}

export type EvidenceEvent =
  | { readonly type: 'card'; readonly card: IdCard }
  | { readonly type: 'card-problem'; readonly problem: CardProblem }
  /** `code` is undefined when no adapter recognises what was scanned. */
  | { readonly type: 'code'; readonly code: string | undefined }
  | ({ readonly type: 'temperature' } & TimedSample)
  | { readonly type: 'mask-attested' }
  | { readonly type: 'no-phone' }
  | { readonly type: 'appointments'; readonly appointments: readonly Appointment[] | 'unavailable' }
  | { readonly type: 'health'; readonly question: number; readonly answer: HealthResult | HealthErrorCode }

/** A question the evidence raises, to be answered by an `appointments` or `health` event. */
export type Question =
  | { readonly type: 'find-appointments'; readonly card: IdCard }
  | { readonly type: 'verify-health'; readonly question: number; readonly code: string }

export interface Collected {
  readonly person: Person
  readonly questions: readonly Question[]
}

export function newPerson(openedAt: number): Person {
  return {
    openedAt,
    cardProblems: 0,
    appointments: 'not-asked',
    health: { status: 'none' },
    questions: 0,
    codesRejected: 0,
    noPhone: false,
    samples: [],
    maskAttested: false,
  }
}

/** Adds one piece of evidence to the person it belongs to. Of several readings of one check the newest counts. */
export function collect(person: Person, event: EvidenceEvent, rules: RuleSet): Collected {
  switch (event.type) {
    case 'card':
      return collectCard(person, event.card)
    case 'card-problem':
      if (person.card) return unchanged(person)
      return unchanged({ ...person, cardProblem: event.problem, cardProblems: person.cardProblems + 1 })
    case 'code':
      return collectCode(person, event.code)
    case 'temperature':
      return unchanged(collectTemperature(person, event, rules))
    case 'mask-attested':
      return unchanged({ ...person, maskAttested: true })
    case 'no-phone':
      return unchanged({ ...person, noPhone: true })
    case 'appointments':
      if (person.appointments !== 'asking') return unchanged(person)
      return unchanged({ ...person, appointments: event.appointments })
    case 'health':
      return unchanged(collectHealth(person, event))
  }
}

function unchanged(person: Person): Collected {
  return { person, questions: [] }
}

function collectCard(person: Person, card: IdCard): Collected {
  const { cardProblem: _, ...rest } = person
  if (Array.isArray(person.appointments) || person.appointments === 'asking') {
    return unchanged({ ...rest, card })
  }
  return {
    person: { ...rest, card, appointments: 'asking' },
    questions: [{ type: 'find-appointments', card }],
  }
}

function collectCode(person: Person, code: string | undefined): Collected {
  if (code === undefined) {
    // A stray code does not undo a result that is there already.
    if (person.health.status === 'answered' || person.health.status === 'asking') return unchanged(person)
    return unchanged({ ...person, health: { status: 'not-ours' } })
  }
  const question = person.questions + 1
  return {
    person: { ...person, questions: question, health: { status: 'asking' }, noPhone: false },
    questions: [{ type: 'verify-health', question, code }],
  }
}

function collectHealth(person: Person, event: Extract<EvidenceEvent, { type: 'health' }>): Person {
  if (event.question !== person.questions) return person
  const { answer } = event
  if (typeof answer === 'string') {
    const mendable = answer === 'expired-code' || answer === 'not-a-health-code'
    const codesRejected = person.codesRejected + (mendable ? 1 : 0)
    return { ...person, codesRejected, health: { status: 'error', error: answer } }
  }
  if (answer.codeExpired) {
    const codesRejected = person.codesRejected + 1
    return { ...person, codesRejected, health: { status: 'error', error: 'expired-code' } }
  }
  return { ...person, health: { status: 'answered', result: answer } }
}

function collectTemperature(person: Person, { sample, takenAt }: TimedSample, rules: RuleSet): Person {
  // Taken before this person was open: it belongs to nobody, so the last visitor's 36.5 can never admit the next.
  if (takenAt < person.openedAt) return person
  const fresh =
    person.temperature && takenAt < person.temperature.takenAt + rules.temperature.validSeconds * 1000
  if (fresh) return person
  const samples = [...person.samples, { sample, takenAt }].filter(
    (each) => takenAt - each.takenAt <= rules.temperature.withinMs,
  )
  const taken = look(samples, rules.temperature)
  return taken ? { ...person, samples: [], temperature: taken } : { ...person, samples }
}
