import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ui = fileURLToPath(new URL('../../kiosk-ui/', import.meta.url))
const dist = join(ui, 'dist')
const lock = fileURLToPath(new URL('../../node_modules/.kiosk-ui-building', import.meta.url))

/** Builds the screens when their sources are newer than the last build. Returns the folder to serve. */
export async function builtUi(): Promise<string> {
  while (!(await isFresh())) {
    if (!(await tookLock())) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    try {
      // Without this, Vite under Vitest takes the test run's mode and carries Preact's development build.
      await build({ configFile: join(ui, 'vite.config.ts'), mode: 'production', logLevel: 'warn' })
    } finally {
      await rm(lock, { recursive: true, force: true })
    }
  }
  return dist
}

/** Making a folder succeeds for one process alone. A lock older than a minute was left by a process that died. */
async function tookLock(): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch {
    const held = await stat(lock).catch(() => undefined)
    if (held && Date.now() - held.mtimeMs > 60_000) await rm(lock, { recursive: true, force: true })
    return false
  }
}

async function isFresh(): Promise<boolean> {
  const page = join(dist, 'index.html')
  if (!existsSync(page) || existsSync(lock)) return false
  return (await newestSource()) <= (await stat(page)).mtimeMs
}

async function newestSource(): Promise<number> {
  const files = await readdir(ui, { recursive: true, withFileTypes: true })
  const sources = files.filter((file) => file.isFile() && !file.parentPath.startsWith(dist))
  const times = await Promise.all(
    sources.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs),
  )
  return Math.max(...times)
}
