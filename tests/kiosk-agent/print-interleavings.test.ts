import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PrinterFaults } from '../../devices/receipt-printers/escpos/simulator.ts'
import { slipBench } from '../support/slip-bench.ts'
import { contradictions } from '../support/slip-contradictions.ts'

/** PRINT_STORIES=… tells more of them. */
const stories = Number(process.env.PRINT_STORIES ?? 40)
const codes = ['A2-2222', 'B3-3333'] as const
const faults: readonly (keyof PrinterFaults)[] = [
  ...(['paperOutAfterBytes', 'coverOpenAfterBytes', 'dropLinkAfterBytes'] as const),
  ...(['deafAfterBytes', 'muteAfterBytes', 'powerCutAfterBytes'] as const),
]

/** Everything people, printers and power do to a slip. */
const code = fc.constantFrom(...codes)
const copy = fc.integer({ min: 1, max: 3 })
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(10, 200, 3000, 30_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('press', 'press-twice', 'staff', 'have-it'), code, copy }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('break' as const),
      fault: fc.constantFrom(...faults),
      bytes: fc.nat(2000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ does: 'mend' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forget' as const), code }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never
type Bench = Awaited<ReturnType<typeof slipBench>>

async function happen(bench: Bench, one: Happening): Promise<void> {
  if ('ms' in one) return bench.clock.advance(one.ms)
  if ('fault' in one) return bench.arm(one.fault, one.bytes)
  if (!('code' in one)) return one.does === 'mend' ? bench.mend() : restart(bench)
  if (!('copy' in one)) return bench.journal.forget(one.code)
  const asked = { slipCode: one.code, copy: one.copy, by: 'visitor' } as const
  if (one.does === 'have-it') bench.journal.haveSlip(asked)
  else if (one.does === 'staff') staff(bench, one.code)
  else
    for (let press = 0; press < (one.does === 'press' ? 1 : 2); press++) bench.printAgain(one.code, one.copy)
}

/** Staff look the last copy up in the ledger, as a service terminal does, and may press twice, too. */
function staff(bench: Bench, slipCode: string): void {
  const copies = bench.entries.flatMap((entry) =>
    entry.type === 'slip' && entry.slipCode === slipCode ? [entry.copy] : [],
  )
  if (copies.length === 0) return
  bench.reprint(slipCode, Math.max(...copies))
  bench.reprint(slipCode, Math.max(...copies))
}

/** A printer that hears nothing is not greeted: the hub would try again until somebody came. */
async function restart(bench: Bench): Promise<void> {
  bench.far.setSenses({ deaf: false, mute: false })
  await bench.restart()
}

test('whatever is pressed, broken, killed and mended in whatever order: no copy number comes out twice', async () => {
  let copies = 0
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(happening, { maxLength: 25 }), async (kept, story) => {
      const bench = await slipBench({ kept, device: { paceBaud: 57_600 } })
      for (const slipCode of codes) bench.print(slipCode)
      for (const one of story) await happen(bench, one)
      bench.mend()
      await bench.clock.advance(200_000)
      bench.setup.stop()
      expect(contradictions(bench.entries, bench.papers())).toEqual([])
      copies += bench.entries.filter(
        (entry) => entry.type === 'slip-answer' && entry.answer === 'print-again',
      ).length
    }),
    { numRuns: stories },
  )
  // Stories in which nobody ever got a copy prove little.
  if (stories >= 40) expect(copies).toBeGreaterThan(0)
}, 0)
