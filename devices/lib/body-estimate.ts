import { z } from 'zod'

/**
 * From skin to body for sensors that see skin alone: body = skin + offset + slope × (room − reference).
 * The gap shrinks as the room warms. An estimate for screening, not a diagnosis; the offset has no default, because only
 * a contact thermometer at the place itself can tell it.
 */
export const bodyEstimateOptions = z.object({
  offsetCentiCelsius: z
    .number()
    .int()
    .min(0)
    .max(1500)
    .describe(
      'Mean gap from skin to body, taken here against a contact thermometer, in hundredths of a degree',
    ),
  slopeCentiPerDegree: z
    .number()
    .int()
    .min(-50)
    .max(0)
    .default(-13)
    .describe(
      'Change of the gap for each degree the room is warmer: forehead about -13, inner corner of the eye -8',
    ),
  referenceCentiCelsius: z
    .number()
    .int()
    .min(1000)
    .max(4000)
    .default(2400)
    .describe('Room temperature at which the gap was taken'),
})

export type BodyEstimate = z.infer<typeof bodyEstimateOptions>

/** All in hundredths of a degree; whole numbers in, whole numbers out. */
export function bodyFromSkin(skin: number, ambient: number, estimate: BodyEstimate): number {
  const { offsetCentiCelsius, slopeCentiPerDegree, referenceCentiCelsius } = estimate
  return (
    skin + offsetCentiCelsius + Math.round((slopeCentiPerDegree * (ambient - referenceCentiCelsius)) / 100)
  )
}
