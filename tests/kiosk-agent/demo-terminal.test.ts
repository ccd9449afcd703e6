import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BenchPreset } from '../../kiosk-agent/api/contract.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'

let demo: DemoTerminal
beforeAll(async () => {
  demo = await startDemoTerminal()
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
})

/** Plays a visitor story and waits for its result. */
async function outcomeOf(preset: BenchPreset) {
  const before = demo.screen.snapshot.outcome?.id
  expect(await demo.screen.act({ type: 'preset', preset })).toBe(202)
  const { outcome } = await demo.screen.until(
    ({ outcome }) => outcome !== null && outcome.id !== before,
    `the result of "${preset}" (log: ${demo.logged.slice(-3).join('; ')})`,
  )
  return outcome
}

describe('The demo terminal', () => {
  test('admits a visitor by one preset: the gate opens once, the person passes, a slip is printed', async () => {
    const pulses = demo.screen.bench?.pulses ?? 0
    expect(await outcomeOf('admitted')).toMatchObject({ decision: 'admit', reasons: [], persons: 1 })
    const { outcome } = await demo.screen.until(
      ({ outcome }) => outcome?.lane === 'passed' && outcome.slip === 'printed',
      'passed, with a printed slip',
    )
    expect(outcome?.slipCode).toMatch(/^[A-Z]\d-\d{4}$/)
    expect(demo.screen.bench?.pulses).toBe(pulses + 1)
    const text = demo.screen.bench?.slips[0]?.paper.items
      .map((item) => (item.type === 'text' ? item.text : ''))
      .join('')
    expect(text).toContain(outcome?.slipCode)
    expect(text).toContain('模拟')
  })

  test.each<[BenchPreset, string, string]>([
    ['no-appointment', 'refuse', 'no-appointment'],
    ['too-early', 'refuse', 'too-early'],
    ['yellow-code', 'refuse', 'health-yellow'],
    ['fever', 'refuse', 'temperature-high'],
    ['hall-full', 'refuse', 'hall-full'],
    ['code-of-another', 'refuse', 'health-owner-mismatch'],
    ['gateway-down', 'assist', 'health-unavailable'],
  ])('does not open the gate for "%s", and says why', async (preset, decision, code) => {
    const pulses = demo.screen.bench?.pulses
    const outcome = await outcomeOf(preset)
    expect(outcome).toMatchObject({ decision, reasons: [{ code }] })
    expect(outcome?.next.length).toBeGreaterThan(0)
    expect(outcome?.lane).toBeUndefined()
    expect(demo.screen.bench?.pulses).toBe(pulses)
  })
})
