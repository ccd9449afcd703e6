import { epidemicRules } from '../support/visitor.ts'
import { mean } from './percentiles.ts'
import { atMost, ms, type Section } from './table.ts'

const ADMISSION_LIMIT_MS = 1300
const OUR_SHARE_LIMIT_PERCENT = 5
/** The thermometer gives ten readings a second at most, and the rules want so many of one person. */
const READING_MS = 100

/**
 * The machine's share of one admission, from visits in which the visitor takes no time at all. Wire: what pacing the bytes
 * adds. Device: the readings that the rules ask of the thermometer, which run beside the reading of the card. Ours: the rest.
 */
export function admissionSection(pacedMs: readonly number[], unpacedMs: readonly number[]): Section {
  // Means, because only they can be taken apart into parts that add up.
  const [total, unpaced] = [mean(pacedMs), mean(unpacedMs)]
  const wire = Math.max(0, total - unpaced)
  // The first reading is asked for as soon as the visitor is there, the others follow at the thermometer's pace.
  const device = (epidemicRules.temperature.samples - 1) * READING_MS
  const ours = total - wire - device
  const percent = (ours / total) * 100
  return {
    title: `Admission: card laid down to pulse, visitor takes no time (mean of ${pacedMs.length})`,
    figures: [
      { what: 'all of it', value: ms(total), promise: atMost(total, ADMISSION_LIMIT_MS, 'ms') },
      { what: 'wire: 115200 and 9600 baud', value: ms(wire) },
      { what: 'device: thermometer readings', value: ms(device) },
      {
        what: 'ours: everything else',
        value: `${ms(ours)} = ${percent.toFixed(1)} %`,
        promise: atMost(percent, OUR_SHARE_LIMIT_PERCENT, '% of all'),
      },
    ],
    notes: [
      'The card is read while the thermometer takes its readings, so its wire hardly adds to the whole.',
      'No maker publishes how long a card module or a relay thinks: nothing is counted for it, here or in the whole.',
    ],
  }
}
