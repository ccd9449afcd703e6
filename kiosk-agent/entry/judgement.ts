import type { Hall } from '../../config/schemas/hall.ts'
import type { RuleSet } from '../../config/schemas/rule-set.ts'
import type { CardProblem } from '../../devices/kinds.ts'
import type { Person } from './evidence.ts'
import { type CheckName, checkNames, type Reason } from './reasons.ts'
import { judgeAppointment } from './rules/appointment.ts'
import { judgeCapacity } from './rules/capacity.ts'
import { judgeHealth } from './rules/health.ts'
import { judgeHours } from './rules/hours.ts'
import { judgeIdentity } from './rules/identity.ts'
import { judgeMask } from './rules/mask.ts'
import { judgeTemperature } from './rules/temperature.ts'

/** What one check says about one person. Only `passed` is a pass; `missing`, `working` and `attention` are still open. */
export type Verdict =
  | { readonly status: 'missing' }
  | { readonly status: 'working' }
  | {
      readonly status: 'attention'
      readonly problem: CardProblem | 'stand-closer' | 'unknown-code' | 'expired-code' | 'not-a-health-code'
    }
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly reason: Reason }

/** The verdicts of the checks this door asks for. */
export type Verdicts = { readonly [Check in CheckName]?: Verdict }

/** What a decision is made of besides the evidence. */
export interface Circumstances {
  readonly rules: RuleSet
  readonly hall: HallFacts
  /** Whether somebody is seen before the kiosk; undefined without a sensor. Keeps a session open, and decides nothing. */
  readonly present?: boolean | undefined
}

export interface HallFacts extends Pick<Hall, 'hours' | 'utcOffsetMinutes'> {
  readonly capacity: number
  /** Entry rights nobody has spent; undefined while the hall store does not answer. */
  readonly free: number | undefined
  /** Devices and services that can judge now. */
  readonly available: { readonly thermometer: boolean; readonly gate: boolean }
}

/** The checks that a card alone answers. One of them failing ends it: nobody shows a code for an appointment they lack. */
const atOnce: ReadonlySet<CheckName> = new Set(['hours', 'identity', 'appointment', 'capacity'])

/** Every check this door asks for, in canonical order. */
export function asked({ asks }: RuleSet): CheckName[] {
  return checkNames.filter((check) => check === 'hours' || check === 'identity' || asks.includes(check))
}

export function judge(person: Person, circumstances: Circumstances, now: number): Verdicts {
  const one = (check: CheckName): Verdict => {
    switch (check) {
      case 'hours':
        return judgeHours(circumstances, now)
      case 'identity':
        return judgeIdentity(person, circumstances, now)
      case 'appointment':
        return judgeAppointment(person, circumstances, now)
      case 'capacity':
        return judgeCapacity(1, circumstances)
      case 'health':
        return judgeHealth(person, circumstances)
      case 'temperature':
        return judgeTemperature(person, circumstances, now)
      case 'mask':
        return judgeMask(person)
    }
  }
  return Object.fromEntries(asked(circumstances.rules).map((check) => [check, one(check)]))
}

/** What follows from all verdicts of all persons: nothing yet, a claim, or a refusal with every reason. */
export type Conclusion =
  | { readonly type: 'open' }
  /** Everything that a card alone answers has passed; a claim follows unless the rest says otherwise. */
  | { readonly type: 'only-rest-missing' }
  | { readonly type: 'claim' }
  | { readonly type: 'refuse'; readonly reasons: readonly Reason[] }

/**
 * Concludes in two stages, so that the order in which evidence arrives never changes the result: first what a card alone
 * answers; once all of that is known, one failure among it decides, with those reasons only. Then everything else:
 * it decides when all of it is known.
 */
export function conclude(verdicts: readonly Verdicts[]): Conclusion {
  const all = verdicts.flatMap((each) => Object.entries(each) as [CheckName, Verdict][])
  const first = all.filter(([check]) => atOnce.has(check)).map(([, verdict]) => verdict)
  if (first.some(isOpen)) return identityFailed(verdicts) ?? { type: 'open' }
  const failedFirst = reasonsOf(first)
  if (failedFirst.length > 0) return { type: 'refuse', reasons: failedFirst }
  const rest = all.filter(([check]) => !atOnce.has(check)).map(([, verdict]) => verdict)
  if (rest.some(isOpen)) return { type: 'only-rest-missing' }
  const failed = reasonsOf(rest)
  return failed.length > 0 ? { type: 'refuse', reasons: failed } : { type: 'claim' }
}

/** Without a readable card no appointment can ever be found: the other questions would stay open for ever. */
function identityFailed(verdicts: readonly Verdicts[]): Conclusion | undefined {
  const unreadable = verdicts.flatMap(({ identity }) =>
    identity?.status === 'failed' && identity.reason.code === 'card-not-readable' ? [identity.reason] : [],
  )
  return unreadable.length > 0 ? { type: 'refuse', reasons: unreadable } : undefined
}

function isOpen({ status }: Verdict): boolean {
  return status === 'missing' || status === 'working' || status === 'attention'
}

function reasonsOf(verdicts: readonly Verdict[]): Reason[] {
  return verdicts.flatMap((verdict) => (verdict.status === 'failed' ? [verdict.reason] : []))
}
