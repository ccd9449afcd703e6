import { z } from 'zod'

const text = z.strictObject({
  'zh-Hans': z.string().min(1),
  'zh-Hant': z.string().min(1),
  en: z.string().min(1),
})
const clockTime = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'a time of day such as "09:00"; midnight at the end of the day is "24:00"',
  )
const span = z
  .strictObject({ from: clockTime, to: clockTime })
  .refine(({ from, to }) => from < to, { error: '"from" must be before "to"' })

/** One hall: its name, hours and limit. A document of the hall store, seeded from `config/halls/ID.json`. */
export const hallSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and "-", at most 32'),
  name: text,
  phone: z.string(),
  /** Persons inside at one time; used when the hall store is new, changed there afterwards. */
  capacity: z.int().positive(),
  /** Minutes east of Greenwich; China keeps 480 all year. */
  utcOffsetMinutes: z.int(),
  /** Opening hours by weekday; an empty list is a closed day. */
  hours: z.strictObject({
    monday: z.array(span),
    tuesday: z.array(span),
    wednesday: z.array(span),
    thursday: z.array(span),
    friday: z.array(span),
    saturday: z.array(span),
    sunday: z.array(span),
  }),
  /** Name of the rule set in force. */
  rules: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and "-"'),
})
export type Hall = z.infer<typeof hallSchema>
