import type { Commands, PrinterStatus } from '../../devices/kinds.ts'
import type { PrinterFaults } from '../../devices/receipt-printers/escpos/simulator.ts'
import { type Entry, entrySchema } from '../../kiosk-agent/ledger/entries.ts'
import { createPrintJournal } from '../../kiosk-agent/paper/print-journal.ts'
import { type PrinterSetup, printerSetup } from './escpos-printer.ts'
import { contentOf, slipDocument } from './slip-document.ts'

/** Print journal, driver and a simulated printer on one virtual clock; what came out is read from the far end's bytes alone. */
export async function slipBench(options: PrinterSetup = {}) {
  const setup = printerSetup(options)
  const { clock, printer: far } = setup
  const entries: Entry[] = []
  const commands: Commands<'receipt-printer'> = await setup.start()
  const record = async (...written: Entry[]) =>
    void entries.push(...written.map((each) => entrySchema.parse(each)))
  const lastStatus = (): PrinterStatus | undefined => setup.events.at(-1)
  const journal = createPrintJournal({
    printer: () => commands,
    ready: () => lastStatus()?.fault === undefined,
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
  const waitMs = 60_000
  return {
    ...{ setup, clock, far, entries, journal },
    print: (slipCode: string) =>
      journal.print({
        slipCode,
        document: (copy) => slipDocument(slipCode, copy),
        notAfter: clock.monotonic() + waitMs,
      }),
    printAgain: (slipCode: string, copy: number) =>
      journal.printAgain({ slipCode, copy, by: 'visitor', notAfter: clock.monotonic() + waitMs }),
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
}
