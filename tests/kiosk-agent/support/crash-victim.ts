import { join } from 'node:path'
import { openEmbeddedHallStore } from '../../../kiosk-agent/hall/embedded-hall-store.ts'
import { openLedger } from '../../../kiosk-agent/ledger/ledger.ts'

/**
 * An agent that is going to be killed: claims (at most 2,000 times) and writes in its ledger without a pause, and tells its parent what was
 * acknowledged to it.
 */
export type Acknowledged =
  | { readonly ready: true }
  | { readonly nonce: string }
  | { readonly seq: number; readonly hash: string }

const [folder = '', run = ''] = process.argv.slice(2)
const tell = (acknowledged: Acknowledged) => process.send?.(acknowledged)
const ledger = await openLedger({
  path: join(folder, 'ledger.sqlite'),
  terminalId: 'east-1',
  simulated: true,
  build: `run ${run}`,
})
const store = await openEmbeddedHallStore({ path: join(folder, 'hall.sqlite'), hallId: 'south', capacity: 1 })
tell({ ready: true })
await Promise.all([claims(), entries('a'), entries('b')])

async function claims() {
  for (let n = 0; n < 2_000; n++) {
    const nonce = `${run}-${n}`
    const claim = { nonce, appointmentId: nonce, persons: 1, terminalId: 'east-1', at: n }
    const answer = await store.claim(claim)
    if (!answer.claimed) throw new Error(`${nonce}: ${answer.why}`)
    tell({ nonce })
  }
}

async function entries(who: string) {
  for (let version = 0; ; version += 2) {
    const stored = await ledger.append(
      { type: 'setting', name: run, version, who },
      { type: 'setting', name: run, version: version + 1, who },
    )
    for (const { seq, hash } of stored) tell({ seq, hash })
  }
}
