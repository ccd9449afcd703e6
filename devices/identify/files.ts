import { readdir, readFile, realpath } from 'node:fs/promises'

// The system's own trees change while they are read, and not every machine has each of them: what is not there is empty.

/** The names in a folder, sorted; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
}

/** The text of a small file without the space around it; undefined when it is not there or empty. */
export async function textOf(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text?.trim() || undefined
}

/** Where a path really leads; undefined when it leads nowhere. */
export async function realPathOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}
