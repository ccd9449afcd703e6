import type { Person } from '../evidence.ts'
import { dayOf } from '../hall-time.ts'
import type { Circumstances, Verdict } from '../judgement.ts'

/** A card that could not be read so often goes to a person. */
const MAXIMUM_PROBLEMS = 5

/** A card was read and is valid today. */
export function judgeIdentity(person: Person, { hall }: Circumstances, now: number): Verdict {
  const { card, cardProblem, cardProblems } = person
  if (card) {
    const expired = card.validTo !== undefined && card.validTo < dayOf(now, hall.utcOffsetMinutes)
    return expired ? { status: 'failed', reason: { code: 'card-expired' } } : { status: 'passed' }
  }
  if (cardProblem === undefined) return { status: 'missing' }
  if (cardProblem === 'unknown-layout' || cardProblems >= MAXIMUM_PROBLEMS)
    return { status: 'failed', reason: { code: 'card-not-readable' } }
  return { status: 'attention', problem: cardProblem }
}
