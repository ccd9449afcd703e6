import type { Commands } from '../../devices/kinds.ts'
import type { PrinterFaults } from '../../devices/receipt-printers/escpos/simulator.ts'
import { type Entry, entrySchema } from '../../kiosk-agent/ledger/entries.ts'
import { closeLeft, followSlips, noSlips } from '../../kiosk-agent/paper/left-slips.ts'
import { createPrintJournal, type PrintJournal } from '../../kiosk-agent/paper/print-journal.ts'
import { type PrinterSetup, printerSetup } from './escpos-printer.ts'
import { contentOf, slipDocument } from './slip-document.ts'

const WAIT_MS = 60_000
const GREETINGS = 10

/** Print journal, driver and a simulated printer on one virtual clock; what came out is read from the far end's bytes alone. */
export async function slipBench(options: PrinterSetup = {}) {
  const setup = printerSetup(options)
  const { clock, printer: far } = setup
  const entries: Entry[] = []
  let run = 0

  /** A process: once the next one runs, nothing that this one still does reaches the ledger, and so the printer. */
  function agent(commands: Commands<'receipt-printer'>): PrintJournal {
    const mine = ++run
    const record = (...written: Entry[]) => {
      if (mine !== run) return new Promise<never>(() => {})
      entries.push(...written.map((each) => entrySchema.parse(each)))
      return Promise.resolve()
    }
    const journal = createPrintJournal({
      printer: () => commands,
      ready: () => setup.events.at(-1)?.fault === undefined,
      clock,
      log: () => {},
      signal: new AbortController().signal,
      record,
      note: record,
      onChange: () => {},
    })
    setup.onEvent(() => {
      for (const proof of setup.proofs.splice(0)) journal.lateProof(proof)
      journal.printerChanged()
    })
    return journal
  }

  /** As the hub does, a greeting that fails is tried again; meanwhile somebody switches a deaf printer off and on. */
  async function greeted(): Promise<Commands<'receipt-printer'>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await setup.start()
      } catch (error) {
        if (attempt === GREETINGS) throw error
        far.setSenses({ deaf: false, mute: false })
      }
    }
  }

  const bench = {
    ...{ setup, clock, far, entries },
    journal: agent(await setup.start()),
    /** The agent's process dies here and now, and another one begins. */
    async restart() {
      run++
      const left = followSlips(noSlips, entries)
      entries.push(...closeLeft(left))
      bench.journal = agent(await greeted())
      if (left.trouble) bench.journal.foundTrouble()
    },
    print: (slipCode: string) => bench.journal.print(slip(slipCode)),
    printAgain: (slipCode: string, copy: number) =>
      bench.journal.printAgain({ slipCode, copy, by: 'visitor', notAfter: clock.monotonic() + WAIT_MS }),
    reprint: (slipCode: string, copy: number) =>
      bench.journal.reprint(slip(slipCode), { slipCode, copy, by: 'staff' }),
    /** Whoever serves the printer has come: paper, cover, cable and power are as they should be. */
    mend() {
      far.setSenses({ deaf: false, mute: false })
      far.setCover(true)
      far.setCover(false)
      far.setPaper('full')
    },
    arm: (fault: keyof PrinterFaults, afterBytes: number) => far.arm({ [fault]: afterBytes }),
    /** What stands on each piece of paper, oldest first. */
    papers: () => far.slips.map(({ bytes }) => contentOf(bytes)),
    states: (slipCode: string, copy: number) =>
      entries.flatMap((entry) =>
        entry.type === 'slip' && entry.slipCode === slipCode && entry.copy === copy ? [entry.state] : [],
      ),
  }

  const slip = (slipCode: string) => ({
    slipCode,
    document: (copy: number) => slipDocument(slipCode, copy),
    notAfter: clock.monotonic() + WAIT_MS,
  })
  return bench
}
