import { z } from 'zod'

/** Everything that can be checked at a door, in canonical order: reasons are always told in this order. */
export const checkNames = [
  'hours',
  'identity',
  'appointment',
  'capacity',
  'health',
  'temperature',
  'mask',
] as const
export type CheckName = (typeof checkNames)[number]

const time = z.iso.datetime({ offset: true })
const tenths = z.int().describe('tenths of a degree Celsius, as displayed')
const slot = { slotStart: time, slotEnd: time }

/**
 * Why somebody was not simply let in. A closed list: screens, slips and the ledger know every one of them.
 * Written in ledgers, so never renamed and never reused.
 */
export const reasonSchema = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('hall-closed'), opensAt: time.optional() }),
  z.strictObject({ code: z.literal('card-not-readable') }),
  z.strictObject({ code: z.literal('card-expired') }),
  z.strictObject({ code: z.literal('no-appointment') }),
  z.strictObject({
    code: z.literal('too-early'),
    ...slot,
    admittedFrom: time,
    minutes: z.int().describe('until admittedFrom, rounded up'),
  }),
  z.strictObject({ code: z.literal('too-late'), ...slot }),
  z.strictObject({ code: z.literal('appointment-used') }),
  z.strictObject({ code: z.literal('appointment-cancelled') }),
  z.strictObject({ code: z.literal('appointments-unavailable') }),
  z.strictObject({ code: z.literal('hall-full'), capacity: z.int() }),
  z.strictObject({ code: z.literal('health-yellow') }),
  z.strictObject({ code: z.literal('health-red') }),
  z.strictObject({ code: z.literal('health-owner-mismatch') }),
  z.strictObject({ code: z.literal('health-code-rejected') }),
  z.strictObject({ code: z.literal('health-unknown') }),
  z.strictObject({ code: z.literal('health-unavailable') }),
  z.strictObject({ code: z.literal('no-phone') }),
  z.strictObject({ code: z.literal('temperature-high'), tenths, limitTenths: tenths }),
  z.strictObject({ code: z.literal('temperature-unavailable') }),
  z.strictObject({ code: z.literal('store-unavailable') }),
  z.strictObject({ code: z.literal('gate-unavailable') }),
])
export type Reason = z.infer<typeof reasonSchema>
export type ReasonCode = Reason['code']

/** What the visitor can do now. Also a closed list. */
export const nextSteps = [
  'come-back-in-time', // your appointment stands; from this moment on you may enter
  'book-appointment',
  'book-again', // this appointment is over
  'see-staff',
  'wait-for-a-place', // the hall is full; stay near
  'come-when-open',
  'show-own-code',
  'rest-and-measure-again',
  'clinic', // do not enter; go to a fever clinic or the health line
] as const
export type NextStep = (typeof nextSteps)[number]

interface ReasonFacts {
  readonly check: CheckName | 'system'
  /** `refuse`: the machine may say no. `assist`: nobody could judge it, a person must. */
  readonly decision: 'refuse' | 'assist'
  /** Best first; never empty, so that nobody meets a dead end. */
  readonly next: readonly [NextStep, ...NextStep[]]
}

/** What follows from each reason, in canonical order. */
export const reasonFacts: { readonly [Code in ReasonCode]: ReasonFacts } = {
  'hall-closed': { check: 'hours', decision: 'refuse', next: ['come-when-open', 'book-appointment'] },
  'card-not-readable': { check: 'identity', decision: 'assist', next: ['see-staff'] },
  'card-expired': { check: 'identity', decision: 'assist', next: ['see-staff'] },
  'no-appointment': { check: 'appointment', decision: 'refuse', next: ['book-appointment', 'see-staff'] },
  'too-early': { check: 'appointment', decision: 'refuse', next: ['come-back-in-time', 'see-staff'] },
  'too-late': { check: 'appointment', decision: 'refuse', next: ['book-again', 'see-staff'] },
  'appointment-used': { check: 'appointment', decision: 'assist', next: ['see-staff'] },
  'appointment-cancelled': { check: 'appointment', decision: 'refuse', next: ['book-again', 'see-staff'] },
  'appointments-unavailable': { check: 'appointment', decision: 'assist', next: ['see-staff'] },
  'hall-full': { check: 'capacity', decision: 'refuse', next: ['wait-for-a-place', 'see-staff'] },
  'health-yellow': { check: 'health', decision: 'refuse', next: ['see-staff', 'clinic'] },
  'health-red': { check: 'health', decision: 'refuse', next: ['see-staff', 'clinic'] },
  'health-owner-mismatch': { check: 'health', decision: 'refuse', next: ['show-own-code', 'see-staff'] },
  'health-code-rejected': { check: 'health', decision: 'assist', next: ['see-staff'] },
  'health-unknown': { check: 'health', decision: 'assist', next: ['see-staff'] },
  'health-unavailable': { check: 'health', decision: 'assist', next: ['see-staff'] },
  'no-phone': { check: 'health', decision: 'assist', next: ['see-staff'] },
  'temperature-high': {
    check: 'temperature',
    decision: 'refuse',
    next: ['rest-and-measure-again', 'clinic'],
  },
  'temperature-unavailable': { check: 'temperature', decision: 'assist', next: ['see-staff'] },
  'store-unavailable': { check: 'system', decision: 'assist', next: ['see-staff'] },
  'gate-unavailable': { check: 'system', decision: 'assist', next: ['see-staff'] },
}

const canonical = Object.keys(reasonFacts) as ReasonCode[]

/** The same reasons in canonical order, each code once. */
export function inCanonicalOrder(reasons: readonly Reason[]): Reason[] {
  return canonical.flatMap((code) => reasons.find((reason) => reason.code === code) ?? [])
}
