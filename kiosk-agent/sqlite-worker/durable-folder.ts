import { mkdir, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Makes a folder, only for this user, with everything above it; after a power cut it is still there. */
export async function makeDurableFolder(folder: string): Promise<void> {
  const whole = resolve(folder)
  const first = await mkdir(whole, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  // A new folder is durable once the one that names it is synced, up to the first that was there before.
  for (let made = whole; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Makes names in a folder durable (a file created, renamed or removed). */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for that; NTFS keeps names in its own journal.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
