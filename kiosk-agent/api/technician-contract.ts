import { z } from 'zod'
import { deviceStateSchema } from './contract.ts'
import { findingCodes } from './finding-codes.ts'
import { testNames } from './test-names.ts'

/**
 * What the technician's console sees and may ask for. The screen imports the types of this file and nothing else.
 *
 *   POST /api/technician/set-up     first account: one-time token of the launch link + SetUp → cookie
 *   POST /api/technician/sign-in    SignInRequest → cookie of its own, beside the visitor's
 *   POST /api/technician/sign-out   ends this sign-in; the terminal goes back to its visitors
 *   GET  /api/technician/me         Me, or 401
 *   GET  /api/technician/events     `console` events: whole Console snapshots, and a `beat` every 5 s
 *   GET  /api/technician/models     Model[]: every driver with the JSON Schema of its options
 *   GET  /api/technician/wire/ID    `frames` events of one device: WireFrame[]
 *   POST /api/technician/commands   a Command → 202; 400 wrong, 403 not allowed, 409 not now (Refusal)
 *   GET  /api/technician/settings   the whole of this terminal's settings as one file (SettingsFile)
 *   POST /api/technician/settings   a SettingsFile to look at: SettingsReview, nothing changed yet
 *   GET  /api/technician/traces/NAME   a recorded trace
 */

const time = z.iso.datetime({ offset: true })
export const idSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and "-", at most 32')

/** `staff` accounts exist from here on; their screens are the hall agent's. */
export const roleSchema = z.enum(['technician', 'staff'])
export type Role = z.infer<typeof roleSchema>

/** 6 to 12 digits: typed on a touch screen, hashed with scrypt, guarded by a growing delay. */
export const pinSchema = z.string().regex(/^\d{6,12}$/, '6 to 12 digits')
export const accountIdSchema = idSchema

export const setUpSchema = z.strictObject({
  token: z.string().max(100),
  account: accountIdSchema,
  name: z.string().trim().min(1).max(40),
  pin: pinSchema,
})
export const signInSchema = z.strictObject({ account: accountIdSchema, pin: z.string().max(12) })

/** Why a sign-in failed; `locked` and `wrong` tell how long to wait. */
export const signInRefusalSchema = z.strictObject({
  /** `not-technician`: a staff account; its screens are elsewhere. `exists`: first account under a name that is taken. */
  error: z.enum(['wrong', 'locked', 'disabled', 'not-technician', 'no-accounts', 'token', 'exists']),
  waitMs: z.int().optional(),
})
export type SignInRefusal = z.infer<typeof signInRefusalSchema>

export const meSchema = z.strictObject({
  account: idSchema,
  name: z.string(),
  role: roleSchema,
  /** The PIN was set by somebody else: a new one must be chosen before anything else. */
  mustChangePin: z.boolean(),
})
export type Me = z.infer<typeof meSchema>

export const accountSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  /** Until when this credential is locked by failed attempts. */
  lockedUntil: time.optional(),
  lastSignIn: time.optional(),
})
export type Account = z.infer<typeof accountSchema>

/** XFS4IoT's VendorMode: `visitors` serves; `entering` waits for the visitor to finish; `active` is the technician's; `exiting` waits for devices. */
export const vendorModeSchema = z.strictObject({
  state: z.enum(['visitors', 'entering', 'active', 'exiting']),
  since: time,
  /** Name of the account that asked. */
  by: z.string().optional(),
  /** While `exiting`: the devices that are not ready yet. */
  waitingFor: z.array(z.string()).optional(),
})

/** A failure of a device in words for the technician; the code is translated, the message tells the details (English). */
const failureSchema = z.strictObject({ code: z.string(), message: z.string() })

export const consoleDeviceSchema = z.strictObject({
  id: z.string(),
  driver: z.string(),
  label: z.string(),
  kind: z.string(),
  state: deviceStateSchema,
  since: time,
  /** Why it is not online; stays as `last` once it is online again. */
  error: failureSchema.optional(),
  last: failureSchema.extend({ at: time }).optional(),
  /** Where it hangs: "serial /dev/serial/by-path/…", "tcp 10.1.2.3:9100". */
  address: z.string(),
  /** What the device told of itself, e.g. { samNumber, firmware, model, serialNumber, seesFire, paper, slipsLeft }. */
  facts: z.record(z.string(), z.string()),
  /** Since the agent started, e.g. { connections, errors, cards, codes, passages, slips, suppressed }. */
  counters: z.record(z.string(), z.number()),
  options: z.record(z.string(), z.unknown()),
  /** The tests that exist for it. */
  tests: z.array(z.string()),
})
export type ConsoleDevice = z.infer<typeof consoleDeviceSchema>

/** Something wrong with a port or the machine, and the command that cures it. */
export const troubleSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  /** Commands to be copied into a terminal, one a line. */
  cure: z.string().optional(),
  /** What a translation of the code needs. */
  values: z.record(z.string(), z.string()).optional(),
})
export type Trouble = z.infer<typeof troubleSchema>

export const candidateSchema = z.strictObject({
  driver: z.string(),
  label: z.string(),
  kind: z.string(),
  /** Ready for the settings: passes the driver's schema. */
  options: z.record(z.string(), z.unknown()),
  /** `answered` a question as only this model does, was `heard` sending as it does, or has its `identity` (VID:PID, names, usage). */
  certainty: z.enum(['answered', 'heard', 'identity']),
  /** In English; the code and its values are for a translation. */
  evidence: z.string(),
  evidenceCode: z.string().optional(),
  values: z.record(z.string(), z.string()).optional(),
  /** Options in which only a starting value stands: "estimate.offsetCentiCelsius". */
  toBeSet: z.array(z.string()).optional(),
})
export type Candidate = z.infer<typeof candidateSchema>

export const portSchema = z.strictObject({
  /** Stable while the plug stays where it is. */
  id: z.string(),
  transport: z.enum(['serial', 'file', 'hid', 'usb', 'tcp']),
  path: z.string(),
  label: z.string(),
  usb: z
    .strictObject({
      vendorId: z.int(),
      productId: z.int(),
      serialNumber: z.string().optional(),
      manufacturer: z.string().optional(),
      product: z.string().optional(),
    })
    .optional(),
  /** The configured device that uses it. */
  usedBy: z.string().optional(),
  /** Came since the technician said "now plug it in". */
  fresh: z.boolean(),
  troubles: z.array(troubleSchema),
  state: z.enum(['unasked', 'asking', 'known', 'unknown']),
  /** Of an unknown one: whether anything at all came from it. */
  heard: z.boolean().optional(),
  /** Kinds whose questions could move some board: asked when the technician says that it is one of them. */
  withheld: z.array(z.string()).optional(),
  candidates: z.array(candidateSchema),
})
export type Port = z.infer<typeof portSchema>

export const identifySchema = z.strictObject({
  /** `scan-now` listens for a code on every free port; `plug` waits for a port to come or go. */
  state: z.enum(['idle', 'listing', 'asking', 'scan-now', 'plug']),
  done: z.int(),
  total: z.int(),
  ports: z.array(portSchema),
  /** Of the whole machine: brltty, ModemManager, missing libraries or rules. */
  troubles: z.array(troubleSchema),
})

/** A change that is tried on the device before it is kept; gone by itself when nobody keeps it in time. */
export const trialSchema = z.strictObject({
  device: z.strictObject({
    id: idSchema,
    driver: z.string(),
    options: z.record(z.string(), z.unknown()),
  }),
  state: z.enum(['trying', 'works', 'failed']),
  error: failureSchema.optional(),
  facts: z.record(z.string(), z.string()),
  remainingMs: z.int(),
})

export const changeSchema = z.strictObject({
  version: z.int(),
  at: time,
  who: z.string(),
  /** "added", "changed" or "removed" devices, an import, an undo. */
  what: z.enum(['added', 'changed', 'removed', 'imported', 'undone', 'offset']),
  devices: z.array(z.string()),
})

/** One fact that a test or check found: a word the screen translates, and its values. Never personal data in clear. */
export const findingSchema = z.strictObject({
  code: z.enum(findingCodes),
  ok: z.boolean().optional(),
  values: z.record(z.string(), z.string()),
})
export type Finding = z.infer<typeof findingSchema>

export type TestName = (typeof testNames)[number]

export const testRunSchema = z.strictObject({
  device: z.string(),
  test: z.enum(testNames),
  /** `person`: waits for somebody to do what `ask` says. */
  state: z.enum(['running', 'person', 'passed', 'failed', 'cancelled']),
  ask: z
    .enum(['lay-card', 'show-code', 'scan-slip', 'walk-through', 'look-at-thermometer', 'watch-lights'])
    .optional(),
  startedAt: time,
  findings: z.array(findingSchema),
  /** Only for thermometers: the offset that would make it agree with the reference, hundredths of a degree. */
  offsetCentiCelsius: z.int().optional(),
})

export type TestRun = z.infer<typeof testRunSchema>

export const fitnessNames = ['fit', 'limited', 'out-of-service'] as const

export const proofSchema = z.strictObject({
  at: time,
  /** The schedule, or the name of who pressed the button. */
  by: z.string(),
  fitness: z.enum(fitnessNames),
  checks: z.array(
    z.strictObject({
      /** "device", "clock", "disk", "ledger", "certificate", "paper". */
      check: z.string(),
      device: z.string().optional(),
      result: z.enum(['good', 'limited', 'bad', 'not-applicable']),
      findings: z.array(findingSchema),
    }),
  ),
  /** Ed25519 over the canonical JSON of the result, base64url, and the key to check it with. */
  signature: z.string(),
  publicKey: z.string(),
})
export type Proof = z.infer<typeof proofSchema>

export const consoleSchema = z.strictObject({
  /** Grows with each snapshot of one agent run. */
  version: z.int(),
  build: z.string(),
  at: time,
  terminal: z.strictObject({
    id: z.string(),
    name: z.strictObject({ 'zh-Hans': z.string(), 'zh-Hant': z.string(), en: z.string() }),
    simulated: z.boolean(),
  }),
  vendorMode: vendorModeSchema,
  /** A visitor is at the terminal now. */
  visitor: z.strictObject({ remainingMs: z.int() }).nullable(),
  devices: z.array(consoleDeviceSchema),
  identify: identifySchema,
  trial: trialSchema.nullable(),
  /** Newest first, at most 20. */
  changes: z.array(changeSchema),
  test: testRunSchema.nullable(),
  /** Devices whose wire is being recorded, and the traces on the disk, newest first. */
  recording: z.array(z.string()),
  traces: z.array(z.strictObject({ name: z.string(), device: z.string(), at: time, bytes: z.int() })),
  proof: z.strictObject({
    running: z.boolean(),
    /** "07:30" of the hall's own time; undefined when not scheduled. */
    schedule: z.string().optional(),
    last: proofSchema.optional(),
  }),
  accounts: z.array(accountSchema),
})
export type Console = z.infer<typeof consoleSchema>

export const modelSchema = z.strictObject({
  driver: z.string(),
  label: z.string(),
  kind: z.string(),
  /** JSON Schema (draft 2020-12) of the driver's options, made from its zod schema. */
  options: z.record(z.string(), z.unknown()),
})
export type Model = z.infer<typeof modelSchema>

export const wireFrameSchema = z.strictObject({
  at: time,
  direction: z.enum(['to-device', 'from-device']),
  /** "aa aa aa 96 69 …"; personal bytes are "··" unless they were unmasked. */
  hex: z.string(),
  /** What it says, "find card → 9F found"; undefined for bytes that no frame of this protocol explains. */
  text: z.string().optional(),
  masked: z.boolean(),
})
export type WireFrame = z.infer<typeof wireFrameSchema>

export const deviceSettingsSchema = z.strictObject({
  id: idSchema,
  driver: z.string().max(64),
  options: z.record(z.string(), z.unknown()),
})

/** The whole terminal's own settings, as exported and imported. */
export const settingsFileSchema = z.strictObject({
  format: z.literal('hall-kiosk-settings-1'),
  terminal: z.string(),
  exportedAt: time,
  settings: z.strictObject({
    devices: z.array(deviceSettingsSchema).optional(),
    panel: z
      .strictObject({
        diagonalInches: z.number().positive(),
        widthPx: z.int().positive(),
        heightPx: z.int().positive(),
      })
      .optional(),
  }),
})
export type SettingsFile = z.infer<typeof settingsFileSchema>

/** What an import would change; `faults` name place, found and expected, and then nothing can be imported. */
export const settingsReviewSchema = z.strictObject({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  panel: z.boolean(),
  faults: z.array(z.string()),
})
export type SettingsReview = z.infer<typeof settingsReviewSchema>
