import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { showConsole } from './console-draw.ts'
import { type ConsoleServer, startConsoleServer } from './console-server.ts'
import { allModels, calm, consoleStates, ours, scanner, technician } from './console-states.ts'
import { showOn } from './measure.ts'
import { welcome } from './snapshots.ts'

let browser: Browser
let server: ConsoleServer

beforeAll(async () => {
  browser = await openBrowser()
  server = await startConsoleServer(calm, await allModels())
})

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

const viewport = { width: 1080, height: 1920 }
const openPage = () => browser.newPage({ viewport, reducedMotion: 'reduce' })

async function openConsole(path = ''): Promise<Page> {
  const page = await openPage()
  await page.goto(`${server.origin}/technician?language=en${path}`)
  return page
}

async function typePin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

/** What the console asked for since. */
async function asked(type: string, doing: () => Promise<unknown>) {
  const before = server.commands.length
  await doing()
  await vi.waitFor(() => expect(server.commands.slice(before).map((each) => each.type)).toContain(type))
  return server.commands.at(-1)
}

describe('Coming in', () => {
  test('a wrong PIN is told, and for how long the next one must wait', async () => {
    server.beSignedIn(null)
    server.refuseSignIn({ error: 'locked', waitMs: 2_000 })
    const page = await openConsole()
    await page.getByLabel('Account').fill('Chen-Wei')
    await typePin(page, '123456')
    await press(page, 'Sign in')
    await page.getByText('Possible again in').waitFor()
    expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true)
    expect(await page.getByLabel('PIN', { exact: true }).inputValue()).toBe('')
    await page.getByText('Possible again in').waitFor({ state: 'detached' })
    server.refuseSignIn(undefined)
    await typePin(page, '271828')
    await press(page, 'Sign in')
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    expect(server.entered.at(-1)).toEqual({ account: 'chen-wei' })
    await page.close()
  })

  test.each([
    ['disabled', 'switched off'],
    ['not-technician', 'not a technician'],
    ['no-accounts', 'no technician yet'],
  ] as const)('a sign-in refused as %s says what to do', async (error, words) => {
    server.beSignedIn(null)
    server.refuseSignIn({ error })
    const page = await openConsole()
    await page.getByLabel('Account').fill('someone')
    await page.getByLabel('PIN', { exact: true }).fill('271828')
    await page.getByLabel('PIN', { exact: true }).press('Enter')
    await page.getByRole('alert').getByText(words).waitFor()
    server.refuseSignIn(undefined)
    await page.close()
  })

  test('the first account is made by a link that leaves the address bar; two PINs that differ are asked again', async () => {
    server.beSignedIn(null)
    const page = await openConsole('#setup=one-time-secret')
    await page.getByLabel('Your name').fill('Ho Man-kit')
    await page.getByLabel('Account').fill('ho-man-kit')
    expect(page.url()).not.toContain('one-time-secret')
    await press(page, 'Next')
    await typePin(page, '271828')
    await press(page, 'Next')
    await typePin(page, '271829')
    await press(page, 'Create the account')
    await page.getByText('The two PINs differ').waitFor()
    for (const button of ['Next', 'Create the account']) {
      await typePin(page, '271828')
      await press(page, button)
    }
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    expect(server.entered.at(-1)).toEqual({ account: 'ho-man-kit', token: 'one-time-secret' })
    await page.close()
  })

  test('a PIN set by somebody else is changed before anything else is shown', async () => {
    server.beSignedIn({ ...technician, mustChangePin: true })
    const page = await openConsole()
    await page.getByRole('heading', { name: 'Choose a PIN of your own' }).waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    await page.getByLabel('The PIN you have now').fill('111111')
    await press(page, 'Next')
    await page.getByLabel('Choose a PIN').fill('271828')
    await press(page, 'Next')
    await page.getByLabel('Type the PIN again').fill('271828')
    const command = await asked('change-own-pin', () => press(page, 'Next'))
    expect(command).toEqual({ type: 'change-own-pin', pin: '111111', newPin: '271828' })
    await page.close()
  })

  test('who is signed out by the agent is told so, and who presses it too', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    server.beSignedIn(null)
    await page.getByText('nothing was pressed for a while').waitFor()
    await page.getByLabel('Account').fill('chen-wei')
    await page.getByLabel('PIN', { exact: true }).fill('271828')
    await page.getByLabel('PIN', { exact: true }).press('Enter')
    await press(page, 'Sign out')
    await page.getByText('You are signed out.').waitFor()
    await page.close()
  })

  test('the hall’s name, pressed for five seconds, leads from the visitor’s screen here, and a link back', async () => {
    server.beSignedIn(null)
    const page = await openPage()
    await page.clock.install()
    await showOn(page, server.screens, { snapshot: welcome })
    await page.locator('.header-name').hover()
    await page.mouse.down()
    await page.clock.runFor(3_000)
    await page.mouse.up()
    await page.clock.runFor(5_000)
    expect(new URL(page.url()).pathname).toBe('/')
    await page.mouse.down()
    await page.clock.runFor(5_100)
    await page.waitForURL('**/technician')
    await page.getByRole('link', { name: '访客屏幕' }).click()
    await page.waitForURL(`${server.origin}/`)
    await page.close()
  })
})

describe('The handover', () => {
  test('a visitor who is there may finish or is ended, and the way back always stands there', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    const show = async (name: string) => {
      const shown = consoleStates[name]
      if (shown) await showConsole(page, server, { ...shown, language: 'en' })
    }
    await show('devices-visitor-here')
    expect(await asked('enter', () => press(page, 'Wait until finished'))).toMatchObject({
      when: 'after-visitor',
    })
    expect(await asked('enter', () => press(page, 'End the visit now'))).toMatchObject({ when: 'now' })
    await show('entering')
    await asked('leave', () => press(page, 'Do not take over'))
    await show('devices')
    expect(await asked('enter', () => press(page, 'Take over'))).toEqual({ type: 'enter', when: 'now' })
    await show('configure')
    await asked('leave', () => press(page, 'Back to visitors'))
    await show('exiting')
    await page.getByText('Waiting until these are ready: gate, printer').waitFor()
    expect(await asked('leave', () => press(page, 'Serve without them'))).toMatchObject({ force: true })
    await page.close()
  })

  test('what touches a device cannot be pressed while visitors or another technician have the terminal', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    for (const name of ['test-visitors', 'held-by-other']) {
      const shown = consoleStates[name]
      if (shown) await showConsole(page, server, { ...shown, language: 'en' })
      const touching = page.getByRole('button', { name: name === 'test-visitors' ? 'Run' : 'Ask all ports' })
      expect(await touching.first().isDisabled()).toBe(true)
      await page.getByText('For this the terminal must be yours first.').waitFor()
    }
    await page.close()
  })

  test('an agent that is away is told, and the page goes on by itself', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
    await server.screens.die()
    await page.getByText("No connection to the terminal's agent").waitFor()
    await server.screens.revive()
    await page.getByText("No connection to the terminal's agent").waitFor({ state: 'detached' })
    await page.close()
  })
})

describe('Setting up', () => {
  test('a keyboard alone leads from a proposal to a kept device', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    const found = consoleStates['identify-found']
    if (!found) throw new Error('no such state')
    const broken = { ...scanner, state: 'offline' as const }
    const state = { ...found.state, devices: [broken] }
    await showConsole(page, server, { view: 'identify', state, language: 'en' })
    await page.locator('body').press('Tab')
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 80; presses++) {
        const focused = await page.evaluate('document.activeElement?.textContent?.trim()')
        if (focused === name) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`"${name}" is not reached by Tab`)
    }
    await tabTo('Set it up like this')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'In place of scanner', pressed: true }).waitFor()
    await tabTo('Try it')
    const tried = await asked('try-device', () => page.keyboard.press('Enter'))
    const [port] = state.identify.ports
    expect(tried).toEqual({
      type: 'try-device',
      device: { id: 'scanner', driver: 'gm65', options: { path: port?.path } },
    })
    const works = consoleStates['trial-works']
    if (works) server.show({ ...works.state, version: 90_001 })
    await page.locator('[data-version="90001"]').waitFor()
    await tabTo('Keep it')
    await asked('keep-trial', () => page.keyboard.press('Enter'))
    server.show({ ...ours, version: 90_002 })
    await page.getByText('Kept. Now test it.').waitFor()
    await page.close()
  })

  test('every option of every driver has its field in the form', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    await showConsole(page, server, { view: 'configure', state: ours, language: 'en' })
    await press(page, 'Add a device')
    for (const { driver, kind, options } of await allModels()) {
      await page
        .locator(`.options button`)
        .filter({ hasText: kindNames[kind] ?? kind })
        .first()
        .click()
      await page.getByLabel('Model').selectOption(driver)
      const keys = Object.keys((options.properties ?? {}) as object)
      const shown = await page.locator('[id^="option-"], .form-group > legend').count()
      expect(shown, driver).toBeGreaterThanOrEqual(keys.length)
    }
    await page.close()
  }, 60_000)

  test('what cannot be tried is told beside its field, which gets the focus', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    await showConsole(page, server, { view: 'configure', state: ours, language: 'en' })
    await press(page, 'Add a device')
    await press(page, 'Code scanner')
    await page.getByLabel('Model').selectOption('gm65')
    await page.getByLabel('Name in the settings').fill('scanner')
    await page.getByText('A device of this name exists already.').waitFor()
    await page.getByLabel('Name in the settings').fill('scanner-2')
    const before = server.commands.length
    await press(page, 'Try it')
    await page.getByText('This is needed.').waitFor()
    await vi.waitFor(async () =>
      expect(await page.evaluate('document.activeElement?.id')).toBe('option-path'),
    )
    expect(server.commands.length).toBe(before)
    await page.close()
  })

  test('a refused command says why, in words and in detail', async () => {
    server.beSignedIn(technician)
    server.refuseCommands({ error: 'busy', message: 'A test of "gate" is still running.' })
    const page = await openConsole()
    await showConsole(page, server, { view: 'identify', state: ours, language: 'en' })
    await press(page, 'List ports')
    await page.getByRole('alert').getByText('Something else is still running').waitFor()
    await page.getByText('A test of "gate" is still running.').waitFor()
    server.refuseCommands(undefined)
    await page.close()
  })

  test('a file of settings is looked at before it is taken', async () => {
    server.beSignedIn(technician)
    const page = await openConsole()
    await showConsole(page, server, { view: 'configure', state: ours, language: 'en' })
    const choose = (content: string) =>
      page.locator('input[type="file"]').setInputFiles({
        name: 'settings.json',
        mimeType: 'application/json',
        buffer: Buffer.from(content),
      })
    await choose('no settings')
    await page.getByText('This file holds no JSON.').waitFor()
    const file = { format: 'hall-kiosk-settings-1', terminal: 'entry-2', exportedAt: calm.at, settings: {} }
    server.review({
      added: [],
      changed: ['gate'],
      removed: [],
      panel: false,
      faults: ['devices[0].options.relay: 9'],
    })
    await choose(JSON.stringify(file))
    await page.getByText('devices[0].options.relay: 9').waitFor()
    expect(await page.getByRole('button', { name: 'Import it' }).isDisabled()).toBe(true)
    server.review({ added: ['lights'], changed: ['gate'], removed: [], panel: true, faults: [] })
    await choose(JSON.stringify(file))
    await page.getByText('The file comes from terminal entry-2.').waitFor()
    expect(await asked('import-settings', () => press(page, 'Import it'))).toMatchObject({ file })
    await page.close()
  })
})

const kindNames: { readonly [kind: string]: string } = {
  'id-card-reader': 'ID-card reader',
  'code-scanner': 'Code scanner',
  thermometer: 'Thermometer',
  gate: 'Gate',
  'receipt-printer': 'Receipt printer',
  auxiliaries: 'Lights and sensors',
}
