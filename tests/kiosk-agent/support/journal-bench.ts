import type { Commands, PrintJob, PrintResult } from '../../../devices/kinds.ts'
import { type Entry, entrySchema } from '../../../kiosk-agent/ledger/entries.ts'
import { createPrintJournal } from '../../../kiosk-agent/paper/print-journal.ts'
import { fakeClock } from '../../support/fake-clock.ts'

export const printed: PrintResult = { outcome: 'printed', evidence: 'process-id', paperLow: false }

/** Goes as far as the first byte and ends as given. */
export const endsAs = (result: Partial<PrintResult>) => async (job: PrintJob) => {
  await job.beforeFirstByte()
  return { ...printed, ...result }
}

/** Does not begin, for this reason. */
export const notStarted = (fault: PrintResult['fault']) => async (): Promise<PrintResult> => ({
  outcome: 'not-started',
  fault,
  paperLow: false,
})

/** A journal whose printer does with each job what the test says; `happened` holds entries and bytes in their order. */
export function journalBench(print: (job: PrintJob) => Promise<PrintResult>) {
  const clock = fakeClock()
  const happened: string[] = []
  const entries: Entry[] = []
  const shown: string[] = []
  const jobs: PrintJob[] = []
  const stopping = new AbortController()
  const state = { online: true, ready: true, full: false }
  const doing = { print }
  const printer: Commands<'receipt-printer'> = {
    check: async () => ({ paper: 'full', cover: 'closed' }),
    async print(job) {
      jobs.push(job)
      return doing.print(job)
    },
  }
  async function record(...written: Entry[]) {
    if (state.full) throw new Error('disk full')
    for (const entry of written) {
      entries.push(entrySchema.parse(entry))
      happened.push(words(entry))
    }
  }
  const journal = createPrintJournal({
    printer: () => (state.online ? printer : undefined),
    ready: () => state.online && state.ready,
    clock,
    log: () => {},
    signal: stopping.signal,
    record,
    note: (...written) => record(...written).catch(() => {}),
    onChange: (slipCode, slip) => shown.push(`${slipCode} ${slip}`),
  })
  const slip = (slipCode: string, waitMs = 60_000) =>
    journal.print({
      slipCode,
      document: (copy) => [{ type: 'text', text: `${slipCode} copy ${copy}` }],
      notAfter: clock.monotonic() + waitMs,
    })
  const again = (slipCode: string, copy = 1) =>
    journal.printAgain({ slipCode, copy, by: 'visitor', notAfter: clock.monotonic() + 60_000 })
  const drained = () => clock.until(journal.drained(), 300_000)
  return {
    ...{ clock, happened, entries, shown, jobs, state, doing, journal, slip, again, drained },
    stop: () => stopping.abort(new Error('the agent stops')),
  }
}

/** "A1 printed", "A1/2 not-started paper-out", "A1 said have-it". */
function words(entry: Entry): string {
  if (entry.type === 'slip') {
    const { slipCode, copy, state, fault, late } = entry
    const name = copy === 1 ? slipCode : `${slipCode}/${copy}`
    return [name, state, fault, late && 'late'].filter(Boolean).join(' ')
  }
  if (entry.type === 'slip-answer') return `${entry.slipCode}/${entry.copy} said ${entry.answer}`
  return entry.type === 'slip-handover' ? `${entry.slipCode}/${entry.copy} ${entry.how}` : entry.type
}
