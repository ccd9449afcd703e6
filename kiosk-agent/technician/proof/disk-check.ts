import { randomUUID } from 'node:crypto'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, check } from './check.ts'

const MEGABYTE = 1024 * 1024
/** The ledger of a busy day takes a few megabytes; SQLite needs room of its own. */
const FULL_BELOW = 50 * MEGABYTE
const LOW_BELOW = 500 * MEGABYTE
const WRITTEN_BYTES = 4096

export interface DiskNeeds {
  /** A folder this terminal may write to. */
  readonly folder: string
  /** Milliseconds that only grow. */
  monotonic(): number
  /** For a disk that a test makes full. */
  freeBytes?: (folder: string) => Promise<number>
}

/** Whether the data folder has room and takes a write that is synced. */
export function checkDisk({ folder, monotonic, freeBytes = freeIn }: DiskNeeds): Promise<Check> {
  return check({ check: 'disk' }, async ({ good, limited, bad }) => {
    const free = await freeBytes(folder)
    const values = { megabytes: String(Math.floor(free / MEGABYTE)) }
    if (free < FULL_BELOW) bad('disk-full', values)
    else if (free < LOW_BELOW) limited('disk-nearly-full', values)
    const begun = monotonic()
    try {
      await writeSynced(join(folder, `${randomUUID()}.proof`))
      good('disk-writes', { ...values, milliseconds: String(Math.round(monotonic() - begun)) })
    } catch (error) {
      bad('disk-does-not-write', { error: error instanceof Error ? error.message : String(error) })
    }
  })
}

async function writeSynced(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(new Uint8Array(WRITTEN_BYTES))
    await file.sync()
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
