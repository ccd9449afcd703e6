import type { Hall } from '../../config/schemas/hall.ts'
import type { Check, Language, Outcome, SessionView, Snapshot } from '../api/contract.ts'
import type { HubDevice } from '../device-hub.ts'
import type { HeadCount } from '../hall/hall-store.ts'
import { maskIdNumber, maskName } from '../privacy/mask.ts'
import type { Person } from './evidence.ts'
import { isoTime, openingState } from './hall-time.ts'
import type { Circumstances, Verdict } from './judgement.ts'
import { nextStep } from './next-step.ts'
import type { CheckName } from './reasons.ts'
import { usableAppointment } from './rules/appointment.ts'
import { currentPerson, type OpenSession, verdictsOf } from './session.ts'
import { timeLeft } from './session-time.ts'

/** A session as the screen may see it: masked, without anything it does not need. */
export function sessionView(session: OpenSession, circumstances: Circumstances, now: number): SessionView {
  const { remainingMs, paused } = timeLeft(session, circumstances, now)
  const persons = verdictsOf(session, circumstances, now).map((verdicts, at) => ({
    checks: Object.entries(verdicts).flatMap(([name, verdict]) =>
      checkView(name as CheckName, verdict, {
        person: session.persons[at] ?? currentPerson(session),
        circumstances,
        now,
      }),
    ),
  }))
  const step = session.phase === 'collecting' ? nextStep(persons[session.current]?.checks ?? []) : undefined
  return {
    id: session.id,
    phase: session.phase,
    remainingMs,
    paused,
    warning: !paused && remainingMs <= circumstances.rules.session.warnSeconds * 1000,
    persons,
    current: session.current,
    step: step?.check ?? null,
  }
}

interface Seen {
  readonly person: Person
  readonly circumstances: Circumstances
  readonly now: number
}

function checkView(name: CheckName, verdict: Verdict, seen: Seen): Check[] {
  const state = verdict.status
  switch (name) {
    case 'identity': {
      const { card } = seen.person
      const holder = card && { nameMasked: maskName(card.name), idMasked: maskIdNumber(card.idNumber) }
      const problem = verdict.status === 'attention' ? cardProblem(verdict.problem) : undefined
      return [{ check: name, state, ...(holder ? { holder } : {}), ...(problem ? { problem } : {}) }]
    }
    case 'appointment':
      return [{ check: name, state, ...appointmentFacts(seen) }]
    case 'health':
      return [{ check: name, state, ...healthProblem(verdict) }]
    case 'temperature': {
      const { temperature } = seen.person
      const tenths = temperature && verdict.status !== 'attention' ? { tenths: temperature.tenths } : {}
      return [{ check: name, state, ...tenths, ...temperatureProblem(verdict) }]
    }
    case 'mask':
      return [{ check: name, state }]
    case 'hours':
    case 'capacity':
      return [] // nothing the visitor could do about them; the header tells them
  }
}

function cardProblem(problem: string) {
  const known = ['hold-still', 'present-again', 'unrecognised', 'unknown-layout'] as const
  return known.find((each) => each === problem)
}

function appointmentFacts({ person, circumstances, now }: Seen) {
  const appointment = usableAppointment(person, circumstances, now)
  if (!appointment) return {}
  const { utcOffsetMinutes } = circumstances.hall
  return {
    appointment: {
      slotStart: isoTime(appointment.start, utcOffsetMinutes),
      slotEnd: isoTime(appointment.end, utcOffsetMinutes),
      item: appointment.item,
    },
  }
}

function healthProblem(verdict: Verdict) {
  if (verdict.status === 'attention') {
    const known = ['expired-code', 'not-a-health-code', 'unknown-code'] as const
    const problem = known.find((each) => each === verdict.problem)
    return problem ? { problem } : {}
  }
  if (verdict.status !== 'failed') return {}
  if (verdict.reason.code === 'health-owner-mismatch') return { problem: 'owner-mismatch' as const }
  return verdict.reason.code === 'health-unavailable' ? { problem: 'unavailable' as const } : {}
}

function temperatureProblem(verdict: Verdict) {
  if (verdict.status === 'attention') return { problem: 'stand-closer' as const }
  const unavailable = verdict.status === 'failed' && verdict.reason.code === 'temperature-unavailable'
  return unavailable ? { problem: 'unavailable' as const } : {}
}

/** The hall as the screen sees it. `head` is undefined while the hall store does not answer. */
export function hallView(hall: Hall, head: HeadCount | undefined, now: number): View['hall'] {
  const { open, hours, opensAt } = openingState(hall, now)
  return {
    name: hall.name,
    phone: hall.phone,
    open,
    hours: [...hours],
    ...(opensAt === undefined ? {} : { opensAt: isoTime(opensAt, hall.utcOffsetMinutes) }),
    // Whoever holds a grant is as good as inside: the figure on the screen never invites one too many.
    ...(head ? { inside: head.inside + head.granted } : {}),
    capacity: head?.capacity ?? hall.capacity,
  }
}

/** What the morning proof found that nothing tells from moment to moment; good until the next proof. */
export interface Unfit {
  /** Nobody is admitted. */
  readonly shut: readonly ('clock-wrong' | 'record-damaged' | 'disk-full')[]
  readonly limited: readonly 'needs-care'[]
}

export const fit: Unfit = { shut: [], limited: [] }

/** What the view of the whole door is made of. */
export interface DoorState {
  readonly terminal: Omit<Snapshot['terminal'], 'camera'> & { readonly camera: boolean }
  readonly hall: Snapshot['hall']
  readonly build: string
  readonly language: Language
  readonly asks: readonly CheckName[]
  readonly devices: readonly HubDevice[]
  readonly fire: boolean
  /** A technician has the terminal, or waits for it. */
  readonly maintenance: boolean
  /** Something stays in the passage of the gate. */
  readonly gateHeld: boolean
  /** The door of the kiosk itself is open. */
  readonly kioskOpen: boolean
  readonly cardLeft: boolean
  /** The ledger or another thing without which nobody may be admitted has failed. */
  readonly broken: boolean
  readonly storeAnswers: boolean
  readonly healthAnswers: boolean
  readonly printer: 'ok' | 'paper-low' | 'cannot-print'
  readonly unfit: Unfit
  readonly session: SessionView | null
  readonly outcome: Outcome | null
  readonly help: Snapshot['help']
}

/** Everything but `version` and `at`, which the publisher adds. */
export type View = Omit<Snapshot, 'version' | 'at'>

export function doorView(state: DoorState): View {
  return {
    build: state.build,
    terminal: terminalView(state.terminal),
    hall: state.hall,
    language: state.language,
    asks: [...state.asks],
    service: {
      state: serviceState(state),
      devices: state.devices.map(({ id, kind, state: deviceState }) => ({ id, kind, state: deviceState })),
      notices: notices(state),
    },
    session: state.session,
    outcome: state.outcome,
    cardLeft: state.cardLeft,
    help: state.help,
  }
}

function terminalView({ id, name, simulated, camera }: DoorState['terminal']): Snapshot['terminal'] {
  return { id, name, simulated, camera }
}

function serviceState(state: DoorState): Snapshot['service']['state'] {
  if (state.fire) return 'emergency'
  if (state.maintenance) return 'maintenance'
  const works = (kind: string) =>
    state.devices.some((device) => device.kind === kind && device.state === 'online')
  if (state.broken || state.unfit.shut.length > 0 || !works('id-card-reader') || !works('gate'))
    return 'out-of-service'
  return notices(state).length > 0 ? 'limited' : 'in-service'
}

function notices(state: DoorState): Snapshot['service']['notices'] {
  const works = (kind: string) =>
    state.devices.some((device) => device.kind === kind && device.state === 'online')
  const asksHealth = state.asks.includes('health')
  const readsCodes = works('code-scanner') || state.terminal.camera
  const all: [Snapshot['service']['notices'][number], boolean][] = [
    ['no-gate', !works('gate')],
    ['gate-held', state.gateHeld],
    // Not out of service: somebody changes the paper while others enter, and a broken contact must close no entrance.
    ['kiosk-open', state.kioskOpen],
    ['no-store', !state.storeAnswers],
    ['no-health-checks', asksHealth && (!state.healthAnswers || !readsCodes)],
    ['codes-by-camera', asksHealth && state.healthAnswers && readsCodes && !works('code-scanner')],
    ['no-temperature', state.asks.includes('temperature') && !works('thermometer')],
    ['no-slips', state.printer === 'cannot-print'],
    ['paper-low', state.printer === 'paper-low'],
  ]
  const found = all.filter(([, holds]) => holds).map(([notice]) => notice)
  return [...found, ...state.unfit.shut, ...state.unfit.limited]
}
