import { describe, expect, test } from 'vitest'
import { closeLeft, followSlips, noSlips, type SlipEntry } from '../../kiosk-agent/paper/left-slips.ts'

const slip = (slipCode: string, state: SlipEntry['state'], more: Partial<SlipEntry> = {}): SlipEntry => ({
  ...{ type: 'slip', slipCode, copy: 1, state },
  ...more,
})
/** What the ledger says after these states of A1, in order. */
const leftBy = (...states: SlipEntry['state'][]) =>
  followSlips(
    noSlips,
    states.map((state) => slip('A1', state)),
  )

describe('After a restart', () => {
  test.each<[SlipEntry['state'], string]>([
    ['queued', 'not-started'],
    ['checking', 'not-started'],
    ['sending', 'unknown'],
    ['sent', 'unknown'],
  ])('a slip left as "%s" is %s', (state, end) => {
    expect(closeLeft(leftBy('queued', state))).toEqual([
      { ...slip('A1', state), state: end, fault: 'restart' },
    ])
  })

  test('what had its end keeps it, whichever try brought it', () => {
    for (const end of ['printed', 'not-started', 'incomplete', 'unknown'] as const)
      expect(closeLeft(leftBy('queued', 'checking', end))).toEqual([])
    expect(closeLeft(leftBy('queued', 'checking', 'not-started', 'checking', 'sending'))).toMatchObject([
      { state: 'unknown' },
    ])
    expect(closeLeft(leftBy('queued', 'checking', 'not-started', 'checking', 'sending', 'printed'))).toEqual(
      [],
    )
  })

  test('copies of one slip have each their own end', () => {
    const left = followSlips(noSlips, [slip('A1', 'unknown'), slip('A1', 'sending', { copy: 2, attempt: 1 })])
    expect(closeLeft(left)).toEqual([{ ...slip('A1', 'unknown', { copy: 2, attempt: 1 }), fault: 'restart' }])
  })

  test('what was closed once is not closed again', () => {
    const left = leftBy('queued', 'sending')
    expect(closeLeft(followSlips(left, closeLeft(left)))).toEqual([])
  })

  test.each<[boolean, SlipEntry['state'][]]>([
    [true, ['sending']],
    [true, ['sending', 'sent']],
    [true, ['sending', 'incomplete']],
    [true, ['sending', 'unknown']],
    [false, ['sending', 'sent', 'printed']],
    [false, ['queued', 'checking', 'not-started']],
    [false, []],
  ])('there may be remains in the printer: %s after %j', (trouble, states) => {
    expect(leftBy(...states).trouble).toBe(trouble)
  })

  test('a slip that did not start, and a late proof of another one, take no remains away', () => {
    const left = followSlips(leftBy('sending', 'unknown'), [slip('A2', 'queued'), slip('A2', 'not-started')])
    expect(left.trouble).toBe(true)
    expect(followSlips(left, [slip('A0', 'printed', { late: true })]).trouble).toBe(true)
  })
})
