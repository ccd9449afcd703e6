import { z } from 'zod'
import { checkNames, nextSteps, reasonSchema } from '../entry/reasons.ts'

/**
 * What the screen sees and what it may ask for. The screen imports the types of this file and nothing else.
 *
 *   POST /api/sign-in        one-time token → cookie
 *   GET  /api/events         `snapshot` events, whole ones only, and a `beat` every 5 s
 *   POST /api/intents        an Intent
 *   GET  /api/reachable      answers 204 without a cookie: the screen asks it before it reloads
 *   GET  /api/bench/events   `bench` events   (simulated terminals only)
 *   POST /api/bench/actions  a BenchAction    (simulated terminals only)
 */

export const languageSchema = z.enum(['zh-Hans', 'zh-Hant', 'en'])
export type Language = z.infer<typeof languageSchema>

/** One text in every language of the product. */
export const textSchema = z.strictObject({ 'zh-Hans': z.string(), 'zh-Hant': z.string(), en: z.string() })
export type Text = z.infer<typeof textSchema>

const time = z.iso.datetime({ offset: true })
const remainingMs = z.int().describe('left when the snapshot was made; the screen counts down by itself')

/** `attention`: something went wrong that the visitor can mend by doing it again. `failed` is final. */
const checkState = z.enum(['missing', 'working', 'passed', 'attention', 'failed'])

export const checkSchema = z.discriminatedUnion('check', [
  z.strictObject({
    check: z.literal('identity'),
    state: checkState,
    holder: z.strictObject({ nameMasked: z.string(), idMasked: z.string() }).optional(),
    problem: z.enum(['hold-still', 'present-again', 'unrecognised', 'unknown-layout', 'expired']).optional(),
  }),
  z.strictObject({
    check: z.literal('appointment'),
    state: checkState,
    appointment: z.strictObject({ slotStart: time, slotEnd: time, item: textSchema }).optional(),
  }),
  z.strictObject({
    check: z.literal('health'),
    state: checkState,
    problem: z
      .enum(['expired-code', 'not-a-health-code', 'unknown-code', 'owner-mismatch', 'unavailable'])
      .optional(),
  }),
  z.strictObject({
    check: z.literal('temperature'),
    state: checkState,
    tenths: z.int().optional(),
    problem: z.enum(['stand-closer', 'unavailable']).optional(),
  }),
  z.strictObject({ check: z.literal('mask'), state: checkState }),
])
export type Check = z.infer<typeof checkSchema>

export const sessionSchema = z.strictObject({
  id: z.string(),
  /** `committing`: everything is there, the place is being taken; cancel and time-out wait. */
  phase: z.enum(['collecting', 'committing']),
  remainingMs,
  /** Time stands still while somebody is seen before the kiosk; `remainingMs` is what is left when it goes on. */
  paused: z.boolean(),
  /** True when the time is nearly over: ask whether somebody is still there. */
  warning: z.boolean(),
  persons: z.array(z.strictObject({ checks: z.array(checkSchema) })).min(1),
  /** Index of the person whose evidence is being collected. */
  current: z.int(),
  /** The check the visitor should do something about now: what went wrong first, then what is missing, then what is under way. */
  step: z.enum(['identity', 'appointment', 'health', 'temperature', 'mask']).nullable(),
})
export type SessionView = z.infer<typeof sessionSchema>

export const outcomeSchema = z.strictObject({
  id: z.string(),
  decision: z.enum(['admit', 'refuse', 'assist']),
  /** Canonical order; empty when admitted. */
  reasons: z.array(reasonSchema),
  next: z.array(z.enum(nextSteps)),
  persons: z.int(),
  /** The short code on the slip; staff find the case by it. */
  slipCode: z.string(),
  /** `held-out`: printed and waiting at the exit. `in-hand`: somebody has it. `not-taken`: taken back by the printer. */
  slip: z.enum([
    ...(['none', 'printing', 'held-out', 'printed', 'in-hand'] as const),
    ...(['not-taken', 'incomplete', 'failed', 'unknown'] as const),
  ]),
  /** Only while it is not certain that the visitor has the slip. */
  slipHelp: z
    .strictObject({
      /** The copy this is about; 1 is the slip itself. A press names it, so that two presses are one. */
      copy: z.int().positive(),
      offers: z.array(z.enum(['have-slip', 'print-again'])),
      /** The short code as a QR symbol without quiet zone, one string a row, '#' black and '.' white. */
      qr: z.array(z.string()),
    })
    .optional(),
  /** Only after `admit`. */
  lane: z.enum(['opening', 'open', 'passed', 'timed-out', 'fault']).optional(),
  remainingMs,
})
export type Outcome = z.infer<typeof outcomeSchema>

/** XFS4IoT's device states. */
export const deviceStateSchema = z.enum([
  'starting',
  'online',
  'offline',
  'powerOff',
  'noDevice',
  'hardwareError',
  'userError',
  'deviceBusy',
  'fraudAttempt',
  'potentialFraud',
])
export type DeviceState = z.infer<typeof deviceStateSchema>

export const snapshotSchema = z.strictObject({
  /** Grows with each snapshot of one agent run; it may skip. */
  version: z.int(),
  /** The build of the screens this agent serves; a screen of another build reloads once. */
  build: z.string(),
  at: time,
  terminal: z.strictObject({
    id: z.string(),
    name: textSchema,
    simulated: z.boolean(),
    /** The screen may read codes with a camera. */
    camera: z.boolean().optional(),
  }),
  hall: z.strictObject({
    name: textSchema,
    phone: z.string(),
    open: z.boolean(),
    /** Today's hours, "09:00"; empty when closed all day. */
    hours: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    opensAt: time.optional(),
    /** Undefined while the hall store does not answer. */
    inside: z.int().optional(),
    capacity: z.int(),
  }),
  language: languageSchema,
  /** The checks this door asks for, in the order to show them. */
  asks: z.array(z.enum(checkNames)),
  /**
   * `emergency`: the fire input is active; the lane is open and nothing is checked. `maintenance`: a technician works on the
   * terminal; whoever is still shown a session or a result may finish, and nobody else begins.
   */
  service: z.strictObject({
    state: z.enum(['in-service', 'limited', 'out-of-service', 'maintenance', 'emergency']),
    devices: z.array(z.strictObject({ id: z.string(), kind: z.string(), state: deviceStateSchema })),
    /** Something the visitor should know before starting. */
    notices: z.array(
      z.enum([
        'no-slips',
        'paper-low',
        'no-health-checks',
        'codes-by-camera',
        'no-temperature',
        'no-store',
        'no-gate',
        'gate-held',
        'kiosk-open',
        // Found by the morning proof; the first three put the terminal out of service.
        'clock-wrong',
        'record-damaged',
        'disk-full',
        'needs-care',
      ]),
    ),
  }),
  session: sessionSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  /** The last visitor's card still lies on the reader; told until it is taken, for some seconds at most. */
  cardLeft: z.boolean(),
  /** Staff were called and have not come yet. */
  help: z.strictObject({ since: time }).nullable(),
})
export type Snapshot = z.infer<typeof snapshotSchema>

/** `about`: id of the session or outcome the visitor was looking at; a press meant for somebody who left is refused (409). */
const about = z.string().nullable()

export const intentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set-language'), language: languageSchema }),
  z.strictObject({ type: z.literal('attest-mask'), about }),
  z.strictObject({ type: z.literal('no-phone'), about }),
  z.strictObject({ type: z.literal('more-time'), about }),
  z.strictObject({ type: z.literal('cancel'), about }),
  z.strictObject({ type: z.literal('dismiss-outcome'), about }),
  /** The copy in question is there after all, or is to be followed by another. */
  z.strictObject({ type: z.literal('have-slip'), about, copy: z.int().positive() }),
  z.strictObject({ type: z.literal('print-again'), about, copy: z.int().positive() }),
  /** What a QR code held, as base64: 3000 bytes at most. The pictures never leave the page. */
  z.strictObject({ type: z.literal('code-by-camera'), about, bytes: z.base64().min(4).max(4000) }),
  z.strictObject({ type: z.literal('call-help') }),
  z.strictObject({ type: z.literal('cancel-help') }),
])
export type Intent = z.infer<typeof intentSchema>

/** One thing on a printed slip, in dots from the top left corner. */
export const paperItemSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    x: z.int(),
    y: z.int(),
    width: z.int(),
    height: z.int(),
    text: z.string(),
    bold: z.boolean(),
    inverse: z.boolean(),
    underline: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('bitmap'),
    x: z.int(),
    y: z.int(),
    width: z.int(),
    height: z.int(),
    /** Dots a module of the bitmap takes; 1 for raster, the cell size for a QR code. */
    scale: z.int(),
    /** One string a row, '#' black and '.' white. */
    rows: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('cut'), y: z.int(), partial: z.boolean() }),
])
export type PaperItem = z.infer<typeof paperItemSchema>

export const paperSchema = z.strictObject({
  widthDots: z.int(),
  heightDots: z.int(),
  items: z.array(paperItemSchema),
})
export type Paper = z.infer<typeof paperSchema>

export const benchPresets = [
  'admitted',
  'no-appointment',
  'too-early',
  'yellow-code',
  'fever',
  'hall-full',
  'code-of-another',
  'gateway-down',
] as const
export type BenchPreset = (typeof benchPresets)[number]

export const benchActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('preset'), preset: z.enum(benchPresets) }),
  z.strictObject({ type: z.literal('reset') }),
  z.strictObject({ type: z.literal('lay-card'), person: z.string() }),
  z.strictObject({ type: z.literal('take-card') }),
  z.strictObject({ type: z.literal('show-code'), code: z.string() }),
  /** Holds a printed slip before the scanner. */
  z.strictObject({ type: z.literal('scan-slip'), slip: z.string() }),
  z.strictObject({ type: z.literal('set-temperature'), centiCelsius: z.int().min(0).max(6000) }),
  z.strictObject({ type: z.literal('nobody-at-thermometer') }),
  z.strictObject({ type: z.literal('walk-through') }),
  z.strictObject({ type: z.literal('block-gate'), blocked: z.boolean() }),
  z.strictObject({ type: z.literal('fire'), active: z.boolean() }),
  z.strictObject({ type: z.literal('paper'), paper: z.enum(['full', 'low', 'out']) }),
  z.strictObject({ type: z.literal('cover'), open: z.boolean() }),
  z.strictObject({ type: z.literal('cable'), device: z.string(), plugged: z.boolean() }),
  z.strictObject({ type: z.literal('gateway'), state: z.enum(['up', 'down', 'busy']) }),
  z.strictObject({ type: z.literal('fill-hall'), full: z.boolean() }),
  z.strictObject({ type: z.literal('stand-here'), present: z.boolean() }),
  z.strictObject({ type: z.literal('call-button') }),
  z.strictObject({ type: z.literal('kiosk-door'), open: z.boolean() }),
])
export type BenchAction = z.infer<typeof benchActionSchema>

const litDevices = ['id-card-reader', 'code-scanner', 'thermometer', 'gate', 'receipt-printer'] as const

/** What the bench shows; the bench exists on a simulated terminal only. */
export const benchSchema = z.strictObject({
  persons: z.array(z.strictObject({ id: z.string(), label: z.string(), note: textSchema })),
  codes: z.array(z.strictObject({ code: z.string(), label: textSchema })),
  devices: z.array(z.strictObject({ id: z.string(), kind: z.string(), plugged: z.boolean() })),
  card: z.string().nullable(),
  centiCelsius: z.int().nullable(),
  gateway: z.enum(['up', 'down', 'busy']),
  paper: z.enum(['full', 'low', 'out']),
  coverOpen: z.boolean(),
  fire: z.boolean(),
  /** Relay pulses the simulated gate has made so far. */
  pulses: z.int(),
  gateBlocked: z.boolean(),
  hallFull: z.boolean(),
  /** Sensors and guide lights; null on a terminal without them. */
  around: z
    .strictObject({
      present: z.boolean(),
      kioskOpen: z.boolean(),
      /** Lit this very moment: a blinking light comes and goes. */
      lights: z.array(z.strictObject({ device: z.enum(litDevices), lit: z.boolean() })),
    })
    .nullable(),
  /** The newest slip first, as the far end of the printer's link saw it; at most 5. */
  slips: z.array(z.strictObject({ id: z.string(), at: time, paper: paperSchema })),
})
export type Bench = z.infer<typeof benchSchema>
