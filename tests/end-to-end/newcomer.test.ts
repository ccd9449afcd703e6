import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { openBrowser } from '../support/browser.ts'
import { type PortedTerminal, portedTerminal } from '../support/ported-terminal.ts'

let browser: Browser
let terminal: PortedTerminal

beforeAll(async () => {
  ;[browser, terminal] = await Promise.all([openBrowser(), portedTerminal()])
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await terminal?.[Symbol.asyncDispose]()
})

const pin = '271828'

async function typePin(page: Page): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()

/** The link that the agent prints for its first technician, in English. */
function setUpLink(): string {
  const link = /http:\S+\/technician#setup=\S+/.exec(terminal.output())?.[0]
  if (!link) throw new Error(`no link for technicians in: ${terminal.output()}`)
  return link.replace('/technician', '/technician?language=en')
}

/** The hall has bought another brand: the old scanner is gone, and a module nobody told us about hangs on a serial port. */
async function plugInUnknownScanner() {
  const path = join(terminal.dataFolder, 'ports', 'somewhere')
  return simulateOnPort(await configureDevice({ id: 'unknown', driver: 'gm65', options: { path } }), () => {})
}

test('a newcomer finds an unknown scanner, sets it up and proves that it reads', async () => {
  await terminal.bench.act({ type: 'cable', device: 'code-scanner', plugged: false })
  await terminal.start()
  const scanner = await plugInUnknownScanner()
  const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))

  await vi.waitFor(() => expect(terminal.output()).toContain('/technician#setup='))
  await page.goto(setUpLink())
  await page.getByLabel('Your name').fill('Ho Man-kit')
  await page.getByLabel('Account').fill('ho-man-kit')
  await press(page, 'Next')
  await typePin(page)
  await press(page, 'Next')
  await typePin(page)
  await press(page, 'Create the account')
  await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
  await page.getByText('Unplugged or off').waitFor()

  await press(page, 'Take over')
  await page.getByText('The terminal is yours').waitFor()
  await page.getByRole('link', { name: 'Identify' }).click()
  await press(page, 'List ports')
  await page.getByText('somewhere').first().waitFor()
  await press(page, 'Ask all ports')
  await page.getByText(/This is probably: GM65/).waitFor({ timeout: 45_000 })
  await press(page, 'Set it up like this')

  await page.getByRole('button', { name: 'In place of code-scanner', pressed: true }).waitFor()
  await press(page, 'Try it')
  await page.getByRole('heading', { name: 'It works.' }).waitFor({ timeout: 30_000 })
  await press(page, 'Keep it')
  await press(page, 'To the test')

  const card = page.getByRole('listitem').filter({ hasText: 'Code scanner · code-scanner' })
  await card.getByRole('button', { name: 'Run' }).first().click()
  await page.getByText('Hold any QR code before the scanner').waitFor()
  // As a person does: held there until it is read.
  await vi.waitFor(
    async () => {
      await (scanner.simulator.controls as ScannerControls).show('HKT-7QK2MX')
      await page.getByText('A code was read: 10 bytes').waitFor({ timeout: 2_000 })
    },
    { timeout: 40_000 },
  )
  await page.getByText('Passed', { exact: true }).waitFor()

  await press(page, 'Back to visitors')
  await page.getByText('Visitors are served').waitFor()
  const kept = await readFile(join(terminal.dataFolder, 'ported-1', 'settings.json'), 'utf8')
  expect(JSON.parse(kept)).toMatchObject({
    devices: expect.arrayContaining([expect.objectContaining({ id: 'code-scanner', driver: 'gm65' })]),
  })
  expect(errors).toEqual([])
  expect(terminal.output()).not.toContain(pin)
  await page.close()
  await scanner.close()
}, 180_000)
