import type { LightState, LitDevice } from '../../devices/kinds.ts'
import type { Check, Outcome } from '../api/contract.ts'
import type { CheckName } from './reasons.ts'
import type { View } from './view.ts'

export type Lights = { readonly [Device in LitDevice]?: LightState }

/** Where the thing that a check asks for goes. A mask goes nowhere. */
const places: { readonly [Name in CheckName]?: LitDevice } = {
  identity: 'id-card-reader',
  appointment: 'id-card-reader',
  health: 'code-scanner',
  temperature: 'thermometer',
}

/**
 * What each guide light shows, from nothing but what the screen says. Slow: your card, code, face or slip goes or comes
 * here. Quick: something went wrong here, or was left here. Continuous: the way is free. Devices not named are dark.
 *
 * At most one place asks for something at a time. While nobody is seen nothing blinks: a light that always does is no help.
 */
export function guideLights(view: View, present: boolean): Lights {
  const { service, session, outcome, help, cardLeft } = view
  if (service.state === 'emergency') return {}
  if (cardLeft) return { 'id-card-reader': 'quick' }
  if (help) return {}
  if (session) return forStep(session.persons[session.current]?.checks ?? [], session.step)
  if (outcome) return forOutcome(outcome)
  const open = service.state === 'in-service' || service.state === 'limited'
  const invites = present && open && view.hall.open
  const first = invites ? view.asks.map((ask) => places[ask]).find((place) => place) : undefined
  return first ? { [first]: 'slow' } : {}
}

function forStep(checks: readonly Check[], step: Check['check'] | null): Lights {
  const place = step === null ? undefined : places[step]
  const state = checks.find(({ check }) => check === step)?.state
  if (!place || (state !== 'missing' && state !== 'attention')) return {}
  return { [place]: state === 'attention' ? 'quick' : 'slow' }
}

function forOutcome({ lane, slip }: Outcome): Lights {
  return {
    ...(lane === 'open' ? { gate: 'continuous' as const } : {}),
    ...(slip === 'printing' || slip === 'held-out' || slip === 'printed'
      ? { 'receipt-printer': 'slow' as const }
      : {}),
  }
}
