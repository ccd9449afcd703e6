import { describe, expect, test } from 'vitest'
import { checklistRows, chooseScreen } from '../../kiosk-ui/choose-screen.ts'
import { reloadIsDue, retryDelayMs } from '../../kiosk-ui/connection.ts'
import { pixelsPerMillimetre } from '../../kiosk-ui/panel.ts'
import { admitted, collecting, notAdmitted, reasons, snapshots, welcome } from './snapshots.ts'

const everything = {
  ...collecting([]),
  outcome: admitted().outcome,
  help: { since: welcome.at },
  service: { ...welcome.service, state: 'emergency' as const },
}

describe('Which screen is shown', () => {
  test('a lost connection covers everything, even an emergency', () => {
    expect(chooseScreen('lost', everything)).toBe('connection-lost')
    expect(chooseScreen('lost', null)).toBe('connection-lost')
    expect(chooseScreen('signed-out', everything)).toBe('signed-out')
  })

  test('emergency comes before help, help before the visit', () => {
    expect(chooseScreen('live', everything)).toBe('emergency')
    expect(chooseScreen('live', { ...everything, service: welcome.service })).toBe('help-coming')
  })

  test('the next visitor’s session comes before the last visitor’s outcome', () => {
    const both = { ...everything, service: welcome.service, help: null }
    expect(chooseScreen('live', both)).toBe('checklist')
    expect(chooseScreen('live', { ...both, session: null })).toBe('admitted')
  })

  test('a card left behind is spoken of once its visitor has gone in or read the result, never over the next visit', () => {
    const left = { ...welcome, cardLeft: true }
    expect(chooseScreen('live', left)).toBe('card-left')
    expect(chooseScreen('live', { ...admitted({ lane: 'passed' }), cardLeft: true })).toBe('card-left')
    expect(chooseScreen('live', { ...admitted({ lane: 'open' }), cardLeft: true })).toBe('admitted')
    expect(chooseScreen('live', { ...notAdmitted([reasons['too-early']]), cardLeft: true })).toBe('refused')
    expect(chooseScreen('live', { ...collecting([]), cardLeft: true })).toBe('checklist')
  })

  test('a refusal and a referral to staff share one screen', () => {
    expect(chooseScreen('live', notAdmitted([reasons['too-early']]))).toBe('refused')
    expect(chooseScreen('live', notAdmitted([reasons['no-phone']]))).toBe('refused')
  })

  test('out of service lets the visitor who is still there finish', () => {
    const service = { ...welcome.service, state: 'out-of-service' as const }
    expect(chooseScreen('live', { ...welcome, service })).toBe('out-of-service')
    expect(chooseScreen('live', { ...admitted(), service })).toBe('admitted')
  })

  test('while a technician works on the machine its screen says so, but a visitor who is still there finishes and a fire comes first', () => {
    const service = { ...welcome.service, state: 'maintenance' as const }
    expect(chooseScreen('live', { ...welcome, service })).toBe('maintenance')
    expect(chooseScreen('live', { ...admitted(), service })).toBe('admitted')
    const fire = { ...welcome.service, state: 'emergency' as const }
    expect(chooseScreen('live', { ...welcome, service: fire })).toBe('emergency')
  })

  test('before the first snapshot it says that it is starting', () => {
    expect(chooseScreen('connecting', null)).toBe('starting')
    expect(chooseScreen('live', welcome)).toBe('welcome')
  })
})

test('card and appointment share one line, which is done only when both are', () => {
  const rows = (name: string) => checklistRows(snapshots[name]?.session?.persons[0]?.checks ?? [])
  expect(rows('checklist-start').map(({ main }) => main.check)).toEqual([
    'identity',
    'health',
    'temperature',
    'mask',
  ])
  expect(rows('checklist-looking-up')[0]?.state).toBe('working')
  expect(rows('checklist-card-done')[0]?.state).toBe('passed')
})

test('a newer build replaces the page only between visitors and at most once a minute', () => {
  const seen = { firstBuild: 'a', build: 'b', pageAgeMs: 61_000, sessionRunning: false }
  expect(reloadIsDue(seen)).toBe(true)
  expect(reloadIsDue({ ...seen, build: 'a' })).toBe(false)
  expect(reloadIsDue({ ...seen, pageAgeMs: 59_000 })).toBe(false)
  expect(reloadIsDue({ ...seen, sessionRunning: true })).toBe(false)
})

test('the agent is asked again at growing intervals, never more than 5 s apart', () => {
  expect([0, 1, 2, 3, 4, 50].map(retryDelayMs)).toEqual([500, 1000, 2000, 4000, 5000, 5000])
})

test('sizes follow the panel that the launcher names, and nothing absurd', () => {
  const screen = { width: 1080, height: 1920 }
  expect(pixelsPerMillimetre('?diagonal=21.5', screen)).toBeCloseTo(4.034, 3)
  expect(pixelsPerMillimetre('', screen)).toBeUndefined()
  expect(pixelsPerMillimetre('?diagonal=0', screen)).toBeUndefined()
  expect(pixelsPerMillimetre('?diagonal=big', screen)).toBeUndefined()
})
