import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import { openBrowser } from '../support/browser.ts'
import { interpret, textLines } from '../support/escpos-printer.ts'
import { type PortedTerminal, portedTerminal } from '../support/ported-terminal.ts'

let browser: Browser
let terminal: PortedTerminal
let page: Page

beforeAll(async () => {
  await builtScreens()
  ;[browser, terminal] = await Promise.all([openBrowser(), portedTerminal()])
  const context = await browser.newContext({ viewport: { width: 1080, height: 1920 }, locale: 'zh-CN' })
  page = await context.newPage()
  await page.goto(await terminal.start())
  await shows('请放上身份证')
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await terminal?.[Symbol.asyncDispose]()
})

const shows = (text: string | RegExp) =>
  page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 15_000 })

const attestMask = () => page.getByRole('button', { name: '我已戴好' }).click()

/** A visitor lays a card down, is measured, shows a code and says the mask is on. */
async function visit() {
  const { bench } = terminal
  await bench.act({ type: 'take-card' })
  await bench.act({ type: 'lay-card', person: 'li' })
  await bench.act({ type: 'set-temperature', centiCelsius: 3650 })
  await bench.act({ type: 'show-code', code: 'YKMDEMO:li' })
  await attestMask()
}

/** The ledger as it is on the disk, read from outside while the agent runs. */
function ledger(): Entry[] {
  const file = new DatabaseSync(terminal.ledgerPath, { readOnly: true })
  try {
    return file
      .prepare('SELECT * FROM entries ORDER BY seq')
      .all()
      .map((row) => JSON.parse(String(row.body)))
  } finally {
    file.close()
  }
}
const entries = <T extends Entry['type']>(type: T) =>
  ledger().filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type)

/** The screen as the next visitor finds it. */
async function welcome() {
  await terminal.bench.act({ type: 'reset' })
  const finish = page.getByRole('button', { name: /结束并取走证件|取消|結束並|Finish|Cancel/ })
  const simplified = page.getByRole('button', { name: '简体' })
  await expect
    .poll(
      async () => {
        if (await finish.isVisible()) await finish.click().catch(() => {})
        if (await simplified.isVisible()) await simplified.click().catch(() => {})
        return page.getByRole('heading', { name: '请放上身份证' }).isVisible()
      },
      { timeout: 15_000 },
    )
    .toBe(true)
}

describe('A visitor at a terminal with real ports', () => {
  beforeEach(welcome)

  test('is admitted: the gate opens once, the person passes, the slip comes out, the ledger has it', async () => {
    const gate = terminal.controls('gate')
    const pulses = gate.pulses
    await visit()
    await shows('请进')
    await vi.waitFor(() => expect(gate.pulses).toBe(pulses + 1))
    // However busy the machine is, the contact is closed until it was seen.
    gate.block(true)
    await vi.waitFor(() => expect(entries('passage')).toHaveLength(1), 10_000)
    gate.block(false)
    // The card was forgotten on the reader.
    await page.getByRole('heading', { name: '请取走您的身份证' }).waitFor({ timeout: 15_000 })
    await terminal.bench.act({ type: 'take-card' })
    await shows('您已入厅，祝您办事顺利')
    await vi.waitFor(
      () => expect(entries('card-left').map(({ what }) => what)).toEqual(['noticed', 'taken']),
      10_000,
    )
    await vi.waitFor(
      () => expect(entries('slip').at(-1)).toMatchObject({ state: 'printed', evidence: 'process-id' }),
      10_000,
    )
    const steps = ['nonce', 'decision', 'grant', 'pulse', 'passage', 'grant-ended', 'settled']
    // The slip may be out before the store has confirmed the visit.
    await vi.waitFor(
      () =>
        expect(
          ledger()
            .map(({ type }) => type)
            .filter((type) => steps.includes(type)),
        ).toEqual(steps),
      10_000,
    )
    expect(gate.pulses).toBe(pulses + 1)
    expect(await terminal.store.headCount()).toMatchObject({ inside: 1, unconfirmed: 0, granted: 0 })
  })

  test('is refused without an appointment, and told the next step, in the language of choice', async () => {
    const pulses = terminal.controls('gate').pulses
    await terminal.bench.act({ type: 'lay-card', person: 'huang' })
    await shows(/没有.*预约/)
    await page.getByRole('button', { name: 'English' }).click()
    await shows(/no appointment/i)
    await page.getByRole('button', { name: '繁體' }).click()
    await shows(/預約/)
    expect(entries('decision').at(-1)).toMatchObject({
      decision: 'refuse',
      reasons: [{ code: 'no-appointment' }],
    })
    expect(terminal.controls('gate').pulses).toBe(pulses)
  })

  test('is asked about a slip that broke off, presses twice, and gets one copy that says it is one', async () => {
    const printer = terminal.controls('receipt-printer')
    const before = printer.slips.length
    // Behind the questions, in the middle of the slip.
    printer.arm({ dropLinkAfterBytes: 600 })
    await visit()
    await shows('请进')
    terminal.controls('gate').walkThrough()
    await shows(/不知道小票有没有打出来/)
    const slipCode = entries('decision').at(-1)?.slipCode
    await shows(slipCode ?? '')
    await page.getByRole('button', { name: '再打一张' }).dblclick()
    await vi.waitFor(() => {
      expect(entries('slip').at(-1)).toMatchObject({ slipCode, copy: 2, state: 'printed' })
    }, 10_000)
    await expect.poll(() => page.getByRole('button', { name: '再打一张' }).isVisible()).toBe(false)
    const papers = printer.slips
      .slice(before)
      .map(({ bytes }) => textLines(interpret(bytes).drawing).join('\n'))
    // The torn piece was cut off before the copy.
    expect(papers).toHaveLength(2)
    expect(papers[0]).not.toContain(slipCode)
    expect(papers[1]).toContain('补打 2')
    expect(papers[1]).toContain(slipCode)
    expect(entries('slip-answer').at(-1)).toMatchObject({ slipCode, copy: 1, answer: 'print-again' })
  })

  test('is sent to a person while the health gateway is down, never let in', async () => {
    const pulses = terminal.controls('gate').pulses
    terminal.gateway.setState('down')
    await terminal.bench.act({ type: 'lay-card', person: 'zhang' })
    await terminal.bench.act({ type: 'set-temperature', centiCelsius: 3650 })
    await attestMask()
    await terminal.bench.act({ type: 'show-code', code: 'YKMDEMO:zhang' })
    await vi.waitFor(() => {
      expect(entries('decision').at(-1)).toMatchObject({
        decision: 'assist',
        reasons: [{ code: 'health-unavailable' }],
      })
    }, 10_000)
    await shows(/工作人员/)
    expect(terminal.controls('gate').pulses).toBe(pulses)
    terminal.gateway.setState('up')
  })

  test('is told before starting that there is no paper, and gets in all the same', async () => {
    await terminal.bench.act({ type: 'paper', paper: 'out' })
    await shows(/不能打印/)
    await visit()
    await shows('请进')
    terminal.controls('gate').walkThrough()
    await vi.waitFor(() => {
      expect(entries('slip').at(-1)).toMatchObject({ state: 'not-started', fault: 'paper-out' })
      expect(entries('grant-ended').at(-1)).toMatchObject({ how: 'passed' })
    }, 10_000)
    await terminal.bench.act({ type: 'paper', paper: 'full' })
  })

  test('is judged by staff when the thermometer is unplugged in the middle, and the door recovers after replugging', async () => {
    const pulses = terminal.controls('gate').pulses
    await terminal.bench.act({ type: 'lay-card', person: 'zhang' })
    await attestMask()
    await terminal.bench.act({ type: 'cable', device: 'thermometer', plugged: false })
    await terminal.bench.act({ type: 'show-code', code: 'YKMDEMO:zhang' })
    await vi.waitFor(() => {
      expect(entries('decision').at(-1)).toMatchObject({
        decision: 'assist',
        reasons: [{ code: 'temperature-unavailable' }],
      })
    }, 10_000)
    expect(terminal.controls('gate').pulses).toBe(pulses)
    await terminal.bench.act({ type: 'cable', device: 'thermometer', plugged: true })
    await vi.waitFor(
      () => expect(entries('device').at(-1)).toMatchObject({ device: 'thermometer', state: 'online' }),
      10_000,
    )
  })

  test('finds the screen out of service while the card reader is unplugged, and back by itself', async () => {
    await terminal.bench.act({ type: 'cable', device: 'card-reader', plugged: false })
    await page.getByRole('heading', { name: /暂停/ }).first().waitFor()
    await terminal.bench.act({ type: 'cable', device: 'card-reader', plugged: true })
    await shows('请放上身份证')
  })
})

describe('An agent that is killed', () => {
  beforeEach(welcome)

  test('between decision and pulse: the gate stays shut, the person counts as inside, unconfirmed', async () => {
    const gate = terminal.controls('gate')
    // Answers come late, so that the pulse has to wait for the poll under way: time enough to pull the plug.
    gate.answerDelayMs = 200
    const before = (await terminal.store.headCount()).unconfirmed
    const pulses = gate.pulses
    let killedInTime = false
    for (let attempt = 0; attempt < 8 && !killedInTime; attempt++) {
      const grants = entries('grant').length
      await visit()
      while (entries('grant').length === grants) await sleep(1)
      await terminal.kill()
      killedInTime = gate.pulses === pulses + attempt
      if (!killedInTime) await restarted()
    }
    expect(killedInTime).toBe(true)
    const seen = gate.pulses
    await restarted()
    expect(gate.pulses).toBe(seen)
    await vi.waitFor(() => expect(entries('settled').at(-1)).toMatchObject({ result: 'unconfirmed' }))
    expect(entries('grant-ended').at(-1)).toMatchObject({ how: 'unconfirmed' })
    expect((await terminal.store.headCount()).unconfirmed).toBeGreaterThan(before)
    expect(await verifyLedger(terminal.ledgerPath)).toMatchObject({ ok: true })
    gate.answerDelayMs = 0
  }, 120_000)

  test('between pulse and passage: nothing opens again, the person counts as inside, unconfirmed', async () => {
    const gate = terminal.controls('gate')
    const before = await terminal.store.headCount()
    const pulses = gate.pulses
    await visit()
    await vi.waitFor(() => expect(gate.pulses).toBe(pulses + 1), 10_000)
    await terminal.kill()
    await shows(/连接中断|正在恢复/)
    await restarted()
    expect(gate.pulses).toBe(pulses + 1)
    await vi.waitFor(() => expect(entries('settled').at(-1)).toMatchObject({ result: 'unconfirmed' }))
    expect(await terminal.store.headCount()).toMatchObject({
      unconfirmed: before.unconfirmed + 1,
      granted: 0,
    })
  }, 60_000)

  /** A new run of the agent; the page recovers by itself, without a reload and without a new link. */
  async function restarted() {
    await terminal.start()
    await shows('请放上身份证')
  }
})
