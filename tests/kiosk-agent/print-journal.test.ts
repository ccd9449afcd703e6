import { describe, expect, test } from 'vitest'
import type { PrintJob, PrintResult } from '../../devices/kinds.ts'
import { endsAs, journalBench, printed } from './support/journal-bench.ts'

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
