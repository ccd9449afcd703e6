import { z } from 'zod'
import {
  accountIdSchema,
  deviceSettingsSchema,
  idSchema,
  pinSchema,
  roleSchema,
  settingsFileSchema,
} from './technician-contract.ts'
import { testNames } from './test-names.ts'

const port = z.string().max(200)

export const commandSchema = z.discriminatedUnion('type', [
  /** `now` ends the visitor's session, `after-visitor` waits for it. Everything that touches a device needs it first. */
  z.strictObject({ type: z.literal('enter'), when: z.enum(['now', 'after-visitor']) }),
  /** `force`: does not wait for devices that are not ready, also when it is waiting already. */
  z.strictObject({ type: z.literal('leave'), force: z.boolean().optional() }),

  z.strictObject({ type: z.literal('list-ports') }),
  z.strictObject({ type: z.literal('wait-for-plug') }),
  /** `kind`: the technician says what it is, which allows questions that could move an unknown board. */
  z.strictObject({ type: z.literal('ask-port'), port, kind: z.string().max(32).optional() }),
  z.strictObject({ type: z.literal('ask-all-ports') }),
  z.strictObject({
    type: z.literal('ask-address'),
    host: z.string().max(253),
    port: z.int().min(1).max(65535),
  }),
  z.strictObject({ type: z.literal('scan-now') }),
  z.strictObject({ type: z.literal('stop-identify') }),

  z.strictObject({ type: z.literal('try-device'), device: deviceSettingsSchema }),
  z.strictObject({ type: z.literal('keep-trial') }),
  z.strictObject({ type: z.literal('drop-trial') }),
  z.strictObject({ type: z.literal('remove-device'), device: idSchema }),
  /** Goes back to the settings before the newest change. */
  z.strictObject({ type: z.literal('undo'), version: z.int() }),
  z.strictObject({ type: z.literal('import-settings'), file: settingsFileSchema }),

  z.strictObject({
    type: z.literal('run-test'),
    device: idSchema,
    test: z.enum(testNames),
    /** What a clinical thermometer shows, hundredths of a degree. */
    referenceCentiCelsius: z.int().min(3000).max(4500).optional(),
  }),
  z.strictObject({ type: z.literal('cancel-test') }),
  z.strictObject({ type: z.literal('keep-offset') }),

  z.strictObject({ type: z.literal('record'), device: idSchema, on: z.boolean() }),
  z.strictObject({ type: z.literal('delete-trace'), name: z.string().max(100) }),

  z.strictObject({ type: z.literal('run-proof') }),

  z.strictObject({
    type: z.literal('add-account'),
    account: accountIdSchema,
    name: z.string().trim().min(1).max(40),
    role: roleSchema,
    pin: pinSchema,
  }),
  z.strictObject({ type: z.literal('disable-account'), account: accountIdSchema, disabled: z.boolean() }),
  z.strictObject({ type: z.literal('reset-pin'), account: accountIdSchema, pin: pinSchema }),
  z.strictObject({ type: z.literal('change-own-pin'), pin: z.string().max(12), newPin: pinSchema }),
])
export type Command = z.infer<typeof commandSchema>

/** Why a command was not taken; `message` tells the details (English). */
export const refusalSchema = z.strictObject({
  error: z.enum([
    'not-in-vendor-mode',
    'busy',
    'unknown-device',
    'unknown-port',
    'bad-options',
    'nothing-to-keep',
    'not-newest',
    'last-account',
    'account-exists',
    'unknown-account',
    'wrong-pin',
    'must-change-pin',
    'no-such-test',
    'fire',
    'bad-file',
    'unknown-trace',
    /** The device is not there, so it cannot be tested. */
    'offline',
    /** A simulated terminal has no ports. */
    'simulated',
  ]),
  message: z.string(),
})
export type Refusal = z.infer<typeof refusalSchema>
