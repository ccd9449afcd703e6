import { describe, expect, test } from 'vitest'
import { paperMoved } from '../../devices/receipt-printers/escpos/paper-moved.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { interpret, printerSetup, printJob, textLines } from '../support/escpos-printer.ts'

const slipTexts = (setup: ReturnType<typeof printerSetup>) =>
  setup.printer.slips.map(({ bytes }) => textLines(interpret(bytes).drawing))
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const profile = readProfile('generic-80')

describe('What the agent is told of a job', () => {
  test('hears when the last byte was handed over, before the printer has proven anything', async () => {
    const setup = printerSetup({ device: { paceBaud: 9600 } })
    const { print } = await setup.start()
    const order: string[] = []
    const job = {
      ...printJob('AB12'),
      beforeFirstByte: async () => void order.push('sending'),
      onSent: () => void order.push('sent'),
    }
    await setup.clock.until(print(job).then(({ outcome }) => order.push(outcome)))
    expect(order).toEqual(['sending', 'sent', 'printed'])
  })

  test('does not hear "sent" of a slip that broke off', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    let sent = false
    setup.printer.arm({ dropLinkAfterBytes: 100 })
    const job = { ...printJob('AB12', 'long enough '.repeat(200)), onSent: () => (sent = true) }
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'unknown' })
    expect(sent).toBe(false)
  })

  test('hears that the slip waits at the exit, while it does', async () => {
    const setup = printerSetup({
      profile: readProfile('custom-kpm216h'),
      device: { presenter: 'custom-ge', takenAfterMs: 5000 },
    })
    const { print } = await setup.start()
    let heldOutAt: number | undefined
    const job = { ...printJob('AB12'), onHeldOut: () => (heldOutAt = setup.clock.monotonic()) }
    const result = await setup.clock.until(print(job))
    expect(result).toMatchObject({ outcome: 'printed', taken: true })
    expect(setup.clock.monotonic() - (heldOutAt ?? 0)).toBeGreaterThan(4000)
  })

  test('paper that runs out while the ledger still syncs starts nothing', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    async function beforeFirstByte() {
      setup.printer.setPaper('out')
      await setup.clock.sleep(5)
    }
    const job = { ...printJob('AB12', 'SECRET'), beforeFirstByte }
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'not-started', fault: 'paper-out' })
    expect(Buffer.from(setup.printer.received).includes('SECRET')).toBe(false)
  })

  test('what kept a slip from starting is told at once, not at the next look', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    setup.printer.setPaper('out')
    await setup.clock.until(print(printJob('AB12')))
    expect(setup.events.at(-1)).toMatchObject({ fault: 'paper-out' })
  })
})

describe('After trouble', () => {
  test('a printer told of it clears itself and cuts off the remains, before the next slip', async () => {
    const setup = printerSetup({ kept: true, device: { paceBaud: 9600 } })
    const first = await setup.start()
    const broken = first.print(printJob('AB12', 'first line is long enough '.repeat(200)))
    await setup.clock.advance(1000)
    setup.stop()
    await setup.clock.until(broken)
    // Another run of the agent: its driver remembers nothing, the agent has read the ledger.
    setup.cable.unplug()
    const { print } = await setup.start()
    const next = await setup.clock.until(print({ ...printJob('CD34', 'second'), afterTrouble: true }))
    expect(next).toMatchObject({ outcome: 'printed' })
    const texts = slipTexts(setup)
    expect(texts).toHaveLength(2)
    expect(texts[0]?.join('')).toContain('first line')
    expect(texts[1]).toEqual(['second'])
  })

  test('the blank that was cut off counts as paper, with the job that needed it', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    const plain = await setup.clock.until(print(printJob('AB12')))
    const after = await setup.clock.until(print({ ...printJob('CD34'), afterTrouble: true }))
    expect([plain.paperMm, after.paperMm]).toEqual([16, 43])
  })

  test('the rest of a slip nobody is sure of is cleared as soon as the printer answers, without a new job', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    setup.swallowAnswers((answer) => answer[0] === 0x18)
    setup.printer.arm({ paperOutAfterBytes: 150 })
    const lost = print(printJob('AB12', 'first line is long enough '.repeat(8)))
    expect(await setup.clock.until(lost)).toMatchObject({ outcome: 'unknown' })
    await setup.clock.advance(11_000)
    setup.printer.setPaper('full')
    await setup.clock.advance(60_000)
    expect(setup.printer.slips).toHaveLength(0)
    setup.stop()
  })

  test('its own process id that comes late proves a slip after all, once', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    setup.swallowAnswers((answer) => answer[0] === 0x37 && answer[1] === 0x22)
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({ outcome: 'unknown' })
    const late = bytes('37 22 41 42 31 32 00')
    setup.say(bytes('37 22 58 58 58 58 00'))
    setup.say(late)
    setup.say(late)
    await setup.clock.advance(10)
    expect(setup.proofs).toEqual(['AB12'])
  })
})

describe('The paper that bytes move', () => {
  test.each([
    ['a line feed', '41 0A', 30],
    ['lines fed at once', '1B 64 04', 120],
    ['dots fed', '1B 4A 10', 16],
    ['a picture of 8 × 40 dots', `1D 76 30 00 01 00 28 00 ${'FF '.repeat(40)}`, 40],
    // Version 1, 21 modules of 4 dots.
    ['a QR code', '1D 28 6B 03 00 31 43 04 1D 28 6B 06 00 31 50 30 41 42 43 1D 28 6B 03 00 31 51 30', 84],
    ['a picture that was not sent whole', '1D 76 30 00 01 00 28 00 FF FF', 0],
  ])('%s', (_, hex, dots) => {
    expect(paperMoved(bytes(hex), profile)).toBeCloseTo((dots / 203) * 25.4, 5)
  })

  test('a cut that feeds to the cutter moves it by that way, another one by nothing', () => {
    expect(paperMoved(bytes('1D 56 42 00'), profile)).toBe(12)
    expect(paperMoved(bytes('1B 69'), readProfile('custom-kpm216h'))).toBe(0)
  })
})
