import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lastRows } from '../ledger/verify.ts'
import { type Finding, fault, note, ok } from './finding.ts'

const MINUTE_MS = 60_000
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS
/** When this program was written; no clock of a kiosk that runs it can show an earlier time. */
const WRITTEN_AT = Date.UTC(2026, 0, 1)
const setClock = ['timedatectl', 'sudo timedatectl set-ntp true']

/** Which Node runs this. */
export function examineRuntime(version = process.versions.node): Finding {
  if (version.startsWith('24.')) return ok('Node', version)
  return fault('Node', `${version} runs this, and the agent needs 24, which comes with the project`, [
    'npm ci',
  ])
}

export interface ClockFacts {
  readonly now: number
  readonly ledger: string
  readonly root: string
}

/** Whether the clock can be right. The ledger knows a time that has been; nobody knows how late it is. */
export async function examineClock({ now, ledger, root }: ClockFacts): Promise<Finding[]> {
  const last = lastEntryAt(ledger)
  const shown = new Date(now).toISOString()
  if (now < WRITTEN_AT || now > WRITTEN_AT + 30 * YEAR_MS)
    return [
      fault('clock', `${shown} cannot be; set the clock, and look at the battery of the board`, setClock),
    ]
  if (last !== undefined && now < last - MINUTE_MS)
    return [
      fault(
        'clock',
        `${shown} is before the newest entry of the ledger, ${new Date(last).toISOString()}; one of them was wrong`,
        setClock,
      ),
    ]
  const synchronised = await Promise.any(
    ['run/systemd/timesync/synchronized', 'run/chrony/chronyd.pid', 'run/ntpd.pid'].map((path) =>
      stat(join(root, path)),
    ),
  ).then(
    () => true,
    () => false,
  )
  if (synchronised) return [ok('clock', `${shown}, set by the network`)]
  return [note('clock', `${shown}; nothing here sets it by the network`, setClock)]
}

function lastEntryAt(ledger: string): number | undefined {
  try {
    return lastRows(ledger, 1)[0]?.at
  } catch {
    return undefined // a ledger that cannot be read is told of elsewhere
  }
}
