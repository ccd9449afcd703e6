import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean, median, percentile, summary } from './bench/percentiles.ts'
import { atMost, ms, table } from './bench/table.ts'

const measurements = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
})

describe('A percentile', () => {
  test('is a measurement that was really taken', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2)
    expect(percentile([4, 1, 3, 2], 0.99)).toBe(4)
    expect(percentile([7], 0.01)).toBe(7)
  })

  test('of a hundred measurements at 99 % leaves out the slowest one alone', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => at + 1)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(summary(hundred)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 })
  })

  test('is never exceeded by more than the rest of all measurements', () => {
    fc.assert(
      fc.property(measurements, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const found = percentile(all, share)
        const above = all.filter((each) => each > found).length
        expect(above).toBeLessThanOrEqual(all.length * (1 - share) + 1e-6)
        expect(all).toContain(found)
      }),
      { numRuns: 200 },
    )
  })

  test('of nothing is a mistake, not a zero', () => {
    expect(() => median([])).toThrow(RangeError)
    expect(() => mean([])).toThrow(RangeError)
  })
})

describe('The report', () => {
  test('shows each figure beside its floor and its promise, and says plainly when one was missed', () => {
    const report = table([
      {
        title: 'Start',
        figures: [
          { what: 'cold', value: ms(612.4), floor: ms(33.41), promise: atMost(612.4, 800, 'ms') },
          { what: 'warm', value: ms(512), promise: atMost(512, 500, 'ms') },
        ],
        notes: ['Quiet machine.'],
      },
    ])
    expect(report.split('\n')).toEqual([
      '        measured  floor    promise',
      '',
      'Start',
      '  cold  612 ms    33.4 ms  ≤ 800 ms  kept',
      '  warm  512 ms             ≤ 500 ms  MISSED',
      '    Quiet machine.',
    ])
  })

  test('keeps a promise of "at most" on its very limit', () => {
    expect(atMost(20, 20, 'ms')).toEqual({ words: '≤ 20 ms', kept: true })
    expect(atMost(20.001, 20, 'ms').kept).toBe(false)
  })

  test('a figure that could not be measured keeps no promise', () => {
    expect(atMost(Number.NaN, 20, 'ms').kept).toBe(false)
  })
})
