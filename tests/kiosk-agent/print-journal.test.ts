import { describe, expect, test } from 'vitest'
import type { Commands, PrintJob, PrintResult } from '../../devices/kinds.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { closeUnfinished, createPrintJournal } from '../../kiosk-agent/paper/print-journal.ts'
import { fakeClock } from '../support/fake-clock.ts'

type Printer = Commands<'receipt-printer'>
const printed: PrintResult = { outcome: 'printed', evidence: 'process-id', paperLow: false }

/** A printer that does with each job what the test says; `happened` holds entries and bytes in their order. */
function journalBench(print: (job: PrintJob) => Promise<PrintResult>) {
  const clock = fakeClock()
  const happened: string[] = []
  const shown: string[] = []
  const jobs: PrintJob[] = []
  const state = { online: true, full: false }
  const printer: Printer = {
    check: async () => ({ paper: 'full', cover: 'closed' }),
    async print(job) {
      jobs.push(job)
      return print(job)
    },
  }
  async function record(...entries: Entry[]) {
    if (state.full) throw new Error('disk full')
    for (const entry of entries)
      if (entry.type === 'slip')
        happened.push([entry.slipCode, entry.state, entry.fault ?? ''].join(' ').trim())
  }
  const journal = createPrintJournal({
    printer: () => (state.online ? printer : undefined),
    clock,
    log: () => {},
    record,
    note: (...entries) => record(...entries).catch(() => {}),
    onChange: (slipCode, slip) => shown.push(`${slipCode} ${slip}`),
  })
  const slip = (slipCode: string) =>
    journal.print({ slipCode, document: [], notAfter: clock.monotonic() + 60_000 })
  return { clock, happened, shown, jobs, state, journal, slip }
}

describe('The print journal', () => {
  test('has "sending" in the ledger before the first byte leaves', async () => {
    const { clock, happened, shown, journal, slip } = journalBench(async (job) => {
      await job.beforeFirstByte()
      happened.push('byte')
      return printed
    })
    slip('A1')
    await clock.until(journal.drained())
    expect(happened).toEqual(['A1 queued', 'A1 sending', 'byte', 'A1 printed'])
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
    await bench.clock.until(bench.journal.drained())
    expect(bench.happened).toEqual(['A1 queued'])
    expect(bench.shown.at(-1)).toBe('A1 failed')
  })

  test('prints nothing while the ledger cannot even queue it, and the next slip when it can again', async () => {
    const { clock, happened, shown, jobs, state, journal, slip } = journalBench(async () => printed)
    state.full = true
    slip('A1')
    await clock.until(journal.drained())
    expect(jobs).toEqual([])
    expect(shown.at(-1)).toBe('A1 failed')
    state.full = false
    slip('A2')
    await clock.until(journal.drained())
    expect(happened).toEqual(['A2 queued', 'A2 printed'])
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
    const { clock, happened, shown, journal, slip } = journalBench(print)
    slip('A1')
    await clock.until(journal.drained())
    expect(happened.at(-1)).toBe(`A1 ${outcome}`)
    expect(shown.at(-1)).toBe(`A1 ${state}`)
  })

  test('gives a hanging printer up, and lets it print nothing of that slip later', async () => {
    const { clock, happened, jobs, journal, slip } = journalBench((job) =>
      jobs.length === 1 ? new Promise(() => {}) : job.beforeFirstByte().then(() => printed),
    )
    slip('A1')
    await clock.advance(59_000)
    slip('A2')
    await clock.until(journal.drained())
    expect(happened).toEqual(['A1 queued', 'A1 not-started timeout', 'A2 queued', 'A2 sending', 'A2 printed'])
    await expect(jobs[0]?.beforeFirstByte()).rejects.toMatchObject({ code: 'expired' })
    expect(happened.at(-1)).toBe('A2 printed')
  })

  test('says "unknown" when the printer hangs after the first byte', async () => {
    const { clock, happened, journal, slip } = journalBench(async (job) => {
      await job.beforeFirstByte()
      return new Promise(() => {})
    })
    slip('A1')
    await clock.until(journal.drained(), 120_000)
    expect(happened.at(-1)).toBe('A1 unknown timeout')
  })

  test('does not print a slip that nobody waits for any more, nor without a printer', async () => {
    const { clock, happened, jobs, state, journal } = journalBench(async () => printed)
    journal.print({ slipCode: 'A1', document: [], notAfter: clock.monotonic() - 1 })
    await clock.until(journal.drained())
    state.online = false
    journal.print({ slipCode: 'A2', document: [], notAfter: clock.monotonic() + 1000 })
    await clock.until(journal.drained())
    expect(jobs).toEqual([])
    expect(happened).toEqual(['A1 queued', 'A1 not-started timeout', 'A2 queued', 'A2 not-started offline'])
  })

  test('names every job otherwise than the job before it, also across a restart', async () => {
    const ids: string[] = []
    for (let run = 0; run < 3; run++) {
      const { clock, journal, slip } = journalBench(async ({ processId }) => {
        ids.push(processId)
        return printed
      })
      slip('A1')
      slip('A2')
      await clock.until(journal.drained())
    }
    for (const id of ids) expect(id).toMatch(/^[0-9A-Z]{4}$/)
    expect(new Set(ids).size).toBe(6)
  })

  test('closes after a restart what was left open, and only that', () => {
    const slip = (slipCode: string, state: 'queued' | 'sending' | 'printed' | 'not-started') =>
      ({ type: 'slip', slipCode, copy: 1, state }) as const
    const left = [
      slip('A1', 'queued'),
      slip('A2', 'queued'),
      slip('A2', 'sending'),
      slip('A3', 'queued'),
      slip('A3', 'sending'),
      slip('A3', 'printed'),
    ]
    const closed = closeUnfinished(left)
    expect(closed).toEqual([
      { ...slip('A1', 'not-started'), fault: 'restart' },
      { ...slip('A2', 'queued'), state: 'unknown', fault: 'restart' },
    ])
    expect(closeUnfinished([...left, ...(closed as typeof left)])).toEqual([])
  })
})
