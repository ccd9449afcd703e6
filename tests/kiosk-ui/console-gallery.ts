import type { Browser, Page } from 'playwright-core'
import type { Language } from '../../kiosk-agent/api/contract.ts'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { showConsole } from './console-draw.ts'
import { startConsoleServer } from './console-server.ts'
import { allModels, calm, consoleStates, technician } from './console-states.ts'

/** A picture of the technician's console, named as its file is to be. */
export interface ConsolePicture {
  readonly file: string
  readonly name: string
  readonly language: Language
  readonly width: number
  readonly height: number
}

const sizes = [
  { width: 1080, height: 1920 },
  { width: 1920, height: 1080 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
]

/** Every state of the console × language × size. */
export const everyConsolePicture: readonly ConsolePicture[] = sizes.flatMap((size) =>
  Object.keys(consoleStates).flatMap((name) =>
    languages.map((language) => {
      const file = `technician-${name}.${language}.${size.width}x${size.height}`
      return { file, name, language, ...size }
    }),
  ),
)

/** The few that the documents show. */
export const keptConsolePictures: readonly ConsolePicture[] = [
  { file: 'technician-identify', name: 'identify-found', language: 'en', width: 768, height: 1024 },
  { file: 'technician-test', name: 'test-person', language: 'zh-Hans', width: 768, height: 1024 },
  { file: 'technician-proof', name: 'proof', language: 'zh-Hant', width: 768, height: 1024 },
]

export async function drawConsole(
  browser: Browser,
  pictures: readonly ConsolePicture[],
  save: (file: string, picture: Buffer) => Promise<void>,
): Promise<void> {
  await using server = await startConsoleServer(calm, await allModels())
  server.beSignedIn(technician)
  const pages = new Map<string, Page>()
  for (const { file, name, language, width, height } of pictures) {
    const size = `${width}x${height}`
    const page =
      pages.get(size) ?? (await browser.newPage({ reducedMotion: 'reduce', viewport: { width, height } }))
    pages.set(size, page)
    const shown = consoleStates[name]
    if (!shown) throw new Error(`the console has no state "${name}" in console-states.ts`)
    await showConsole(page, server, { ...shown, language })
    await save(file, await page.screenshot())
  }
}
