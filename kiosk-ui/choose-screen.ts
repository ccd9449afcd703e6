import type { Check, Snapshot } from '../kiosk-agent/api/contract.ts'
import type { Connection } from './connection.ts'

export type ScreenName =
  | 'starting'
  | 'connection-lost'
  | 'signed-out'
  | 'emergency'
  | 'help-coming'
  | 'admitted'
  | 'refused'
  | 'checklist'
  | 'out-of-service'
  | 'welcome'

/** The one screen that fits what is known. First match wins; a running session comes before the last visitor's outcome. */
export function chooseScreen(connection: Connection, snapshot: Snapshot | null): ScreenName {
  if (connection === 'signed-out') return 'signed-out'
  if (connection === 'lost') return 'connection-lost'
  if (!snapshot) return 'starting'
  return screenFor(snapshot)
}

/** The screen of a snapshot alone, as if the agent were there. */
export function screenFor({ service, help, outcome, session }: Snapshot): ScreenName {
  if (service.state === 'emergency') return 'emergency'
  if (help) return 'help-coming'
  if (session) return 'checklist'
  if (outcome) return outcome.decision === 'admit' ? 'admitted' : 'refused'
  if (service.state === 'out-of-service') return 'out-of-service'
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

const urgency: readonly Check['state'][] = ['attention', 'missing', 'working']

/**
 * The check the large panel is about: first what went wrong and can be mended, then what the visitor can do,
 * then what is merely under way. Undefined when nothing is left to do.
 */
export function nextUsefulStep(checks: readonly Check[]): Check | undefined {
  const rows = checklistRows(checks)
  for (const state of urgency) {
    const row = rows.find((candidate) => candidate.state === state)
    if (row) return row.main.state === 'passed' ? (row.appointment ?? row.main) : row.main
  }
  return undefined
}
