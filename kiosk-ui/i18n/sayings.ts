import type { Check } from '../../kiosk-agent/api/contract.ts'
import type { Formats } from './formats.ts'
import type { Locale } from './locale.ts'
import type { Reason, Saying } from './messages.ts'

/** What the large panel says while this check is the next useful step. `byCamera`: the scanner is away. */
export function stepSaying(check: Check, locale: Locale, byCamera: boolean): Saying {
  return byCamera && check.check === 'health' ? cameraSaying(check, locale) : usualSaying(check, locale)
}

/** What sends to the scanner sends to the camera. */
function cameraSaying(check: Extract<Check, { check: 'health' }>, locale: Locale): Saying {
  const { instead } = locale.messages.camera
  if (check.state === 'missing') return instead
  const usual = usualSaying(check, locale)
  const showAgain = check.state === 'attention' && check.problem !== 'owner-mismatch'
  return showAgain ? { title: usual.title, body: instead.body } : usual
}

function usualSaying(check: Check, locale: Locale): Saying {
  const { checks } = locale.messages.checklist
  if (check.state === 'working') return checks[check.check].working
  if (check.state !== 'attention') return checks[check.check].step
  if (check.check === 'identity' && check.problem) return checks.identity.problems[check.problem]
  if (check.check === 'health' && check.problem) return checks.health.problems[check.problem]
  if (check.check === 'temperature' && check.problem) return checks.temperature.problems[check.problem]
  return checks[check.check].again
}

/** A reason as this language tells it. */
export function reasonSaying(reason: Reason, { messages, formats }: Locale): Saying {
  // The table is typed code by code; TypeScript cannot see that the looked-up entry fits this very reason.
  const tell = messages.outcome.reasons[reason.code] as (reason: Reason, formats: Formats) => Saying
  return tell(reason, formats)
}
