import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import { openBrowser } from '../support/browser.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'
import { type FakeCamera, fakeCamera } from '../support/fake-camera.ts'

let demo: DemoTerminal
const open: AsyncDisposable[] = []

beforeAll(async () => {
  const { folder } = await builtScreens()
  demo = await startDemoTerminal({ screens: folder })
}, 90_000)

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
  await demo.screen.act({ type: 'reset' })
  await demo.screen.send({ type: 'cancel', about: demo.screen.snapshot.session?.id ?? null })
  await demo.screen.act({ type: 'cable', device: 'code-scanner', plugged: true })
})

afterAll(() => demo?.[Symbol.asyncDispose]())

interface Screen {
  readonly page: Page
  readonly errors: string[]
  /** Origins the page or its worker asked for anything. */
  readonly origins: Set<string>
}

/** The screen in a browser with this camera. */
async function openScreen(camera?: FakeCamera): Promise<Screen> {
  const browser: Browser = await openBrowser({ args: camera?.args ?? [] })
  open.push({ [Symbol.asyncDispose]: () => browser.close() }, ...(camera ? [camera] : []))
  const context = await browser.newContext({ viewport: { width: 1080, height: 1920 }, locale: 'zh-CN' })
  const [errors, origins]: [string[], Set<string>] = [[], new Set()]
  context.on('request', (request) => origins.add(new URL(request.url()).origin))
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(demo.terminal.launchUrl())
  return { page, errors, origins }
}

/** A visitor who has shown everything but the code, before a terminal whose scanner is away. */
async function visitorWithoutScanner() {
  await demo.screen.act({ type: 'cable', device: 'code-scanner', plugged: false })
  await demo.screen.until(({ service }) => service.notices.includes('codes-by-camera'), 'the notice')
  await demo.screen.act({ type: 'lay-card', person: 'li' })
  await demo.screen.act({ type: 'set-temperature', centiCelsius: 3650 })
  const { session } = await demo.screen.until(({ session }) => session !== null, 'a session')
  await demo.screen.send({ type: 'attest-mask', about: session?.id ?? null })
  await demo.screen.until(({ session }) => session?.step === 'health', 'the health step')
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const shows = (page: Page, text: string) =>
  page.locator('.visitor').getByText(text).filter({ visible: true }).first().waitFor({ timeout: 15_000 })
/** Runs in the page. */
const readyState = (track: unknown) => (track as { readyState: string }).readyState
const bytes = (text: string) => new TextEncoder().encode(text)

describe('Where the scanner is away and the terminal has a camera', () => {
  test('a visitor shows the code to the camera and is admitted; no picture and no request leaves the page', async () => {
    const { page, errors, origins } = await openScreen(await fakeCamera(bytes('YKMDEMO:li')))
    await visitorWithoutScanner()
    await shows(page, '请用摄像头扫健康码')
    await press(page, '用摄像头扫码')
    const { outcome } = await demo.screen.until(({ outcome }) => outcome !== null, 'a decision', 15_000)
    expect(outcome).toMatchObject({ decision: 'admit', reasons: [] })
    await shows(page, '请进')
    expect(await page.locator('video').count()).toBe(0)
    expect(errors).toEqual([])
    expect([...origins]).toEqual([new URL(page.url()).origin])
  }, 60_000)

  test('bytes that are no text, and texts that are no health code, open nothing', async () => {
    const { page } = await openScreen(await fakeCamera(Uint8Array.from({ length: 256 }, (_, byte) => byte)))
    await visitorWithoutScanner()
    await press(page, '用摄像头扫码')
    const { session } = await demo.screen.until(
      ({ session }) =>
        session?.persons[0]?.checks.some(({ check, state }) => check === 'health' && state === 'attention') ??
        false,
      'a code that is none',
      15_000,
    )
    expect(session?.persons[0]?.checks).toContainEqual({
      check: 'health',
      state: 'attention',
      problem: 'unknown-code',
    })
    await expect.poll(() => page.getByRole('button', { name: '用摄像头扫码' }).isVisible()).toBe(true)
    expect(await page.locator('video').count()).toBe(0)
  }, 60_000)

  test('the camera looks, finds nothing, and is off when its time or the visit is over', async () => {
    const { page, errors } = await openScreen(await fakeCamera())
    await page.clock.install()
    await visitorWithoutScanner()
    await press(page, '用摄像头扫码')
    await shows(page, '请把健康码对准方框')
    const camera = await page.evaluateHandle('document.querySelector("video").srcObject.getTracks()[0]')
    expect(await camera.evaluate(readyState)).toBe('live')
    await page.clock.fastForward(30_000)
    await shows(page, '没有看到健康码')
    expect(await camera.evaluate(readyState)).toBe('ended')

    await press(page, '再试一次')
    await shows(page, '请把健康码对准方框')
    const again = await page.evaluateHandle('document.querySelector("video").srcObject.getTracks()[0]')
    await demo.screen.send({ type: 'cancel', about: demo.screen.snapshot.session?.id ?? null })
    await expect.poll(() => again.evaluate(readyState)).toBe('ended')
    expect(errors).toEqual([])
  }, 60_000)

  test.each(['missing', 'not allowed', 'without its reader'])(
    'a camera that is %s is no dead end: the page says so and leads back',
    async (why) => {
      const { page } = await openScreen(why === 'missing' ? undefined : await fakeCamera(bytes('YKMDEMO:li')))
      if (why === 'not allowed') {
        await page.route('**/?*', async (route) => {
          const response = await route.fetch()
          const headers = { ...response.headers(), 'permissions-policy': 'camera=()' }
          await route.fulfill({ response, headers })
        })
        await page.goto(`${new URL(page.url()).origin}/?without-camera`)
      }
      if (why === 'without its reader') await page.context().route('**/*.wasm', (route) => route.abort())
      await visitorWithoutScanner()
      await press(page, '用摄像头扫码')
      await shows(page, '摄像头不能使用')
      await shows(page, why === 'not allowed' ? '这台机器没有开放摄像头。' : '没有找到可用的摄像头。')
      await press(page, '返回')
      await shows(page, '请用摄像头扫健康码')
      await page.getByRole('button', { name: '没有手机' }).first().waitFor()
    },
    60_000,
  )
})
