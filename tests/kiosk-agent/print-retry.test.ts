import { describe, expect, test } from 'vitest'
import { endsAs, journalBench, notStarted } from './support/journal-bench.ts'

describe('A slip that did not start', () => {
  test('is printed by itself when the paper is refilled in time, as the same copy', async () => {
    const bench = journalBench(notStarted('paper-out'))
    bench.state.ready = false
    bench.slip('A1')
    await bench.clock.advance(20_000)
    expect(bench.shown).toEqual(['A1 printing', 'A1 failed'])
    bench.doing.print = endsAs({})
    bench.state.ready = true
    bench.journal.printerChanged()
    await bench.drained()
    expect(bench.shown.slice(2)).toEqual(['A1 printing', 'A1 printed'])
    expect(bench.jobs.map(({ document }) => document)).toEqual([
      [{ type: 'text', text: 'A1 copy 1' }],
      [{ type: 'text', text: 'A1 copy 1' }],
    ])
    const tries = bench.entries.flatMap((entry) =>
      entry.type === 'slip' && entry.attempt ? [`${entry.attempt} ${entry.state}`] : [],
    )
    expect(tries).toEqual(['1 checking', '1 not-started', '2 checking', '2 sending', '2 printed'])
  })

  test('is printed when the printer comes back', async () => {
    const { clock, drained, journal, jobs, shown, state, slip } = journalBench(endsAs({}))
    state.online = false
    slip('A1')
    await clock.advance(5000)
    expect(jobs).toEqual([])
    state.online = true
    journal.printerChanged()
    await drained()
    expect(shown.at(-1)).toBe('A1 printed')
  })

  test('stays unprinted when the refill comes too late', async () => {
    const bench = journalBench(notStarted('paper-out'))
    bench.state.ready = false
    bench.slip('A1', 30_000)
    await bench.clock.advance(30_001)
    bench.state.ready = true
    bench.journal.printerChanged()
    await bench.drained()
    expect(bench.jobs).toHaveLength(1)
  })

  test('is tried three times at most, however well the printer says it is', async () => {
    const bench = journalBench(notStarted('exit-blocked'))
    bench.slip('A1')
    await bench.drained()
    expect(bench.jobs).toHaveLength(3)
    expect(bench.clock.monotonic()).toBeGreaterThanOrEqual(4000)
  })

  test.each(['unprintable', 'canceled', 'unrecoverable'] as const)(
    'because of %s is not tried again',
    async (fault) => {
      const bench = journalBench(notStarted(fault))
      bench.slip('A1')
      await bench.drained()
      await bench.clock.advance(60_000)
      expect(bench.jobs).toHaveLength(1)
    },
  )

  test('is not tried again once its visitor is gone, nor while the agent stops', async () => {
    for (const end of ['forget', 'stop'] as const) {
      const bench = journalBench(notStarted('paper-out'))
      bench.state.ready = false
      bench.slip('A1')
      await bench.clock.advance(5000)
      if (end === 'forget') bench.journal.forget('A1')
      else bench.stop()
      await bench.drained()
      bench.state.ready = true
      bench.journal.printerChanged()
      await bench.clock.advance(60_000)
      expect(bench.jobs).toHaveLength(1)
    }
  })

  test('lets the next slip have its turn when that one is asked for instead', async () => {
    const bench = journalBench(notStarted('offline'))
    bench.slip('A1')
    await bench.clock.advance(500)
    bench.doing.print = endsAs({})
    expect(bench.again('A1')).toBe(true)
    await bench.drained()
    expect(bench.jobs.map(({ document }) => document[0])).toEqual([
      { type: 'text', text: 'A1 copy 1' },
      { type: 'text', text: 'A1 copy 2' },
    ])
  })
})
