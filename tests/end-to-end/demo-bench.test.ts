import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import { openBrowser } from '../support/browser.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'

let browser: Browser
let demo: DemoTerminal
let page: Page

beforeAll(async () => {
  const { folder } = await builtScreens()
  ;[browser, demo] = await Promise.all([openBrowser(), startDemoTerminal({ screens: folder })])
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(demo.terminal.launchUrl())
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await demo?.[Symbol.asyncDispose]()
})

/** The big words of the visitor's screen, without what only forbids line breaks. */
const heading = async () => (await page.locator('.visitor h1').first().innerText()).replaceAll('\u2060', '')

async function press(preset: string) {
  const before = demo.screen.snapshot.outcome?.id
  await page.getByRole('button', { name: preset, exact: true }).click()
  const { outcome } = await demo.screen.until(
    ({ outcome }) => outcome !== null && outcome.id !== before,
    preset,
  )
  return outcome
}

test.each<[string, string, RegExp, RegExp, RegExp]>([
  ['没有预约', 'no-appointment', /没有.*预约/, /找不到.*預約/, /no appointment/i],
  ['来早了', 'too-early', /来早了 \d+.分钟/, /早到了 \d+.分鐘/, /\d+ minutes early/i],
  ['黄码', 'health-yellow', /健康码是黄码/, /健康碼是黃碼/, /health code is yellow/i],
  ['体温 37.3', 'temperature-high', /37\.3 ?°C/, /37\.3 ?°C/, /37\.3 ?°C is a little high/],
  ['厅内满员', 'hall-full', /满员/, /滿額/, /hall is full/i],
  ['他人的码', 'health-owner-mismatch', /不是同.*一个人/s, /不屬同.*一人/s, /do not match/i],
  ['健康码断线', 'health-unavailable', /查不到健康码/, /未能查閱健康碼/, /cannot.*be checked/is],
])('the preset "%s" shows its reason in three languages', async (preset, code, hans, hant, english) => {
  expect((await press(preset))?.reasons).toMatchObject([{ code }])
  await expect.poll(heading).toMatch(hans)
  await page.getByRole('button', { name: '繁體' }).click()
  await expect.poll(heading).toMatch(hant)
  await page.getByRole('button', { name: 'English' }).click()
  await expect.poll(heading).toMatch(english)
  await page.getByRole('button', { name: '简体' }).click()
  await expect.poll(heading).toMatch(hans)
})

test('the preset "正常入厅" opens the gate, and the slip is drawn beside it', async () => {
  const pulses = demo.screen.bench?.pulses ?? 0
  expect(await press('正常入厅')).toMatchObject({ decision: 'admit' })
  await expect.poll(heading).toMatch(/请进|欢迎/)
  await demo.screen.until(({ outcome }) => outcome?.lane === 'passed' && outcome.slip === 'printed', 'passed')
  expect(demo.screen.bench?.pulses).toBe(pulses + 1)
  const slip = page.locator('.bench .slip').first()
  await expect.poll(() => slip.textContent()).toContain(demo.screen.snapshot.outcome?.slipCode)
})
