import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TemperatureSample } from '../../devices/kinds.ts'
import { collect, newPerson, type Person } from '../../kiosk-agent/entry/evidence.ts'
import { judgeTemperature, look, tenthsOf } from '../../kiosk-agent/entry/rules/temperature.ts'
import { circumstances, epidemicRules, MONDAY_1030, sample } from '../support/visitor.ts'

const rules = epidemicRules.temperature
const STEP_MS = 100

/** A person who stood before the thermometer while it gave these samples. */
function measured(samples: readonly TemperatureSample[], stepMs = STEP_MS): Person {
  return samples.reduce<Person>(
    (person, each, index) =>
      collect(
        person,
        { type: 'temperature', sample: each, takenAt: MONDAY_1030 + stepMs * (index + 1) },
        epidemicRules,
      ).person,
    newPerson(MONDAY_1030),
  )
}
const five = (bodyCentiCelsius: number, changes: Partial<TemperatureSample> = {}) =>
  Array.from({ length: 5 }, () => sample(bodyCentiCelsius, changes))
const verdict = (person: Person, after = 1000) =>
  judgeTemperature(person, circumstances(), MONDAY_1030 + after)

describe('A temperature', () => {
  test.each([
    [3724, 372, 'passed'],
    [3725, 373, 'failed'],
    [3729, 373, 'failed'],
    [3730, 373, 'failed'],
    [3719, 372, 'passed'],
    [3400, 340, 'passed'],
  ])('of %i hundredths is shown as %i tenths and judged as shown: %s', (centi, tenths, status) => {
    expect(tenthsOf(centi)).toBe(tenths)
    const person = measured(five(centi))
    expect(person.temperature?.tenths).toBe(tenths)
    expect(verdict(person).status).toBe(status)
  })

  test('is the median of the newest samples, whatever their order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([3640, 3645, 3650, 3660, 3669], { minLength: 5 }), (order) => {
        expect(measured(order.map((centi) => sample(centi))).temperature?.tenths).toBe(365)
      }),
      { numRuns: 30 },
    )
  })

  test('needs samples that agree: 0.30 °C apart is still one face, 0.31 is not', () => {
    const apart = (spread: number) => measured([3650, 3650, 3650, 3650, 3650 + spread].map((c) => sample(c)))
    expect(apart(30).temperature).toBeDefined()
    expect(apart(31).temperature).toBeUndefined()
  })

  test('told as one result of many measurements is a look by itself', () => {
    const whole = { whole: true, rawCentiCelsius: undefined }
    expect(measured([sample(3650, whole)]).temperature?.tenths).toBe(365)
    expect(measured([sample(3650)]).temperature).toBeUndefined()
    expect(measured([sample(3650, { ...whole, head: 'warming-up' })]).temperature).toBeUndefined()
    expect(measured([sample(3650, { ...whole, ambientCentiCelsius: 500 })]).temperature).toBeUndefined()
    expect(verdict(measured([sample(3730, whole)]))).toMatchObject({ status: 'failed' })
  })

  test('that the device calls abnormal is never normal: staff look, unless it is high by our limit, too', () => {
    const abnormal = { whole: true, calledAbnormal: true }
    const person = measured([sample(3690, abnormal), sample(3500, abnormal)])
    expect(person.temperature).toBeUndefined()
    expect(verdict(person, 9000)).toMatchObject({ status: 'attention' })
    expect(verdict(measured([sample(3730, abnormal)]))).toMatchObject({ status: 'failed' })
  })

  test('needs enough samples within the window', () => {
    expect(measured(five(3650).slice(1)).temperature).toBeUndefined()
    expect(measured(five(3650), rules.withinMs / 4).temperature).toBeDefined()
    expect(measured(five(3650), rules.withinMs / 4 + 1).temperature).toBeUndefined()
  })

  test.each<[string, Partial<TemperatureSample>]>([
    ['a frozen head', { head: 'frozen' }],
    ['a head that warms up', { head: 'warming-up' }],
    ['surroundings too hot', { ambientCentiCelsius: 3201 }],
    ['surroundings too cold', { ambientCentiCelsius: 1599 }],
    ['a skin too cold', { rawCentiCelsius: 2799 }],
    ['a body too cold', { bodyCentiCelsius: 3399 }],
    ['a body too hot', { bodyCentiCelsius: 4201 }],
    ['no number', { bodyCentiCelsius: Number.NaN }],
    ['half hundredths', { bodyCentiCelsius: 3650.5 }],
  ])('never comes from %s, and one such sample in between begins the look anew', (_, wrong) => {
    expect(measured(five(3650, wrong)).temperature).toBeUndefined()
    const between = [...five(3650).slice(1), sample(3650, wrong), ...five(3650).slice(1)]
    expect(measured(between).temperature).toBeUndefined()
    expect(measured([...between, sample(3650)]).temperature).toBeDefined()
  })

  test.each([
    ['ambient', { ambientCentiCelsius: 3200 }],
    ['ambient', { ambientCentiCelsius: 1600 }],
    ['body', { bodyCentiCelsius: 4200 }],
  ])('counts at the very edge of what is believed: %s', (_, edge) => {
    expect(measured(five(3650, edge)).temperature).toBeDefined()
  })

  test('taken before the person was there belongs to nobody', () => {
    const early = { type: 'temperature', sample: sample(3650), takenAt: MONDAY_1030 - 1 } as const
    expect(collect(newPerson(MONDAY_1030), early, epidemicRules).person.samples).toEqual([])
  })

  test('stays as it was taken while it is valid, and is no evidence afterwards', () => {
    const person = measured([...five(3750), ...five(3650)])
    expect(person.temperature?.tenths).toBe(375)
    const over = 5 * STEP_MS + rules.validSeconds * 1000
    expect(verdict(person, over - 1).status).toBe('failed')
    expect(verdict(person, over)).toEqual({ status: 'attention', problem: 'stand-closer' })
  })

  test('that nobody can take is a matter for staff', () => {
    const away = circumstances({ available: { thermometer: false, gate: true } })
    expect(judgeTemperature(newPerson(MONDAY_1030), away, MONDAY_1030)).toEqual({
      status: 'failed',
      reason: { code: 'temperature-unavailable' },
    })
    expect(look([], rules)).toBeUndefined()
  })
})
