import type { Circumstances, Verdict } from '../judgement.ts'

/**
 * Is there a place? Only a forecast: the claim in the hall store decides. A count we do not have is left to the claim,
 * which fails by itself when the store is away.
 */
export function judgeCapacity(persons: number, { hall }: Circumstances): Verdict {
  if (hall.free === undefined || hall.free >= persons) return { status: 'passed' }
  return { status: 'failed', reason: { code: 'hall-full', capacity: hall.capacity } }
}
