import { describe, expect, test } from 'vitest'
import { nextStep } from '../../kiosk-agent/entry/next-step.ts'
import { snapshots } from '../kiosk-ui/snapshots.ts'

describe('The next useful step', () => {
  const step = (name: string) => nextStep(snapshots[name]?.session?.persons[0]?.checks ?? [])?.check

  test('is the first thing missing, in the order of the list', () => {
    expect(step('checklist-start')).toBe('identity')
    expect(step('checklist-card-done')).toBe('health')
    expect(step('checklist-code-first')).toBe('identity')
  })

  test('is what went wrong before anything else', () => {
    expect(step('checklist-health-owner-mismatch')).toBe('health')
  })

  test('passes over what is under way while the visitor can do something else', () => {
    expect(step('checklist-looking-up')).toBe('health')
    expect(step('checklist-health-working')).toBe('health')
  })

  test('is nothing once all is there', () => {
    expect(step('checklist-committing')).toBeUndefined()
    expect(step('checklist-failed')).toBeUndefined()
  })
})
