import { hash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The built screens: where they are, and a name that changes when they do. */
export interface Screens {
  readonly folder: string
  readonly build: string
}

const root = join(import.meta.dirname, '..', 'kiosk-ui')

/** Finds the built screens, building them first where they are missing or older than their sources. */
export async function builtScreens(): Promise<Screens> {
  const folder = join(root, 'dist')
  const index = join(folder, 'index.html')
  const builtAt = await stat(index).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  if (builtAt < (await newestSource(root))) await build(builtAt > 0)
  const pages = await Promise.all(
    ['index.html', 'technician.html'].map((page) => readFile(join(folder, page))),
  )
  return { folder, build: hash('sha256', Buffer.concat(pages)).slice(0, 12) }
}

async function build(thereIsOne: boolean): Promise<void> {
  const vite = await import('vite').catch((cause) => {
    // An installed terminal carries its screens and no build tools; copying it may have mixed up the files' times.
    if (thereIsOne) return undefined
    throw new Error(
      'The screens are not built and Vite is not installed: run "npm ci", or "npm run build" elsewhere.',
      { cause },
    )
  })
  const configFile = join(root, 'vite.config.ts')
  // Named, because under a test runner Vite would take that run's mode and carry Preact's development build.
  await vite?.build({ root, configFile, mode: 'production', logLevel: 'warn' })
}

/** Newest change among the sources, Unix milliseconds; 0 where there are none (an installed terminal). */
async function newestSource(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const times = entries
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .map(async (entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? newestSource(path) : (await stat(path)).mtimeMs
    })
  return Math.max(0, ...(await Promise.all(times)))
}
