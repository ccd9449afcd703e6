import { isoTime, openingState } from '../hall-time.ts'
import type { Circumstances, Verdict } from '../judgement.ts'

/** Is the hall open now? */
export function judgeHours({ hall }: Circumstances, now: number): Verdict {
  const { open, opensAt } = openingState(hall, now)
  if (open) return { status: 'passed' }
  const when = opensAt === undefined ? {} : { opensAt: isoTime(opensAt, hall.utcOffsetMinutes) }
  return { status: 'failed', reason: { code: 'hall-closed', ...when } }
}
