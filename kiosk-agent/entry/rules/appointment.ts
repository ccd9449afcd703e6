import type { Appointment } from '../../hall/hall-store.ts'
import type { Person } from '../evidence.ts'
import { isoTime } from '../hall-time.ts'
import type { Circumstances, Verdict } from '../judgement.ts'

/** The appointment by which this person may come in now; undefined when there is none. */
export function usableAppointment(
  person: Person,
  { rules }: Circumstances,
  now: number,
): Appointment | undefined {
  return booked(person).find((appointment) => phaseOf(appointment, rules.appointment, now) === 'now')
}

/** Today's appointment: there is one, its time has come and is not over, and nobody used it. */
export function judgeAppointment(person: Person, circumstances: Circumstances, now: number): Verdict {
  const { appointments } = person
  if (appointments === 'not-asked') return { status: 'missing' }
  if (appointments === 'asking') return { status: 'working' }
  if (appointments === 'unavailable')
    return { status: 'failed', reason: { code: 'appointments-unavailable' } }
  if (usableAppointment(person, circumstances, now)) return { status: 'passed' }
  return { status: 'failed', reason: whyNot(person, appointments, circumstances, now) }
}

function whyNot(
  person: Person,
  appointments: readonly Appointment[],
  { rules, hall }: Circumstances,
  now: number,
): Extract<Verdict, { status: 'failed' }>['reason'] {
  const { earlyMinutes } = rules.appointment
  const phases = booked(person).map((appointment) => ({
    appointment,
    phase: phaseOf(appointment, rules.appointment, now),
  }))
  const early = phases.find(({ phase }) => phase === 'early')?.appointment
  if (early) {
    const admittedFrom = early.start - earlyMinutes * 60_000
    return {
      code: 'too-early',
      ...slot(early, hall.utcOffsetMinutes),
      admittedFrom: isoTime(admittedFrom, hall.utcOffsetMinutes),
      minutes: Math.ceil((admittedFrom - now) / 60_000),
    }
  }
  if (
    appointments.some(
      ({ status }) => status === 'checked-in' || status === 'arrived' || status === 'fulfilled',
    )
  )
    return { code: 'appointment-used' }
  const late = phases.findLast(({ phase }) => phase === 'late')?.appointment
  if (late) return { code: 'too-late', ...slot(late, hall.utcOffsetMinutes) }
  if (appointments.some(({ status }) => status === 'cancelled')) return { code: 'appointment-cancelled' }
  return { code: 'no-appointment' }
}

function booked({ appointments }: Person): readonly Appointment[] {
  return Array.isArray(appointments)
    ? appointments.filter(({ status }: Appointment) => status === 'booked')
    : []
}

/** From `earlyMinutes` before the slot to `lateMinutes` after its end, both ends included. */
function phaseOf(
  { start, end }: Appointment,
  { earlyMinutes, lateMinutes }: { earlyMinutes: number; lateMinutes: number },
  now: number,
): 'early' | 'now' | 'late' {
  if (now < start - earlyMinutes * 60_000) return 'early'
  return now <= end + lateMinutes * 60_000 ? 'now' : 'late'
}

function slot({ start, end }: Appointment, utcOffsetMinutes: number) {
  return { slotStart: isoTime(start, utcOffsetMinutes), slotEnd: isoTime(end, utcOffsetMinutes) }
}
