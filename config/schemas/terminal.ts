import { z } from 'zod'

const text = z.strictObject({
  'zh-Hans': z.string().min(1),
  'zh-Hant': z.string().min(1),
  en: z.string().min(1),
})
const id = z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and "-", at most 32')

/** One terminal: what stands at this door. */
export const terminalSchema = z.strictObject({
  id,
  role: z.enum(['entry']),
  name: text,
  /** Id of the hall, `config/halls/ID.json`. */
  hall: id,
  /** True: every device and the health gateway are simulators, screens and slips say so. All or nothing. */
  simulated: z.boolean(),
  /** Loopback port of the screen. */
  port: z.int().min(0).max(65535),
  /** The panel's visible size, from which millimetres on the screen are computed. */
  panel: z.strictObject({
    diagonalInches: z.number().positive(),
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
  }),
  /** The panel has a camera that looks at the visitor: codes may be shown to it when the scanner is away. */
  camera: z.boolean().default(false),
  language: z.enum(['zh-Hans', 'zh-Hant', 'en']),
  lane: z.strictObject({
    id,
    /** `single`: a tripod, one person a pulse. */
    profile: z.enum(['single']),
    /** From the decision on, the gate may be opened within so many seconds. */
    grantSeconds: z.int().min(1).max(60),
    /** After the pulse, somebody must have passed within so many seconds. */
    passageSeconds: z.int().min(1).max(60),
  }),
  /** The self-test before opening; without it only a technician starts one. */
  morningProof: z
    .strictObject({
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, e.g. "07:30"')
        .describe("Every day at this time of the hall's own clock; after the start where it was missed"),
      printSlip: z.boolean().default(false).describe('Print a test slip too: proves the paper, and uses it'),
    })
    .optional(),
  slips: z.strictObject({ print: z.enum(['always', 'refusals', 'never']) }),
  /** The health code gateway; not used on a simulated terminal. The token is read from a file in the data folder. */
  health: z
    .strictObject({
      url: z.url(),
      paasId: z.string(),
      tokenFile: z.string().describe('file name inside the data folder, e.g. "keys/health-token"'),
      timeoutMs: z.int().positive().default(3000),
      /** Codes that belong to the gateway: text that begins so. Nothing else is ever sent to it. */
      codePrefixes: z.array(z.string().min(1)).min(1),
    })
    .optional(),
  devices: z
    .array(z.strictObject({ id, driver: z.string(), options: z.record(z.string(), z.unknown()) }))
    .superRefine((devices, context) => {
      devices.forEach((device, at) => {
        if (devices.findIndex((each) => each.id === device.id) < at)
          context.addIssue({
            code: 'custom',
            path: [at, 'id'],
            message: 'expected an id that no other device has',
          })
      })
    }),
})
export type TerminalSettings = z.infer<typeof terminalSchema>
