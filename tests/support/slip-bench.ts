import type { Commands, PrinterStatus } from '../../devices/kinds.ts'
import type { PrinterFaults } from '../../devices/receipt-printers/escpos/simulator.ts'
import { type Entry, entrySchema } from '../../kiosk-agent/ledger/entries.ts'
import { createPrintJournal } from '../../kiosk-agent/paper/print-journal.ts'
import { type EntrySlip, entrySlip } from '../../kiosk-agent/paper/slips.ts'
import { interpret, type PrinterSetup, printerSetup } from './escpos-printer.ts'

/** Everything a slip of the door may hold, invented. */
const example: EntrySlip = {
  language: 'zh-Hans',
  simulated: true,
  hall: {
    name: { 'zh-Hans': '东莞市民服务中心', 'zh-Hant': '東莞市民服務中心', en: 'Citizen Service Centre' },
    phone: '0769-12345',
    utcOffsetMinutes: 480,
  },
  terminal: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
  decision: 'refuse',
  reasons: [{ code: 'no-appointment' }],
  holder: { nameMasked: '李*', idMasked: '9999**********0011' },
  slipCode: '',
  rules: 'epidemic-2020 v1',
  at: Date.UTC(2026, 2, 2, 2, 30),
}

/** The slip a visitor gets: copy 1, and every copy after it. */
export const slipDocument = (slipCode: string, copy: number) => entrySlip({ ...example, slipCode, copy })

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

/** Texts and pictures in their order; where they stand is another matter. */
export function contentOf(bytes: Uint8Array): string[] {
  return interpret(bytes).drawing.items.flatMap((item) =>
    item.type === 'text' ? [item.text.trim()] : item.type === 'bitmap' ? [item.rows.join('\n')] : [],
  )
}

/** A torn piece: the beginning of a whole slip, broken off anywhere. A character broken in two counts as neither. */
export function isBeginningOf(piece: readonly string[], whole: readonly string[]): boolean {
  return piece.every((text, at) => {
    if (text === whole[at]) return true
    return at === piece.length - 1 && (whole[at] ?? '').startsWith(text.slice(0, -1))
  })
}
