import type { Person } from '../evidence.ts'
import type { Verdict } from '../judgement.ts'

/** The visitor says the mask is on. */
export function judgeMask(person: Person): Verdict {
  return person.maskAttested ? { status: 'passed' } : { status: 'missing' }
}
