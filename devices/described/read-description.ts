import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeviceError } from '../errors.ts'
import { checkDescription } from './check.ts'
import type { Description } from './description.ts'

const extension = '.json'

/** The ids a folder of descriptions has, by file name. */
export async function describedIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new DeviceError('bad-config', `${folder}: ${error.message}`, { cause: error })
  })
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort()
}

/** Reads `ID.json`; undefined when there is none. Rejects with `bad-config` that says where and what is wrong. */
export async function readDescription(folder: string, id: string): Promise<Description | undefined> {
  // Only names from the folder itself, so that an id can never be a way out of it.
  if (!(await describedIds(folder)).includes(id)) return undefined
  const file = join(folder, id + extension)
  const description = checkDescription(file, await readJson(file))
  if (description.id === id) return description
  throw new DeviceError(
    'bad-config',
    `${file}: id: found "${description.id}"; expected "${id}", the name of the file`,
  )
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new DeviceError('bad-config', `${file}: not readable as JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
