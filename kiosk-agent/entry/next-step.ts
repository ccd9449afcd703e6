import type { Check } from '../api/contract.ts'

const urgency: readonly Check['state'][] = ['attention', 'missing', 'working']

/**
 * The check the screen is about and a guide light shows: first what went wrong and can be mended, then what the visitor
 * can do, then what is merely under way. Undefined when nothing is left to do. Pure.
 */
export function nextStep(checks: readonly Check[]): Check | undefined {
  const appointment = checks.find((check) => check.check === 'appointment')
  const steps = checks.some((check) => check.check === 'identity')
    ? checks.filter((check) => check !== appointment).map((check) => foundByCard(check, appointment))
    : checks.map((check) => ({ check, state: check.state }))
  for (const state of urgency) {
    const step = steps.find((each) => each.state === state)
    if (step) return step.check
  }
  return undefined
}

/** The appointment is found by the card, so it is no step of its own: it stands in for a card that was read. */
function foundByCard(check: Check, appointment: Check | undefined): { check: Check; state: Check['state'] } {
  if (check.check !== 'identity' || check.state !== 'passed' || !appointment)
    return { check, state: check.state }
  return { check: appointment, state: appointment.state === 'missing' ? 'working' : appointment.state }
}
