import { z } from 'zod'
import type { TemperatureSample } from '../kinds.ts'

/** A correction that somebody found at the place itself, against a clinical thermometer. */
export const bodyOffset = z
  .strictObject({
    centiCelsius: z.int().min(-200).max(200).describe('Added to every body temperature'),
    at: z.iso.datetime({ offset: true }).describe('When it was found'),
    by: z.string().min(1).max(64).describe('The account that found it'),
  })
  .optional()
  .describe('Correction against a clinical thermometer, kept by the test of the console')

export type BodyOffset = z.infer<typeof bodyOffset>

/** The largest correction that is one: beyond it the device or its place is wrong. */
export const LARGEST_OFFSET = 200

/** The sample as the correction makes it; the skin stays as measured. */
export function withOffset(sample: TemperatureSample, offset: BodyOffset): TemperatureSample {
  return offset ? { ...sample, bodyCentiCelsius: sample.bodyCentiCelsius + offset.centiCelsius } : sample
}
