import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Adapter, Low } from 'lowdb'
import type { z } from 'zod'
import { checkConfig } from '../config/read-config.ts'
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
  const low = new Low<Settings>(syncedJsonFile(path), {})
  await low.read()
  return {
    get current() {
      return low.data
    },
    async change(settings) {
      const before = low.data
      low.data = checkConfig(path, settings, settingsSchema)
      try {
        await low.write()
      } catch (error) {
        low.data = before
        throw error
      }
    },
  }
}

/** A lowdb adapter that never leaves half a file: written beside, synced, renamed over, and the folder synced. */
export function syncedJsonFile(path: string): Adapter<Settings> {
  return {
    async read() {
      try {
        return checkConfig(path, JSON.parse(await readFile(path, 'utf8')), settingsSchema)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error instanceof SyntaxError
          ? new Error(`${path}: not valid JSON: ${error.message}`, { cause: error })
          : error
      }
    },
    async write(settings) {
      await makeDurableFolder(dirname(path))
      const beside = `${path}.new`
      await writeSynced(beside, `${JSON.stringify(settings, null, 2)}\n`)
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
