import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Adapter, Low } from 'lowdb'
import type { z } from 'zod'
import { checkConfig, isMissing, readConfig } from '../config/read-config.ts'
import { terminalSchema } from '../config/schemas/terminal.ts'
import { makeDurableFolder, syncFolder } from './sqlite-worker/durable-folder.ts'

/** What a site sets for one terminal: its devices and its panel, nothing else. Replaces the same keys of the config file. */
export const settingsSchema = terminalSchema.pick({ devices: true, panel: true }).partial()
export type Settings = z.infer<typeof settingsSchema>

export interface SettingsFile {
  readonly current: Settings
  /** Checks, writes and syncs; rejects without changing anything when the new settings are wrong. */
  change(settings: Settings): Promise<void>
}

/** Opens `settings.json`; a file that is not there yet is empty settings. Rejects with a ConfigError that names what is wrong. */
export async function openSettings(path: string): Promise<SettingsFile> {
  const low = new Low<Settings>(syncedJsonFile(path, settingsSchema), {})
  await low.read()
  let current = low.data
  let lastWrite: Promise<void> = Promise.resolve()

  async function write(settings: Settings): Promise<void> {
    low.data = settings
    await low.write()
    // What is on the disk counts, not what was asked for.
    current = settings
  }

  return {
    get current() {
      return current
    },
    async change(settings) {
      const wanted = checkConfig(path, settings, settingsSchema)
      const written = lastWrite.then(() => write(wanted))
      lastWrite = written.catch(() => {})
      await written
    },
  }
}

/** A lowdb adapter that never leaves half a file: written beside, synced, renamed over, and the folder synced. */
export function syncedJsonFile<Data>(path: string, schema: z.ZodType<Data>): Adapter<Data> {
  return {
    async read() {
      try {
        return await readConfig(path, schema)
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    async write(data) {
      await makeDurableFolder(dirname(path))
      const beside = `${path}.new`
      await writeSynced(beside, `${JSON.stringify(data, null, 2)}\n`)
      await rename(beside, path)
      await syncFolder(dirname(path))
    },
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
