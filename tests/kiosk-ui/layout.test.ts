import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { openBrowser } from '../support/browser.ts'
import { layoutFaults, showOn } from './measure.ts'
import { type ScreenServer, startScreenServer } from './screen-server.ts'
import { mainScreens, snapshots, welcome } from './snapshots.ts'

let browser: Browser
let server: ScreenServer

beforeAll(async () => {
  server = await startScreenServer(welcome)
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
]

describe.each(sizes)('On a panel of $width × $height', ({ width, height }) => {
  test('every screen fits in every language, with targets for fingers and no error', async () => {
    const { page, errors } = await openPage(width, height)
    const faults: Record<string, string[]> = {}
    for (const [name, snapshot] of Object.entries(snapshots))
      for (const language of languages) {
        await showOn(page, server, { snapshot, language })
        const found = await layoutFaults(page)
        if (found.length > 0) faults[`${name} ${language}`] = found
      }
    expect(faults).toEqual({})
    expect(errors).toEqual([])
    await page.close()
  }, 60_000)

  test('axe finds nothing wrong with the main screens', async () => {
    const { page } = await openPage(width, height)
    await page.goto(server.origin)
    // Through the debugger, because the security policy of the page rightly refuses injected scripts.
    await page.evaluate(axe.source)
    for (const [index, name] of mainScreens.entries()) {
      const snapshot = snapshots[name] ?? welcome
      await showOn(page, server, { snapshot, language: languages[index % languages.length] ?? 'en' })
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
      expect({
        name,
        faults: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      }).toEqual({
        name,
        faults: [],
      })
    }
    await page.close()
  }, 60_000)
})

test('the main screens fit an old 1024 × 768 panel too', async () => {
  const { page, errors } = await openPage(1024, 768)
  for (const name of mainScreens) {
    const snapshot = snapshots[name] ?? welcome
    for (const language of languages) {
      await showOn(page, server, { snapshot, language })
      expect(await layoutFaults(page), `${name} ${language}`).toEqual([])
    }
  }
  expect(errors).toEqual([])
  await page.close()
}, 60_000)
