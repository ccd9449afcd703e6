import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../devices/lib/clock.ts'
import { openLink } from '../../../devices/link/open-link.ts'
import { configureDevice } from '../../../devices/registry.ts'
import { startDeviceHub } from '../../../kiosk-agent/device-hub.ts'
import type { Entry } from '../../../kiosk-agent/ledger/entries.ts'
import { openLedger } from '../../../kiosk-agent/ledger/ledger.ts'
import { closeLeft, followSlips, noSlips } from '../../../kiosk-agent/paper/left-slips.ts'
import { createPrintJournal, type Slip } from '../../../kiosk-agent/paper/print-journal.ts'
import { slipDocument } from '../../support/slip-document.ts'

/**
 * An agent that is going to be killed: it prints without a pause, over a real link, and has its ledger and its hub as the
 * whole one has. Staff ask for a copy of every other slip that a run before left without proof. `last`: prints one
 * slip and ends properly. What it tells its parent: that its printer is there.
 */
export type PrintingTold = 'ready'

const [folder = '', options = '{}', run = '0', how = ''] = process.argv.slice(2)
process.on('disconnect', () => process.exit())

const ledger = await openLedger({
  path: join(folder, 'ledger.sqlite'),
  terminalId: 'east-1',
  simulated: true,
  build: `run ${run}`,
})
const entries = (await ledger.read({ types: ['slip', 'slip-answer'], limit: 1e6 })).map(({ entry }) => entry)
const left = followSlips(noSlips, entries)
const closed = closeLeft(left)
if (closed.length > 0) await ledger.append(...closed)

const hub = startDeviceHub({
  devices: [await configureDevice({ id: 'printer', driver: 'escpos', options: JSON.parse(options) })],
  openLink: (_id, link, signal) => openLink(link, signal),
  clock: systemClock,
  log: () => {},
  onEvent: ({ event }) => {
    if (event.type === 'late-proof') journal.lateProof(event.processId)
    journal.printerChanged()
  },
  onState: () => journal.printerChanged(),
})
const journal = createPrintJournal({
  printer: () => hub.commands('receipt-printer'),
  ready: () => hub.commands('receipt-printer') !== undefined,
  clock: systemClock,
  log: () => {},
  signal: new AbortController().signal,
  record: (...written) => ledger.append(...written),
  note: (...written) => ledger.append(...written).catch(() => {}),
  onChange: () => {},
})
if (left.trouble) journal.foundTrouble()

while (!hub.commands('receipt-printer')) await sleep(5)
process.send?.('ready' satisfies PrintingTold)
const slip = (slipCode: string): Slip => ({
  slipCode,
  document: (copy) => slipDocument(slipCode, copy),
  notAfter: systemClock.monotonic() + 60_000,
})
for (const { slipCode, copy } of withoutProof([...entries, ...closed]))
  journal.reprint(slip(slipCode), { slipCode, copy, by: 'staff' })
for (let visitor = 0; ; visitor++) {
  journal.print(slip(`${'ABCDEFGH'[Number(run) % 8]}${run}-${visitor}`))
  await journal.drained()
  if (how === 'last') break
}
await hub.close()
await ledger.close()
process.exit(0)

/** The last copy of every other slip that ended without proof, and was not asked about before. */
function withoutProof(all: readonly Entry[]) {
  const last = new Map<string, Extract<Entry, { type: 'slip' }>>()
  const answered = new Set<string>()
  for (const entry of all) {
    if (entry.type === 'slip') last.set(entry.slipCode, entry)
    if (entry.type === 'slip-answer') answered.add(`${entry.slipCode} ${entry.copy}`)
  }
  return [...last.values()].filter(
    ({ slipCode, copy, state }, at) =>
      at % 2 === 0 && (state === 'unknown' || state === 'incomplete') && !answered.has(`${slipCode} ${copy}`),
  )
}
