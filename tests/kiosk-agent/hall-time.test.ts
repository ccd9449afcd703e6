import { describe, expect, test } from 'vitest'
import type { Hall } from '../../config/schemas/hall.ts'
import { dayOf, isoTime, openingState, startOfDay } from '../../kiosk-agent/entry/hall-time.ts'

const nine = { from: '09:00', to: '12:00' }
const afternoon = { from: '14:00', to: '17:30' }
const allDay = { from: '00:00', to: '24:00' }
const closedAllWeek: Hall['hours'] = {
  monday: [],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
}
const usual = { ...closedAllWeek, monday: [nine, afternoon], tuesday: [nine], saturday: [allDay] }

/** 2 March 2020 was a Monday. */
const stateAt = (time: string, hours: Hall['hours'] = usual, utcOffsetMinutes = 480) =>
  openingState({ hours, utcOffsetMinutes }, Date.parse(time))
const at = (time: string) => Date.parse(time)

describe('The hours of a hall', () => {
  test.each([
    ['2020-03-02T08:59:59.999+08:00', false, '2020-03-02T09:00:00+08:00'],
    ['2020-03-02T09:00:00+08:00', true, undefined],
    ['2020-03-02T11:59:59.999+08:00', true, undefined],
    ['2020-03-02T12:00:00+08:00', false, '2020-03-02T14:00:00+08:00'],
    ['2020-03-02T17:30:00+08:00', false, '2020-03-03T09:00:00+08:00'],
    ['2020-03-03T12:00:00+08:00', false, '2020-03-07T00:00:00+08:00'],
    ['2020-03-07T00:00:00+08:00', true, undefined],
    ['2020-03-07T23:59:59.999+08:00', true, undefined],
    ['2020-03-08T00:00:00+08:00', false, '2020-03-09T09:00:00+08:00'],
  ])('at %s: open is %s, next from %s', (time, open, opensAt) => {
    const state = stateAt(time)
    expect(state.open).toBe(open)
    expect(state.opensAt).toBe(opensAt && at(opensAt))
  })

  test('tell today’s spans, also while it is closed', () => {
    expect(stateAt('2020-03-02T20:00:00+08:00').hours).toEqual([nine, afternoon])
    expect(stateAt('2020-03-04T10:00:00+08:00').hours).toEqual([])
  })

  test('go on without a gap where one day ends at 24:00 and the next begins at 00:00', () => {
    const always = Object.fromEntries(
      Object.keys(closedAllWeek).map((day) => [day, [allDay]]),
    ) as Hall['hours']
    for (const ms of [-1, 0, 1])
      expect(
        openingState({ hours: always, utcOffsetMinutes: 480 }, at('2020-03-03T00:00:00+08:00') + ms).open,
      ).toBe(true)
  })

  test('never promise an opening that does not come', () => {
    expect(stateAt('2020-03-02T10:00:00+08:00', closedAllWeek)).toEqual({ open: false, hours: [] })
    const mondayOnly = { ...closedAllWeek, monday: [nine] }
    expect(stateAt('2020-03-02T12:00:00+08:00', mondayOnly).opensAt).toBe(at('2020-03-09T09:00:00+08:00'))
  })

  test.each([
    [480, '2020-03-02T00:30:00+08:00', '20200302'],
    [480, '2020-03-01T23:59:59+08:00', '20200301'],
    [0, '2020-03-02T00:00:00Z', '20200302'],
    [-210, '2020-03-02T00:00:00-03:30', '20200302'],
    [345, '2020-03-01T23:59:00+05:45', '20200301'],
  ])('count days at %i minutes east of Greenwich as the hall does: %s', (offset, time, day) => {
    expect(dayOf(at(time), offset)).toBe(day)
    expect(dayOf(startOfDay(at(time), offset), offset)).toBe(day)
    expect(isoTime(startOfDay(at(time), offset), offset)).toContain('T00:00:00')
    expect(at(isoTime(at(time), offset))).toBe(at(time))
    expect(startOfDay(at(time), offset)).toBeLessThanOrEqual(at(time))
    expect(startOfDay(at(time), offset)).toBeGreaterThan(at(time) - 86_400_000)
  })

  test('write the offset as it is said', () => {
    const noon = at('2020-03-02T12:00:00Z')
    expect([480, 0, -210, 345].map((offset) => isoTime(noon, offset).slice(19))).toEqual([
      '+08:00',
      '+00:00',
      '-03:30',
      '+05:45',
    ])
  })
})
