import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Entry } from '../../../kiosk-agent/ledger/entries.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../../../kiosk-agent/ledger/ledger.ts'

/** A folder that goes when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A ledger in `folder` with plain options; closed when the test is over. */
export async function ledgerIn(folder: string, options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  const ledger = await openLedger({
    path: join(folder, 'ledger.sqlite'),
    terminalId: 'east-1',
    simulated: true,
    build: 'test',
    ...options,
  })
  onTestFinished(() => ledger.close())
  return ledger
}

/** One entry that differs from every other by `n`. */
export const setting = (n: number, name = 'volume'): Entry => ({
  type: 'setting',
  name,
  version: n,
  who: 'technician',
})
