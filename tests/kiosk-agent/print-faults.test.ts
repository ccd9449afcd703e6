import { describe, expect, test } from 'vitest'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { PrinterFaults } from '../../devices/receipt-printers/escpos/simulator.ts'
import type { PrinterSetup } from '../support/escpos-printer.ts'
import { slipBench } from '../support/slip-bench.ts'
import { isBeginningOf, wholeSlip } from '../support/slip-document.ts'

/** SLIP_OFFSETS=all breaks a slip at every byte; a number, at so many and the ends. */
const wanted = process.env.SLIP_OFFSETS ?? '2'
const faults: readonly (keyof PrinterFaults)[] = [
  ...(['paperOutAfterBytes', 'coverOpenAfterBytes', 'dropLinkAfterBytes'] as const),
  ...(['deafAfterBytes', 'muteAfterBytes', 'powerCutAfterBytes'] as const),
]
const links: readonly { readonly link: string; readonly setup: PrinterSetup }[] = [
  { link: 'a serial line that stays open', setup: { kept: true, device: { paceBaud: 115_200 } } },
  { link: 'a new connection for each job', setup: {} },
  {
    link: 'a presenter on a serial line',
    setup: {
      kept: true,
      profile: readProfile('custom-kpm216h'),
      device: { presenter: 'custom-ge', takenAfterMs: 1000 },
    },
  },
]

const [first, second, next] = [wholeSlip('A2-2222', 1), wholeSlip('A2-2222', 2), wholeSlip('B3-3333', 1)]
const same = (paper: readonly string[], slip: readonly string[]) => paper.join('\n') === slip.join('\n')

/** Bytes that printer gets for one slip, the questions before it included. */
async function bytesOfASlip(setup: PrinterSetup): Promise<number> {
  const bench = await slipBench(setup)
  const before = bench.far.received.length
  bench.print('A2-2222')
  await bench.clock.until(bench.journal.drained())
  return bench.far.received.length - before
}

/** Every byte; or some of the questions before it, of its body, of cut and confirmation, and none at all. */
function offsetsUpTo(total: number): number[] {
  const count = wanted === 'all' ? total : Number(wanted)
  const everywhere = Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * total) / count))
  return [...new Set([0, 9, 30, ...everywhere, total - 12, total - 3, total, total + 1])]
}

/** A fault at one byte, somebody who mends it, a visitor who asks for another copy, and the next visitor. */
async function breakAt(setup: PrinterSetup, fault: keyof PrinterFaults, offset: number) {
  const bench = await slipBench(setup)
  const { clock, far, journal } = bench
  bench.arm(fault, offset)
  bench.print('A2-2222')
  await clock.advance(40_000)
  bench.mend()
  await clock.advance(50_000)
  const unasked = { states: bench.states('A2-2222', 1), papers: bench.papers() }

  const question = journal.question('A2-2222')
  const asked = question?.offers.includes('print-again') === true && bench.printAgain('A2-2222', 1)
  if (asked) bench.printAgain('A2-2222', 1)
  await clock.advance(60_000)
  journal.forget('A2-2222')
  bench.print('B3-3333')
  await clock.advance(60_000)
  await clock.until(journal.drained())
  bench.setup.stop()
  return { ...bench, far, unasked, asked }
}

type Broken = Awaited<ReturnType<typeof breakAt>>

/** What must hold wherever the fault came; empty when it does. */
function faultsOf({ unasked, asked, states, papers }: Broken): string[] {
  const wrong: string[] = []
  const all = papers()
  const count = (slip: readonly string[]) => all.filter((paper) => same(paper, slip)).length
  const end = unasked.states.at(-1) ?? ''
  const ended = ['printed', 'not-started', 'incomplete', 'unknown'].includes(end)
  if (!ended) wrong.push(`has no end: ${unasked.states}`)
  if (end === 'printed' && !unasked.papers.some((paper) => same(paper, first)))
    wrong.push('printed without a cut slip')
  if (end === 'not-started' && unasked.papers.some((paper) => paper.length > 0))
    wrong.push('not started, and yet on paper')
  if (count(first) > 1) wrong.push('one copy number twice')
  if (states('A2-2222', 1).filter((state) => state === 'sending').length > 1)
    wrong.push('sent twice without being asked')
  if (end !== 'printed' && !asked) wrong.push('nobody could ask for a copy')
  if (count(second) !== (asked ? 1 : 0)) wrong.push(`the copy came out ${count(second)} times`)
  if (count(next) !== 1) wrong.push(`the next slip came out ${count(next)} times`)
  const strays = all.filter((paper) => ![first, second, next].some((slip) => isBeginningOf(paper, slip)))
  if (strays.length > 0) wrong.push(`a paper that is no slip and no piece of one: ${JSON.stringify(strays)}`)
  return wrong
}

describe.each(links)('A slip over $link', ({ setup }) => {
  test.each(faults)(
    '%s at any byte: never "printed" without the cut, never twice unasked',
    async (fault) => {
      const offsets = offsetsUpTo(await bytesOfASlip(setup))
      const found: Record<string, string[]> = {}
      const ends = new Set<string>()
      for (const offset of offsets) {
        const broken = await breakAt(setup, fault, offset)
        const wrong = faultsOf(broken)
        if (wrong.length > 0) found[`byte ${offset}`] = wrong
        ends.add(broken.unasked.states.at(-1) ?? '')
      }
      expect(found).toEqual({})
      // Faults that all end alike were not in the middle of anything.
      if (fault !== 'muteAfterBytes') expect(ends.size).toBeGreaterThan(1)
    },
    0,
  )
})
