import type { RuleSet } from '../../../config/schemas/rule-set.ts'
import type { Person, TimedSample } from '../evidence.ts'
import type { Circumstances, Verdict } from '../judgement.ts'

/** A temperature that may be judged: the median of several samples that agree. */
export interface TemperatureLook {
  /** As displayed; what is decided on is what is shown. */
  readonly tenths: number
  /** Unix milliseconds of its last sample. */
  readonly takenAt: number
}

type TemperatureRules = RuleSet['temperature']

/** One look from the newest samples; undefined while they are too few, invalid or too far apart. */
export function look(samples: readonly TimedSample[], rules: TemperatureRules): TemperatureLook | undefined {
  const last = samples.at(-1)
  if (!last) return undefined
  const needed = last.sample.whole ? 1 : rules.samples
  const newest = samples.slice(-needed)
  if (newest.length < needed) return undefined
  // An invalid sample between valid ones may be one face leaving and another coming: start anew behind it.
  if (!newest.every(({ sample }) => isValid(sample, rules))) return undefined
  const sorted = newest.map(({ sample }) => sample.bodyCentiCelsius).sort((a, b) => a - b)
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)]
  if (highest - lowest > rules.spreadCentiCelsius) return undefined
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return { tenths: tenthsOf(median), takenAt: last.takenAt }
}

/** Hundredths to tenths, half up: 37.25 is shown, and judged, as 37.3. */
export function tenthsOf(centiCelsius: number): number {
  return Math.floor((centiCelsius + 5) / 10)
}

function isValid(sample: TimedSample['sample'], rules: TemperatureRules): boolean {
  const inside = (value: number, [low, high]: readonly [number, number]) =>
    Number.isInteger(value) && value >= low && value <= high
  return (
    sample.head === 'ok' &&
    inside(sample.bodyCentiCelsius, rules.bodyCentiCelsius) &&
    (sample.rawCentiCelsius === undefined || inside(sample.rawCentiCelsius, rules.rawCentiCelsius)) &&
    inside(sample.ambientCentiCelsius, rules.ambientCentiCelsius) &&
    // Normal by our limit and abnormal by the device's own: unknown is never green.
    !(sample.calledAbnormal && tenthsOf(sample.bodyCentiCelsius) < rules.limitTenths)
  )
}

/** Warm enough to be a person, not so warm as to be ill. A thermometer that is away is a matter for staff. */
export function judgeTemperature(person: Person, { rules, hall }: Circumstances, now: number): Verdict {
  const { limitTenths, validSeconds, closerAfterSeconds } = rules.temperature
  const taken = person.temperature
  if (taken && now < taken.takenAt + validSeconds * 1000) {
    if (taken.tenths < limitTenths) return { status: 'passed' }
    return {
      status: 'failed',
      reason: { code: 'temperature-high', tenths: taken.tenths, limitTenths },
    }
  }
  if (!hall.available.thermometer) return { status: 'failed', reason: { code: 'temperature-unavailable' } }
  if (now >= person.openedAt + closerAfterSeconds * 1000)
    return { status: 'attention', problem: 'stand-closer' }
  return { status: 'missing' }
}
