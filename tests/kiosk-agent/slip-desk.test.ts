import { describe, expect, test } from 'vitest'
import type { PrintDocument, PrinterStatus, PrintResult } from '../../devices/kinds.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { openDoor, wang } from './support/door-bench.ts'

const result = (more: Partial<PrintResult>): PrintResult => ({ outcome: 'printed', paperLow: false, ...more })

/** A visit whose slip ends as given; `documents` are what was printed. */
async function visitWithSlip(first: PrintResult) {
  const bench = await openDoor()
  const documents: PrintDocument[] = []
  const results = [first]
  bench.printer.print = async ({ document }) => {
    documents.push(document)
    return results.shift() ?? result({})
  }
  await bench.visit()
  await bench.outcome()
  const paper = (status: Partial<PrinterStatus>) =>
    bench.door.onDevice({
      kind: 'receipt-printer',
      event: { type: 'paper', status: { paper: 'full', cover: 'closed', ...status } },
    })
  const press = (type: 'print-again' | 'have-slip', copy = 1) =>
    bench.send({ type, copy, about: bench.view().outcome?.id ?? null })
  const slips = () =>
    bench.entries.flatMap((entry: Entry) => (entry.type === 'slip' ? [`${entry.copy} ${entry.state}`] : []))
  return { ...bench, documents, paper, press, slips }
}

/** Every text on a slip. */
const textsOf = (document: PrintDocument | undefined) =>
  (document ?? []).flatMap((block) => (block.type === 'text' ? [block.text] : []))

describe('What the visitor’s screen does about a slip', () => {
  test('an unknown end is asked about, with the short code to take along and nothing else', async () => {
    const bench = await visitWithSlip(result({ outcome: 'unknown' }))
    const outcome = await bench.outcome()
    expect(outcome).toMatchObject({
      slip: 'unknown',
      slipHelp: { copy: 1, offers: ['have-slip', 'print-again'] },
    })
    // Version 1: 21 modules hold the code and leave no room for anything else.
    expect(outcome?.slipHelp?.qr).toHaveLength(21)
  })

  test('a printed slip is not asked about', async () => {
    const bench = await visitWithSlip(result({}))
    expect(await bench.outcome()).toMatchObject({ slip: 'printed' })
    expect(bench.view().outcome).not.toHaveProperty('slipHelp')
    expect(bench.press('print-again')).toBe('stale')
  })

  test('"print again" prints one copy however often it is pressed, and the copy says that it is one', async () => {
    const bench = await visitWithSlip(result({ outcome: 'unknown' }))
    expect([bench.press('print-again'), bench.press('print-again')]).toEqual(['accepted', 'stale'])
    expect(bench.view().outcome).toMatchObject({ slip: 'printing' })
    expect(await bench.outcome()).toMatchObject({ slip: 'printed' })
    expect(bench.press('print-again')).toBe('stale')
    expect(bench.documents).toHaveLength(2)
    const [slip, copy] = bench.documents.map(textsOf)
    expect(slip).not.toContain('补打 2')
    expect(copy).toEqual([slip?.[0], '补打 2', ...(slip?.slice(1) ?? [])])
    expect(bench.slips().slice(-4)).toEqual(['2 queued', '2 checking', '2 sending', '2 printed'])
  })

  test('"I have it" is an entry and ends the question', async () => {
    const bench = await visitWithSlip(result({ outcome: 'unknown' }))
    expect(bench.press('have-slip')).toBe('accepted')
    expect(await bench.outcome()).toMatchObject({ slip: 'in-hand' })
    expect(bench.view().outcome).not.toHaveProperty('slipHelp')
    expect(bench.entries.at(-1)).toMatchObject({
      type: 'slip-answer',
      copy: 1,
      answer: 'have-it',
      by: 'visitor',
    })
  })

  test('the question stays long enough to be answered, even when the time of the result is nearly over', async () => {
    const bench = await openDoor()
    const printing = Promise.withResolvers<PrintResult>()
    bench.printer.print = () => printing.promise
    await bench.visit()
    await bench.clock.advance(19_500)
    printing.resolve(result({ outcome: 'unknown' }))
    await bench.clock.advance(15_000)
    expect(bench.view().outcome).toMatchObject({ slip: 'unknown' })
    await bench.clock.advance(6_000)
    expect(bench.view().outcome).toBeNull()
  })

  test('whoever comes next can neither see nor print the slip of the one before', async () => {
    const bench = await visitWithSlip(result({ outcome: 'unknown' }))
    const former = bench.view().outcome?.id ?? null
    bench.layCard(wang)
    await bench.clock.advance(50)
    expect(bench.view().outcome).toBeNull()
    expect(bench.send({ type: 'print-again', about: former, copy: 1 })).toBe('stale')
    bench.send({ type: 'cancel', about: bench.view().session?.id ?? null })
    expect(bench.press('print-again')).toBe('stale')
    await bench.clock.advance(60_000)
    expect(bench.documents).toHaveLength(1)
  })

  test('a slip that could not start comes out by itself when the paper is back', async () => {
    const bench = await visitWithSlip(result({ outcome: 'not-started', fault: 'paper-out' }))
    bench.paper({ paper: 'out', fault: 'paper-out' })
    expect(await bench.outcome()).toMatchObject({ slip: 'failed', slipHelp: { offers: [] } })
    await bench.clock.advance(10_000)
    bench.paper({})
    await bench.clock.advance(100)
    expect(await bench.outcome()).toMatchObject({ slip: 'printed' })
    expect(new Set(bench.slips().map((slip) => slip[0]))).toEqual(new Set(['1']))
  })

  test('and not any more when its visitor has finished', async () => {
    const bench = await visitWithSlip(result({ outcome: 'not-started', fault: 'paper-out' }))
    bench.paper({ paper: 'out', fault: 'paper-out' })
    bench.send({ type: 'dismiss-outcome', about: bench.view().outcome?.id ?? null })
    bench.paper({})
    await bench.clock.advance(30_000)
    expect(bench.documents).toHaveLength(1)
  })

  test('without a printer the code is offered at once', async () => {
    const bench = await openDoor()
    bench.online.delete('receipt-printer')
    await bench.visit()
    expect(await bench.outcome()).toMatchObject({
      decision: 'admit',
      slip: 'failed',
      slipHelp: { offers: [] },
    })
  })

  test('tells to take the slip while it waits at the exit, and that it was taken back', async () => {
    const bench = await openDoor()
    const taken = Promise.withResolvers<PrintResult>()
    bench.printer.print = (job) => {
      job.onHeldOut?.()
      return taken.promise
    }
    await bench.visit()
    expect(await bench.outcome()).toMatchObject({ slip: 'held-out' })
    taken.resolve(result({ taken: false, removed: 'retracted' }))
    expect(await bench.outcome()).toMatchObject({ slip: 'not-taken', slipHelp: { offers: ['print-again'] } })
    expect(bench.entries.at(-1)).toMatchObject({ type: 'slip-handover', how: 'retracted' })
  })

  test('a proof that comes late turns the question into a printed slip', async () => {
    const bench = await openDoor()
    let processId = ''
    bench.printer.print = async (job) => {
      processId = job.processId
      return result({ outcome: 'unknown' })
    }
    await bench.visit()
    expect(await bench.outcome()).toMatchObject({ slip: 'unknown' })
    bench.door.onDevice({ kind: 'receipt-printer', event: { type: 'late-proof', processId } })
    expect(await bench.outcome()).toMatchObject({ slip: 'printed' })
    expect(bench.entries.at(-1)).toMatchObject({ state: 'printed', evidence: 'process-id', late: true })
  })

  test('changes of the paper are entries, each once', async () => {
    const bench = await visitWithSlip(result({}))
    for (const paper of ['full', 'low', 'low', 'jammed', 'low', 'out', 'full'] as const)
      bench.paper({ paper })
    await bench.clock.advance(10)
    expect(bench.entries.flatMap((entry) => (entry.type === 'paper' ? [entry.paper] : []))).toEqual([
      ...['full', 'low', 'out', 'full'],
    ])
  })

  test('remains of an earlier run are cleared before the first slip', async () => {
    const bench = await openDoor()
    const jobs: (boolean | undefined)[] = []
    bench.printer.print = async ({ afterTrouble }) => {
      jobs.push(afterTrouble)
      return result({})
    }
    await bench.clock.until(bench.door.start([], { open: [], trouble: true }))
    await bench.visit()
    await bench.outcome()
    expect(jobs).toEqual([true])
  })
})
