import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { openBrowser } from '../support/browser.ts'
import { showConsole } from './console-draw.ts'
import { consoleFaults } from './console-measure.ts'
import { type ConsoleServer, startConsoleServer } from './console-server.ts'
import { allModels, calm, consoleStates, technician } from './console-states.ts'

let browser: Browser
let server: ConsoleServer

beforeAll(async () => {
  server = await startConsoleServer(calm, await allModels())
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

async function openPage(width: number, height: number): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  return { page, errors }
}

const sizes = [
  { width: 1080, height: 1920 },
  { width: 1920, height: 1080 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
]
const names = Object.keys(consoleStates)

/** Each state meets each language at some size, and each size each language many times. */
const languageFor = (state: number, size: number) => languages[(state + size) % languages.length] ?? 'en'

describe.each(sizes.map((size, index) => ({ ...size, index })))(
  'The console at $width × $height',
  ({ width, height, index }) => {
    test('fits in every state, with targets for fingers and nothing over anything else', async () => {
      server.beSignedIn(technician)
      const { page, errors } = await openPage(width, height)
      const faults: Record<string, string[]> = {}
      for (const [place, name] of names.entries()) {
        const shown = consoleStates[name]
        // On the two sizes between panel and phone every second state is enough.
        if (!shown || (index === 1 && place % 2 === 0) || (index === 2 && place % 2 === 1)) continue
        const language = languageFor(place, index)
        await showConsole(page, server, { ...shown, language })
        const found = await consoleFaults(page)
        if (found.length > 0) faults[`${name} ${language}`] = found
      }
      expect(faults).toEqual({})
      expect(errors).toEqual([])
      await page.close()
    }, 90_000)

    test('fits while nobody is signed in, at the first account, and when a PIN must be changed', async () => {
      const { page } = await openPage(width, height)
      const faults: Record<string, string[]> = {}
      const look = async (name: string) => {
        const found = await consoleFaults(page)
        if (found.length > 0) faults[name] = found
      }
      for (const language of languages) {
        server.beSignedIn(null)
        await page.goto('about:blank')
        await page.goto(`${server.origin}/technician?language=${language}`)
        await page.locator('#pin').waitFor()
        await look(`sign-in ${language}`)
        await page.goto('about:blank')
        await page.goto(`${server.origin}/technician?language=${language}#setup=once`)
        await page.locator('#name').waitFor()
        await look(`set-up ${language}`)
        server.beSignedIn({ ...technician, mustChangePin: true })
        await page.goto('about:blank')
        await page.goto(`${server.origin}/technician?language=${language}`)
        await page.locator('#old-pin').waitFor()
        await look(`change-pin ${language}`)
      }
      expect(faults).toEqual({})
      await page.close()
    }, 60_000)
  },
)

test.each([
  { width: 1080, height: 1920 },
  { width: 390, height: 844 },
])(
  'axe finds nothing wrong at $width × $height',
  async ({ width, height }) => {
    server.beSignedIn(technician)
    const { page } = await openPage(width, height)
    await page.goto(`${server.origin}/technician`)
    // Through the debugger, because the security policy of the page rightly refuses injected scripts.
    await page.evaluate(axe.source)
    const faults: Record<string, unknown> = {}
    const states = [
      'devices',
      'identify-found',
      'configure',
      'trial-failed',
      'test-person',
      'wire',
      'proof',
      'accounts',
    ]
    for (const [index, name] of states.entries()) {
      const shown = consoleStates[name]
      if (!shown) throw new Error(`no state ${name}`)
      await showConsole(page, server, { ...shown, language: languages[index % languages.length] ?? 'en' })
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
      if (violations.length > 0)
        faults[name] = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    }
    expect(faults).toEqual({})
    await page.close()
  },
  60_000,
)
