import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Language } from '../../kiosk-agent/api/contract.ts'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { openBrowser } from '../support/browser.ts'
import { drawConsole, everyConsolePicture, keptConsolePictures } from './console-gallery.ts'
import { showOn } from './measure.ts'
import { type ScreenServer, startScreenServer } from './screen-server.ts'
import { bench, snapshots, welcome } from './snapshots.ts'

/**
 * Draws the screens with the real browser, to be looked at.
 *
 *   npm run gallery             every fixture × language × panel → gallery/
 *   npm run gallery -- --keep   the few that the documents show → docs/screens/
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const panels = [
  { width: 1080, height: 1920 },
  { width: 1920, height: 1080 },
]
const largestKeptBytes = 250_000

interface Picture {
  readonly name: string
  readonly language: Language
  readonly width: number
  readonly height: number
}

const upright = { width: 1080, height: 1920 }
const lying = { width: 1920, height: 1080 }
const kept: readonly (Picture & { readonly file: string })[] = [
  { file: 'welcome', name: 'welcome', language: 'zh-Hans', ...upright },
  { file: 'checklist', name: 'checklist-card-done', language: 'zh-Hans', ...upright },
  { file: 'admitted', name: 'admitted-open', language: 'zh-Hans', ...upright },
  { file: 'too-early', name: 'reason-too-early', language: 'zh-Hans', ...upright },
  { file: 'mend-it', name: 'checklist-health-owner-mismatch', language: 'zh-Hant', ...lying },
  { file: 'three-reasons', name: 'refused-three-reasons', language: 'en', ...lying },
  { file: 'out-of-service', name: 'out-of-service', language: 'en', ...upright },
  { file: 'bench', name: 'simulated', language: 'zh-Hans', ...lying },
]

const everything: readonly Picture[] = panels.flatMap((panel) =>
  Object.keys(snapshots).flatMap((name) => languages.map((language) => ({ name, language, ...panel }))),
)

async function draw(page: Page, server: ScreenServer, picture: Picture): Promise<Buffer> {
  const { name, language, width, height } = picture
  await showOn(page, server, { snapshot: snapshots[name] ?? welcome, language })
  if (name === 'simulated' && width > height) await page.locator('.bench .slip').waitFor()
  return page.screenshot()
}

async function main(): Promise<void> {
  const keep = process.argv.includes('--keep')
  await using server = await startScreenServer(welcome)
  server.showBench(bench)
  const browser = await openBrowser()
  // One page a panel: what the bench does when it opens depends on the panel it opens on.
  const pages = new Map<string, Page>()
  const pageFor = async ({ width, height }: Picture) => {
    const name = `${width}x${height}`
    const page =
      pages.get(name) ?? (await browser.newPage({ reducedMotion: 'reduce', viewport: { width, height } }))
    pages.set(name, page)
    return page
  }
  const folder = keep ? join(root, 'docs', 'screens') : join(root, 'gallery')
  await mkdir(folder, { recursive: true })
  const pictures = keep
    ? kept
    : everything.map((picture) => ({
        ...picture,
        file: `${picture.name}.${picture.language}.${picture.width}x${picture.height}`,
      }))
  const save = async (file: string, picture: Buffer) => {
    const path = join(folder, `${file}.png`)
    await writeFile(path, picture)
    if (keep && (await stat(path)).size > largestKeptBytes)
      throw new Error(
        `${path} is larger than ${largestKeptBytes} bytes: choose another picture or a smaller panel`,
      )
  }
  for (const picture of pictures)
    await save(picture.file, await draw(await pageFor(picture), server, picture))
  const ofConsole = keep ? keptConsolePictures : everyConsolePicture
  await drawConsole(browser, ofConsole, save)
  await browser.close()
  process.stdout.write(`${pictures.length + ofConsole.length} pictures in ${folder}\n`)
}

await main()
