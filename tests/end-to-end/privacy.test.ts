import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { demoPeople } from '../../kiosk-agent/bench/people.ts'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import { openBrowser } from '../support/browser.ts'
import { type PortedTerminal, portedTerminal } from '../support/ported-terminal.ts'
import { openScreen } from '../support/screen-client.ts'

let browser: Browser
let terminal: PortedTerminal
let page: Page
let launchUrl: string

beforeAll(async () => {
  await builtScreens()
  ;[browser, terminal] = await Promise.all([openBrowser(), portedTerminal()])
  page = await browser.newPage({ viewport: { width: 1080, height: 1920 } })
  launchUrl = await terminal.start()
  await page.goto(launchUrl)
  await page.getByRole('heading', { name: '请放上身份证' }).waitFor()
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await terminal?.[Symbol.asyncDispose]()
})

const [li, , huang] = demoPeople

/** Name and number as they might stand somewhere: as text in three encodings, as hex and as base64. */
function traces(person: (typeof demoPeople)[number] | undefined): Buffer[] {
  const { name, idNumber } = person?.card ?? { name: '', idNumber: '' }
  expect(idNumber).toHaveLength(18)
  return [name, idNumber].flatMap((text) => {
    const utf8 = Buffer.from(text)
    return [
      utf8,
      Buffer.from(text, 'utf16le'),
      Buffer.from(JSON.stringify(text).replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)),
      Buffer.from(utf8.toString('hex')),
      Buffer.from(utf8.toString('base64').replace(/=+$/, '')),
    ]
  })
}
const sentinels = () => [...traces(li), ...traces(huang)]

function expectClean(bytes: Buffer, where: string): void {
  for (const sentinel of sentinels()) {
    expect(bytes.includes(sentinel), `${where} holds "${sentinel.toString()}"`).toBe(false)
  }
}

test('after a visit no name and no ID number is left in clear: disk, log, next screen, browser storage, printed slip', async () => {
  const { bench } = terminal
  const printer = terminal.controls('receipt-printer')
  await bench.act({ type: 'lay-card', person: 'li' })
  await bench.act({ type: 'set-temperature', centiCelsius: 3650 })
  await bench.act({ type: 'show-code', code: 'YKMDEMO:li' })
  // The screen of the visit itself shows masked data only.
  await page.getByText('李*明').first().waitFor()
  expectClean(Buffer.from(await page.content()), 'the screen of the visit')
  await page.getByRole('button', { name: '我已戴好' }).click()
  await vi.waitFor(() => expect(terminal.controls('gate').pulses).toBe(1), 10_000)
  terminal.controls('gate').walkThrough()
  await vi.waitFor(() => expect(printer.slips.length).toBe(1), 15_000)
  await bench.act({ type: 'reset' })
  await bench.act({ type: 'lay-card', person: 'huang' })
  await vi.waitFor(() => expect(printer.slips.length).toBe(2), 15_000)
  await page.getByRole('button', { name: '结束并取走证件' }).click()
  await page.getByRole('heading', { name: '请放上身份证' }).waitFor()

  // What another screen gets now, and what this one kept.
  const output = terminal.output()
  const cookies = JSON.stringify(await page.context().cookies())
  const storage = await page.evaluate<Record<string, string>>(`(async () => ({
    local: JSON.stringify(localStorage),
    session: JSON.stringify(sessionStorage),
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys()),
    address: location.href,
  }))()`)
  expect(storage).toMatchObject({ local: '{}', session: '{}', databases: '[]', caches: '[]' })
  expectClean(Buffer.from(JSON.stringify(storage) + cookies), 'the browser')
  expectClean(Buffer.from(await page.content()), 'the next screen')
  expectClean(Buffer.from(output), 'the log')
  for (const { bytes } of printer.slips) {
    expectClean(Buffer.from(bytes), 'a slip')
    expectClean(Buffer.from(new TextDecoder('gb18030').decode(bytes)), 'a slip')
  }

  // The ledger and the store as a thief would find them, with everything SQLite keeps beside them.
  const files = await readdir(terminal.dataFolder, { recursive: true, withFileTypes: true })
  const read = files.filter((file) => file.isFile() && !file.parentPath.includes('compile-cache'))
  expect(read.map(({ name }) => name)).toEqual(expect.arrayContaining(['ledger.sqlite', 'hall.sqlite']))
  for (const file of read) {
    const path = join(file.parentPath, file.name)
    expectClean(await readFile(path), path)
  }
})

test('a screen that signs in later gets nothing of the visits before', async () => {
  await terminal.kill()
  const screen = await openScreen(await terminal.start())
  await screen.until(({ service }) => service.state === 'in-service', 'a terminal in service')
  expectClean(Buffer.from(JSON.stringify(screen.history)), 'a later screen')
  expect(screen.snapshot).toMatchObject({ session: null, outcome: null })
  screen.close()
})
