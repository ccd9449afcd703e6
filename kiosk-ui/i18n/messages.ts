import type { Check, Outcome, Snapshot } from '../../kiosk-agent/api/contract.ts'
import type { Formats } from './formats.ts'

export type Reason = Outcome['reasons'][number]
export type NextStep = Outcome['next'][number]
export type Notice = Snapshot['service']['notices'][number]
export type CheckName = Check['check']
export type Lane = NonNullable<Outcome['lane']>
export type Slip = Outcome['slip']

/** The kinds of devices a visitor may be told about. */
export type DeviceKind = 'id-card-reader' | 'code-scanner' | 'thermometer' | 'gate' | 'receipt-printer'

/** A heading and what to know or do about it. */
export interface Saying {
  readonly title: string
  readonly body: string
}

type ProblemOf<Name extends CheckName> =
  Extract<Check, { check: Name }> extends { problem?: infer Problem extends string | undefined }
    ? NonNullable<Problem>
    : never

/** Everything the checklist says about one check. */
export interface CheckWords<Problem extends string> {
  readonly name: string
  /** Under the name while nothing has come in yet. */
  readonly hint: string
  readonly passed: string
  /** The large panel while this is the next useful step. */
  readonly step: Saying
  readonly working: Saying
  /** How to mend it; used where the agent names no problem. */
  readonly again: Saying
  readonly problems: { readonly [P in Problem]: Saying }
}

type ReasonWords = {
  readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>, formats: Formats) => Saying
}

/** Every sentence of the visitor's screens. A language that misses one does not compile. */
export interface Messages {
  readonly simulated: string
  readonly header: {
    readonly open: string
    readonly closed: string
    readonly closedToday: string
    inside(inside: string, capacity: string): string
    readonly insideUnknown: string
    /** For those who hear the screen. */
    secondsLeft(seconds: number): string
    readonly paused: string
    /** Beside the countdown. */
    readonly pausedShort: string
  }
  readonly footer: {
    readonly language: string
    readonly callStaff: string
    readonly cancel: string
    readonly finish: string
  }
  readonly welcome: {
    readonly greeting: string
    readonly invitation: { readonly [Ask in 'identity' | 'health' | 'temperature' | 'mask' | 'none']: Saying }
    readonly needed: string
    readonly anyOrder: string
    readonly noPhone: string
    readonly bring: { readonly [Name in CheckName]: Saying }
    readonly closed: { readonly title: string; opens(when: string): string; readonly unknown: string }
    readonly closedNext: string
    readonly full: { readonly title: string; body(capacity: string): string }
  }
  readonly notices: { readonly [N in Notice]: string }
  readonly checklist: {
    readonly title: string
    progress(done: number, total: number): string
    readonly states: {
      readonly missing: string
      readonly working: string
      readonly attention: string
      readonly failed: string
    }
    readonly committing: Saying
    readonly failed: Saying
    readonly attestMask: string
    readonly noPhone: string
    appointment(slot: string, item: string): string
    readonly appointmentSought: string
    readonly checks: { readonly [Name in CheckName]: CheckWords<ProblemOf<Name>> }
  }
  /** The camera that reads codes in place of the scanner. */
  readonly camera: {
    readonly open: string
    /** The step while the scanner is away. */
    readonly instead: Saying
    /** In the list, in place of the scanner's hint. */
    readonly hint: string
    readonly starting: Saying
    readonly looking: Saying
    readonly 'no-code': Saying
    readonly denied: Saying
    readonly missing: Saying
    /** For those who hear the screen. */
    readonly picture: string
    readonly again: string
    readonly back: string
  }
  readonly timeWarning: {
    readonly title: string
    body(seconds: number): string
    readonly more: string
    readonly end: string
  }
  readonly admitted: {
    readonly lane: { readonly [L in Lane]: Saying }
    readonly slip: { readonly [S in Exclude<Slip, 'none'>]: string }
    readonly takeCard: string
    readonly cardStill: string
    persons(count: number): string
  }
  /** While it is not certain that the visitor has the slip. */
  readonly slipHelp: {
    readonly code: string
    readonly photograph: string
    readonly haveSlip: string
    readonly printAgain: string
  }
  readonly cardLeft: Saying
  readonly outcome: {
    readonly also: string
    readonly youCan: string
    readonly assist: Saying
    readonly code: string
    readonly slip: { readonly [S in Slip]: string }
    readonly callNow: string
    readonly reasons: ReasonWords
    readonly next: { readonly [N in NextStep]: Saying }
  }
  readonly help: {
    readonly title: string
    readonly body: string
    since(minutes: number): string
    phone(number: string): string
    readonly notNeeded: string
  }
  readonly outOfService: {
    readonly title: string
    readonly body: string
    readonly parts: string
    readonly alternative: Saying
    readonly devices: { readonly [K in DeviceKind]: string }
    readonly someDevice: string
  }
  readonly maintenance: Saying
  readonly signedOut: Saying
  readonly emergency: Saying
  readonly connectionLost: Saying
  readonly starting: string
  readonly notSent: string
}
