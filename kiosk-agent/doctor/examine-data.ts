import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { verifyLedger } from '../ledger/verify.ts'
import type { Folders } from '../load-terminal.ts'
import { type Finding, fault, note, ok } from './finding.ts'

const MEGABYTE = 1_000_000
/** Some months of a busy terminal; below the second figure the next day is not safe. */
const COMFORTABLE_MB = 2000
const NEEDED_MB = 200

/** The data folder: may it be written, is there room, and is the record sound? */
export async function examineData({ data, ledger }: Pick<Folders, 'data' | 'ledger'>): Promise<Finding[]> {
  const existing = await nearestFolder(data)
  return [...(await examineFolder(data, existing)), await examineSpace(data, existing), examineLedger(ledger)]
}

async function examineFolder(data: string, existing: string): Promise<Finding[]> {
  const writable = await access(existing, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!writable)
    return [
      fault('data folder', `${existing} cannot be written`, [
        `sudo install -d -o "$USER" ${data}`,
        `sudo chown -R "$USER" ${data}`,
      ]),
    ]
  return existing === data ? [] : [note('data folder', `${data} is not there yet; the first start makes it`)]
}

async function examineSpace(data: string, existing: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existing)
  const freeMb = Math.floor((bavail * bsize) / MEGABYTE)
  const message = `${freeMb} MB free for ${data}`
  const cure = [`du -xh ${existing} | sort -h | tail`]
  if (freeMb < NEEDED_MB) return fault('disk', `${message}; at least ${NEEDED_MB} are needed`, cure)
  return freeMb < COMFORTABLE_MB ? note('disk', message, cure) : ok('disk', message)
}

function examineLedger(path: string): Finding {
  try {
    const verdict = verifyLedger(path)
    if (verdict.ok) return ok('ledger', `sound, ${verdict.entries} entries`)
    return fault('ledger', `${path} is not sound at entry ${verdict.seq}: ${verdict.why}`, [
      `cp -a ${dirname(path)} ${dirname(path)}.kept`,
    ])
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return /there is no such file/.test(why)
      ? note('ledger', 'none yet; the first start begins one')
      : fault('ledger', `it could not be judged: ${why}`)
  }
}

/** The folder itself, or the one above in which it will be made. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  )
  return there || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}
