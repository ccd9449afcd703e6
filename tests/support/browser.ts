import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromiumPackage, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

// Its package.json is not exported, so it cannot be resolved by name.
const packageFolder = fileURLToPath(new URL('../../node_modules/@sparticuz/chromium', import.meta.url))

/**
 * A headless Chromium that comes with the npm packages alone. On a machine without libnss3 it runs on the libraries
 * and fonts that the package carries. `args` are Chromium's own, for a test that needs more. Close it when done.
 */
export async function openBrowser({ args = [] as readonly string[] } = {}): Promise<Browser> {
  const folder = await unpackedChromium()
  const executablePath = join(folder, 'chromium')
  return chromium.launch({
    executablePath,
    env: environmentFor(executablePath, folder),
    args: [
      ...args,
      '--font-render-hinting=none',
      '--disable-gpu',
      // Chromium refuses its own sandbox to root, which CI containers are.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
}

/**
 * The package unpacks into the temporary folder and takes a file that exists for a complete one. Several test files
 * start at once, so each unpacks into a folder of its own and the first to finish gives it its lasting name.
 */
async function unpackedChromium(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const lasting = join(tmpdir(), `hall-kiosk-chromium-${version}-${process.arch}`)
  if (existsSync(lasting)) return lasting

  const own = await mkdtemp(`${lasting}-`)
  const usual = process.env.TMPDIR
  process.env.TMPDIR = own
  try {
    await chromiumPackage.executablePath()
    await inflate(join(packageFolder, 'bin', 'al2023.tar.br'))
  } finally {
    if (usual === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = usual
  }
  writeFileSync(join(own, 'fonts.conf'), fontsConfig(join(lasting, 'fonts'), join(lasting, 'fonts-cache')))
  try {
    await rename(own, lasting)
  } catch (error) {
    await rm(own, { recursive: true, force: true })
    if (!existsSync(lasting)) throw error
  }
  return lasting
}

function fontsConfig(fonts: string, cache: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`
}

/** The machine's own libraries where they suffice, else those of the package. */
function environmentFor(executablePath: string, folder: string): NodeJS.ProcessEnv {
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const usual = { ...process.env, ...fonts }
  if (spawnSync(executablePath, ['--version'], { env: usual }).status === 0) return usual
  return {
    ...usual,
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  }
}
