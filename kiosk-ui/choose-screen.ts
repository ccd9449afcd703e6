import type { Check, SessionView, Snapshot } from '../kiosk-agent/api/contract.ts'
import type { Connection } from './connection.ts'

export type ScreenName =
  | 'starting'
  | 'connection-lost'
  | 'signed-out'
  | 'emergency'
  | 'help-coming'
  | 'card-left'
  | 'admitted'
  | 'refused'
  | 'checklist'
  | 'out-of-service'
  | 'maintenance'
  | 'welcome'

/** The one screen that fits what is known. First match wins; a running session comes before the last visitor's outcome. */
export function chooseScreen(connection: Connection, snapshot: Snapshot | null): ScreenName {
  if (connection === 'signed-out') return 'signed-out'
  if (connection === 'lost') return 'connection-lost'
  if (!snapshot) return 'starting'
  return screenFor(snapshot)
}

/** The screen of a snapshot alone, as if the agent were there. */
export function screenFor({ service, help, outcome, session, cardLeft }: Snapshot): ScreenName {
  if (service.state === 'emergency') return 'emergency'
  if (help) return 'help-coming'
  if (session) return 'checklist'
  // Whoever has gone in, or read the result to its end, may have forgotten the card.
  if (cardLeft && (outcome === null || outcome.lane === 'passed')) return 'card-left'
  if (outcome) return outcome.decision === 'admit' ? 'admitted' : 'refused'
  if (service.state === 'out-of-service' || service.state === 'maintenance') return service.state
  return 'welcome'
}

/** One line of the checklist. The appointment is found by the card, so it shares the card's line. */
export interface ChecklistRow {
  readonly main: Check
  readonly appointment?: Extract<Check, { check: 'appointment' }> | undefined
  readonly state: Check['state']
}

export function checklistRows(checks: readonly Check[]): ChecklistRow[] {
  const appointment = checks.find((check) => check.check === 'appointment')
  const withCard = checks.some((check) => check.check === 'identity')
  return checks
    .filter((check) => !(withCard && check.check === 'appointment'))
    .map((main) =>
      main.check === 'identity' && appointment
        ? { main, appointment, state: sharedState(main, appointment) }
        : { main, state: main.state },
    )
}

function sharedState(identity: Check, appointment: Check): Check['state'] {
  if (identity.state !== 'passed') return identity.state
  // With the card read, an appointment that is still missing is being looked up.
  return appointment.state === 'missing' ? 'working' : appointment.state
}

/** The scanner is away and the camera takes its place. */
export function readsByCamera({ service }: Snapshot): boolean {
  return service.notices.includes('codes-by-camera')
}

/** The check the large panel is about, as the agent says; undefined when nothing is left to do. */
export function nextUsefulStep({ persons, current, step }: SessionView): Check | undefined {
  return persons[current]?.checks.find(({ check }) => check === step)
}
