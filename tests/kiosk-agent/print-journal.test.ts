import { describe, expect, test } from 'vitest'
import type { PrintJob, PrintResult } from '../../devices/kinds.ts'
import { endsAs, journalBench, notStarted, printed } from './support/journal-bench.ts'

describe('The print journal', () => {
  test('has every step in the ledger, and "sending" before the first byte leaves', async () => {
    const { drained, happened, shown, slip } = journalBench(async (job) => {
      await job.beforeFirstByte()
      happened.push('byte')
      job.onSent?.()
      return { ...printed, paperMm: 101 }
    })
    slip('A1')
    await drained()
    expect(happened).toEqual(['A1 queued', 'A1 checking', 'A1 sending', 'byte', 'A1 sent', 'A1 printed'])
    expect(shown).toEqual(['A1 printing', 'A1 printed'])
  })

  test('sends no byte that the ledger did not take', async () => {
    const bench = journalBench(async (job) => {
      bench.state.full = true
      await job.beforeFirstByte()
      bench.happened.push('byte')
      return printed
    })
    bench.slip('A1')
    await bench.drained()
    expect(bench.happened).toEqual(['A1 queued', 'A1 checking'])
    expect(bench.shown.at(-1)).toBe('A1 failed')
  })

  test('prints nothing while the ledger cannot even queue it, and the next slip when it can again', async () => {
    const { drained, happened, shown, jobs, state, slip } = journalBench(endsAs({}))
    state.full = true
    slip('A1')
    await drained()
    expect(jobs).toEqual([])
    expect(shown.at(-1)).toBe('A1 failed')
    state.full = false
    slip('A2')
    await drained()
    expect(happened).toEqual(['A2 queued', 'A2 checking', 'A2 sending', 'A2 printed'])
  })

  test.each<[string, (job: PrintJob) => Promise<PrintResult>, string, string]>([
    ['throws before it began', () => Promise.reject(new Error('bug')), 'not-started', 'failed'],
    [
      'throws while it prints',
      async (job) => {
        await job.beforeFirstByte()
        throw new Error('cable')
      },
      'unknown',
      'unknown',
    ],
  ])('keeps its words when a driver %s', async (_, print, outcome, state) => {
    const { drained, happened, shown, slip } = journalBench(print)
    slip('A1')
    await drained()
    expect(happened.at(-1)).toBe(`A1 ${outcome}`)
    expect(shown.at(-1)).toBe(`A1 ${state}`)
  })

  test('gives a hanging printer up, and lets it print nothing of that slip later', async () => {
    const { clock, drained, happened, jobs, slip } = journalBench((job) =>
      jobs.length === 1 ? new Promise(() => {}) : job.beforeFirstByte().then(() => printed),
    )
    slip('A1')
    await clock.advance(59_000)
    slip('A2')
    await drained()
    expect(happened.filter((each) => !/queued|checking/.test(each))).toEqual([
      ...['A1 not-started timeout', 'A2 sending', 'A2 printed'],
    ])
    await expect(jobs[0]?.beforeFirstByte()).rejects.toMatchObject({ code: 'expired' })
    jobs[0]?.onSent?.()
    expect(happened.at(-1)).toBe('A2 printed')
  })

  test('says "unknown" when the printer hangs after the first byte', async () => {
    const { drained, happened, slip } = journalBench(async (job) => {
      await job.beforeFirstByte()
      return new Promise(() => {})
    })
    slip('A1')
    await drained()
    expect(happened.at(-1)).toBe('A1 unknown timeout')
  })

  test('does not print a slip that nobody waits for any more', async () => {
    const { drained, happened, jobs, slip } = journalBench(endsAs({}))
    slip('A1', -1)
    await drained()
    expect(jobs).toEqual([])
    expect(happened.at(-1)).toBe('A1 not-started timeout')
  })

  test('names every job otherwise than the job before it, also across a restart', async () => {
    const ids: string[] = []
    for (let run = 0; run < 3; run++) {
      const { drained, slip } = journalBench(async ({ processId }) => {
        ids.push(processId)
        return printed
      })
      slip('A1')
      slip('A2')
      await drained()
    }
    for (const id of ids) expect(id).toMatch(/^[0-9A-Z]{4}$/)
    expect(new Set(ids).size).toBe(6)
  })
})

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

describe('A slip at the printer’s exit', () => {
  test.each<[string, Partial<PrintResult>, string, string]>([
    ['taken', { taken: true }, 'in-hand', 'taken'],
    ['taken back', { taken: false, removed: 'retracted' }, 'not-taken', 'retracted'],
    ['thrown out', { taken: false, removed: 'ejected' }, 'not-taken', 'ejected'],
    ['still there', { taken: false }, 'held-out', 'left'],
  ])('is %s: a fact of its own', async (_, result, state, how) => {
    const bench = journalBench(async (job) => {
      await job.beforeFirstByte()
      job.onHeldOut?.()
      return { ...printed, ...result }
    })
    bench.slip('A1')
    await bench.drained()
    expect(bench.shown).toEqual(
      state === 'held-out'
        ? ['A1 printing', 'A1 held-out', 'A1 held-out']
        : ['A1 printing', 'A1 held-out', `A1 ${state}`],
    )
    expect(bench.happened.slice(-2)).toEqual(['A1 printed', `A1/1 ${how}`])
  })
})

describe('What is kept of a slip', () => {
  test('is dropped when its visitor is gone, and not before it has an end', async () => {
    const bench = journalBench(endsAs({ outcome: 'unknown' }))
    bench.slip('A1')
    bench.journal.forget('A1')
    await bench.drained()
    expect(bench.happened.at(-1)).toBe('A1 unknown')
    expect(bench.journal.question('A1')).toBeUndefined()
    expect(bench.again('A1')).toBe(false)
    // Its proof is still worth an entry.
    bench.journal.lateProof(bench.jobs[0]?.processId ?? '')
    expect(bench.happened.at(-1)).toBe('A1 printed late')
  })
})
