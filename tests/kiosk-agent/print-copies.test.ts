import { describe, expect, test } from 'vitest'
import { endsAs, journalBench, notStarted } from './support/journal-bench.ts'

describe('A slip of which nobody is sure', () => {
  test.each(['unknown', 'incomplete'] as const)('(%s) is never printed again by itself', async (outcome) => {
    const bench = journalBench(endsAs({ outcome }))
    bench.slip('A1')
    await bench.drained()
    for (let minute = 0; minute < 10; minute++) {
      bench.journal.printerChanged()
      await bench.clock.advance(60_000)
    }
    expect(bench.jobs).toHaveLength(1)
    expect(bench.journal.question('A1')).toEqual({
      copy: 1,
      offers: outcome === 'unknown' ? ['have-slip', 'print-again'] : ['print-again'],
    })
  })

  test('is printed again when somebody asks, as copy 2, and pressed twice prints once', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    await bench.drained()
    bench.doing.print = endsAs({})
    expect([bench.again('A1'), bench.again('A1')]).toEqual([true, false])
    await bench.drained()
    expect(bench.again('A1')).toBe(false)
    await bench.drained()
    expect(bench.jobs).toHaveLength(2)
    expect(bench.jobs[1]?.document).toEqual([{ type: 'text', text: 'A1 copy 2' }])
    expect(bench.happened.slice(-5)).toEqual([
      ...['A1/1 said print-again', 'A1/2 queued', 'A1/2 checking', 'A1/2 sending', 'A1/2 printed'],
    ])
    expect(bench.journal.question('A1')).toBeUndefined()
  })

  test('is not printed again by a press that was meant for an earlier copy', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    await bench.drained()
    bench.again('A1')
    await bench.drained()
    // The same press, delivered twice and late: copy 2 is in question now.
    expect(bench.again('A1', 1)).toBe(false)
    expect(bench.journal.haveSlip({ slipCode: 'A1', copy: 1, by: 'visitor' })).toBe(false)
    expect(bench.jobs).toHaveLength(2)
  })

  test('makes the printer clean itself before the next slip, until one is proven', async () => {
    const bench = journalBench(endsAs({ outcome: 'incomplete' }))
    bench.slip('A1')
    bench.slip('A2')
    await bench.drained()
    bench.doing.print = notStarted('canceled')
    bench.slip('A3')
    await bench.drained()
    bench.doing.print = endsAs({})
    bench.slip('A4')
    bench.slip('A5')
    await bench.drained()
    expect(bench.jobs.map(({ afterTrouble }) => afterTrouble)).toEqual([false, true, true, true, false])
  })

  test('of an earlier run makes the printer clean itself too', async () => {
    const bench = journalBench(endsAs({}))
    bench.journal.foundTrouble()
    bench.slip('A1')
    await bench.drained()
    expect(bench.jobs[0]?.afterTrouble).toBe(true)
  })

  test('is settled by whoever has it: that is written down, and nothing more is offered', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    await bench.drained()
    const asked = { slipCode: 'A1', copy: 1, by: 'visitor' } as const
    expect([bench.journal.haveSlip(asked), bench.journal.haveSlip(asked)]).toEqual([true, false])
    expect(bench.shown.at(-1)).toBe('A1 in-hand')
    expect(bench.again('A1')).toBe(false)
    expect(bench.happened.at(-1)).toBe('A1/1 said have-it')
  })

  test('is copied twice at most', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    for (let copy = 1; copy < 5; copy++) {
      await bench.drained()
      expect(bench.again('A1', copy)).toBe(copy < 3)
    }
    expect(bench.jobs).toHaveLength(3)
    expect(bench.journal.question('A1')).toEqual({ copy: 3, offers: ['have-slip'] })
  })

  test('is not offered a copy while the printer could not print one', async () => {
    const bench = journalBench(endsAs({ outcome: 'incomplete' }))
    bench.slip('A1')
    await bench.drained()
    bench.state.ready = false
    expect(bench.journal.question('A1')).toEqual({ copy: 1, offers: [] })
    expect(bench.again('A1')).toBe(false)
  })

  test('turns out to be printed when the printer’s own proof comes late, and that is kept with it', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    await bench.drained()
    bench.journal.lateProof('????')
    expect(bench.shown.at(-1)).toBe('A1 unknown')
    bench.journal.lateProof(bench.jobs[0]?.processId ?? '')
    bench.journal.lateProof(bench.jobs[0]?.processId ?? '')
    expect(bench.shown.at(-1)).toBe('A1 printed')
    expect(bench.happened.filter((each) => each.includes('late'))).toEqual(['A1 printed late'])
    expect(bench.again('A1')).toBe(false)
  })

  test('keeps a late proof with its own copy when another was asked for meanwhile', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    await bench.drained()
    bench.doing.print = () => new Promise(() => {})
    bench.again('A1')
    await bench.clock.advance(1000)
    bench.journal.lateProof(bench.jobs[0]?.processId ?? '')
    expect(bench.shown.at(-1)).toBe('A1 printing')
    expect(bench.happened.at(-1)).toBe('A1 printed late')
  })
})

describe('A slip of an earlier run', () => {
  const slip = {
    slipCode: 'A1',
    document: (copy: number) => [{ type: 'text' as const, text: `A1 copy ${copy}` }],
    notAfter: 60_000,
  }
  const asked = (copy: number) => ({ slipCode: 'A1', copy, by: 'staff' }) as const

  test('can be printed again by whoever brings its text along, ordered twice and printed once', async () => {
    const bench = journalBench(endsAs({}))
    expect([1, 1].map((copy) => bench.journal.reprint(slip, asked(copy)))).toEqual([true, false])
    await bench.drained()
    bench.journal.forget('A1')
    expect(bench.journal.reprint(slip, asked(1))).toBe(false)
    await bench.drained()
    expect(bench.jobs.map(({ document }) => document)).toEqual([[{ type: 'text', text: 'A1 copy 2' }]])
    expect(bench.happened.slice(0, 2)).toEqual(['A1/1 said print-again', 'A1/2 queued'])
  })

  test('is copied no more often than any other', () => {
    expect(journalBench(endsAs({})).journal.reprint(slip, asked(3))).toBe(false)
  })
})
