import { z } from 'zod'

const seconds = z.int().positive()
const minutes = z.int().min(0)
const centiCelsius = z.int()
const range = z
  .tuple([centiCelsius, centiCelsius])
  .refine(([low, high]) => low < high, { error: 'the first must be below the second' })

/**
 * Who may come in, as data. A rule set is a document of the hall store, seeded from `config/rules/NAME.json`;
 * every decision records the name and version it was made under.
 */
export const ruleSetSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and "-"'),
  /** Which of the checks this rule set asks for; identity and hours always are. */
  asks: z
    .array(z.enum(['appointment', 'capacity', 'health', 'temperature', 'mask']))
    .refine((asks) => asks.includes('appointment') && asks.includes('capacity'), {
      error:
        'must ask for "appointment" and "capacity": nobody is admitted without a claim on an appointment',
    }),
  appointment: z.strictObject({
    /** How long before its slot an appointment opens the door, and how long after the slot's start it still does. */
    earlyMinutes: minutes,
    lateMinutes: minutes,
  }),
  health: z.strictObject({
    /** Codes that were refused before a person is asked. */
    tries: z.int().positive(),
  }),
  temperature: z.strictObject({
    /** At or above it, as displayed, is high. Tenths of a degree Celsius; a slip of the unit must not let fever pass. */
    limitTenths: z.int().min(350).max(400),
    /** One look: so many valid samples, so close in time, so close to each other. */
    samples: z.int().min(1),
    withinMs: z.int().positive(),
    spreadCentiCelsius: centiCelsius,
    /** Outside these a sample is invalid: neither pass nor high. */
    bodyCentiCelsius: range,
    rawCentiCelsius: range,
    ambientCentiCelsius: range,
    /** A look older than this is taken again. */
    validSeconds: seconds,
    /** Without a look for so long, ask the visitor to come closer. */
    closerAfterSeconds: seconds,
  }),
  session: z
    .strictObject({
      idleSeconds: seconds,
      warnSeconds: seconds,
      /** Somebody seen by the presence sensor holds the session open for so much longer, and no longer. */
      presentSeconds: seconds.default(180),
      /** Nothing ends sooner than so long after the sensor saw somebody last. */
      graceSeconds: seconds.default(20),
      /** How long a result stays on the screen when nobody follows: whoever walks in, and whoever has to read why not. */
      admittedSeconds: seconds,
      refusedSeconds: seconds,
    })
    .refine(({ idleSeconds, warnSeconds }) => warnSeconds < idleSeconds, {
      error: '"warnSeconds" must be less than "idleSeconds"',
    }),
})
export type RuleSet = z.infer<typeof ruleSetSchema>
