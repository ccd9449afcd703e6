import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Bench, benchPresets, benchSchema } from '../../kiosk-agent/api/contract.ts'
import { openBrowser } from '../support/browser.ts'
import { showOn } from './measure.ts'
import { startScreenServer } from './screen-server.ts'
import { bench, paper, snapshots, welcome } from './snapshots.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser?.close())

const simulated = snapshots.simulated ?? welcome

test('a real terminal never loads the bench', async () => {
  await using server = await startScreenServer(welcome)
  const page = await browser.newPage()
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(request.url()))
  await showOn(page, server, { snapshot: welcome })
  expect(scripts.filter((url) => url.includes('bench'))).toEqual([])
  await page.close()
})

test('a simulated terminal says so and offers every story and every action', async () => {
  await using server = await startScreenServer(simulated)
  expect(benchSchema.parse(bench)).toEqual(bench)
  server.showBench(bench)
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await showOn(page, server, { snapshot: simulated, language: 'en' })
  await page.getByText('Simulated terminal · no real door opens').waitFor()
  const panel = page.getByRole('complementary', { name: 'Simulated devices' })
  await panel.getByRole('button', { name: 'Walk through' }).waitFor()
  for (const button of await panel.locator('button:enabled:not([aria-expanded])').all()) await button.click()
  for (const box of await panel.getByRole('checkbox').all()) await box.click()
  await panel.getByRole('spinbutton').fill('38.25')
  await panel.getByRole('spinbutton').press('Enter')
  await panel.getByRole('spinbutton').blur()
  await vi.waitFor(() => {
    const seen = new Set(server.benchActions.map(({ type }) => type))
    expect([...seen].sort()).toEqual(
      [
        'block-gate',
        'cable',
        'call-button',
        'cover',
        'fill-hall',
        'fire',
        'gateway',
        'kiosk-door',
        'lay-card',
        'nobody-at-thermometer',
        'paper',
        'preset',
        'reset',
        'scan-slip',
        'set-temperature',
        'show-code',
        'stand-here',
        'take-card',
        'walk-through',
      ].sort(),
    )
  })
  const presets = server.benchActions.flatMap((action) => (action.type === 'preset' ? action.preset : []))
  expect(presets).toEqual([...benchPresets])
  expect(server.benchActions).toContainEqual({ type: 'set-temperature', centiCelsius: 3825 })
  await page.close()
})

test('shows the newest slip, and older ones on request', async () => {
  await using server = await startScreenServer(simulated)
  server.showBench(bench)
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await showOn(page, server, { snapshot: simulated })
  const slip = page.getByRole('img', { name: /打印出来的小票/ })
  await slip.getByText('入厅凭条').waitFor()
  await page.getByRole('button', { name: '更早的' }).click()
  await slip.getByText('说明单').waitFor()
  const newest: Bench['slips'][number] = { id: 'c', at: welcome.at, paper }
  server.showBench({ ...bench, slips: [newest, ...bench.slips] })
  await page.getByText('3/3').waitFor()
  await page.close()
})

test('on an upright panel the bench is a drawer that leaves the footer free', async () => {
  await using server = await startScreenServer(simulated)
  server.showBench(bench)
  const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } })
  await showOn(page, server, { snapshot: simulated })
  await page.getByRole('button', { name: '打开模拟设备' }).click()
  await page.getByRole('button', { name: '正常入厅' }).click()
  await page.getByRole('button', { name: '繁體' }).click()
  await page.getByRole('button', { name: '呼叫工作人员' }).click()
  await vi.waitFor(() =>
    expect(server.intents.map(({ type }) => type)).toEqual(['set-language', 'call-help']),
  )
  await page.getByRole('button', { name: '收起' }).click()
  await page.getByRole('complementary').waitFor({ state: 'detached' })
  await page.close()
})
