import type { Page } from 'playwright-core'
import type { Language } from '../../kiosk-agent/api/contract.ts'
import type { Console } from '../../kiosk-agent/api/technician-contract.ts'
import type { ConsoleServer } from './console-server.ts'
import { frames } from './console-states.ts'

let version = 1_000

interface Shown {
  readonly view: string
  readonly state: Console
  readonly language?: Language
}

/** Shows a state of the console on an open page, as whoever is signed in sees it, and waits until it is painted. */
export async function showConsole(
  page: Page,
  server: ConsoleServer,
  { view, state, language = 'zh-Hans' }: Shown,
): Promise<void> {
  version++
  server.show({ ...state, version })
  server.showFrames(frames)
  if (!page.url().startsWith(server.origin))
    await page.goto(`${server.origin}/technician?language=${language}`)
  await page.waitForSelector(`[data-version="${version}"]`)
  await page.evaluate(`location.hash = '/${view}'`)
  await page.locator(`fieldset button[lang="${language}"]`).click()
  await page.waitForSelector(`.console-nav a[href="#/${view}"][aria-current="page"]`)
  if (view === 'wire' && state.devices.length > 0) await page.waitForSelector('.frame-line')
  await page.evaluate(painted)
}

const painted = `(async () => {
  await document.fonts.ready
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
})()`
