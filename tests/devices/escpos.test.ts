import { describe, expect, test, vi } from 'vitest'
import { escpos } from '../../devices/receipt-printers/escpos/driver.ts'
import { escposOptionsSchema } from '../../devices/receipt-printers/escpos/options.ts'
import type { PrinterProfile } from '../../devices/receipt-printers/escpos/profile.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import { interpret, printerSetup, printJob, textLines } from '../support/escpos-printer.ts'

const wide = readProfile('generic-80')
const healthy = { paper: 'full', cover: 'closed' }

/** The text on the n-th piece of paper. */
function slipText(setup: ReturnType<typeof printerSetup>, index: number): string[] {
  const slip = setup.printer.slips[index]
  return slip ? textLines(interpret(slip.bytes).drawing) : []
}

describe('ESC/POS receipt printer', () => {
  test('prints, cuts once, and is believed because this job’s own process id came back', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    const job = printJob('AB12', '排队号 A012')
    expect(await setup.clock.until(print(job))).toEqual({
      outcome: 'printed',
      evidence: 'process-id',
      paperLow: false,
      // A line of 30 dots at 203 dpi, and 12 mm from the head to the cutter.
      paperMm: 16,
    })
    expect(job.sent).toBe(true)
    expect(setup.printer.slips).toHaveLength(1)
    expect(slipText(setup, 0)).toEqual(['排队号 A012'])
    expect(setup.events).toEqual([healthy])
  })

  test('falls back to "the end was reached" on a clone without process ids', async () => {
    const setup = printerSetup({ device: { gsH48: false } })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toEqual({
      outcome: 'printed',
      evidence: 'reached',
      paperLow: false,
      paperMm: 16,
    })
  })

  test('without any way back the outcome is unknown, although the slip came out', async () => {
    const mute: PrinterProfile = { ...wide, status: { eot: [], asb: false, gsH48: false, gsr: false } }
    const setup = printerSetup({ device: { gsH48: false, gsr: false }, profile: mute })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({ outcome: 'unknown' })
    expect(setup.printer.slips).toHaveLength(1)
  })

  test('near the end of the paper it prints on and says so', async () => {
    const setup = printerSetup()
    setup.printer.setPaper('low')
    const { print } = await setup.start()
    expect(setup.events).toEqual([{ paper: 'low', cover: 'closed' }])
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'printed',
      paperLow: true,
    })
  })

  test.each([
    ['paper-out', (setup: ReturnType<typeof printerSetup>) => setup.printer.setPaper('out')],
    ['cover-open', (setup: ReturnType<typeof printerSetup>) => setup.printer.setCover(true)],
  ] as const)('%s before the job: not started, and not a byte of it sent', async (fault, happen) => {
    const setup = printerSetup()
    const { print } = await setup.start()
    happen(setup)
    const job = printJob('AB12', 'SECRET')
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'not-started', fault })
    expect(job.sent).toBe(false)
    expect(Buffer.from(setup.printer.received).includes('SECRET')).toBe(false)
  })

  test('a job that may not start any more leaves nothing on paper', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    const job = {
      ...printJob('AB12', 'SECRET'),
      beforeFirstByte: () => Promise.reject(new Error('disk full')),
    }
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'not-started', fault: 'canceled' })
    expect(Buffer.from(setup.printer.received).includes('SECRET')).toBe(false)
  })

  test('a character that cannot be printed: not started, nothing sent', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    const before = setup.printer.received.length
    expect(await setup.clock.until(print(printJob('AB12', '王㐀')))).toMatchObject({
      outcome: 'not-started',
      fault: 'unprintable',
    })
    expect(setup.printer.received).toHaveLength(before)
  })

  test('two jobs at once are printed one after the other, each on its own paper', async () => {
    const setup = printerSetup({ device: { paceBaud: 19_200 } })
    const { print } = await setup.start()
    const both = Promise.all([print(printJob('AB12', 'first')), print(printJob('CD34', 'second'))])
    expect((await setup.clock.until(both)).map(({ outcome }) => outcome)).toEqual(['printed', 'printed'])
    expect([slipText(setup, 0), slipText(setup, 1)]).toEqual([['first'], ['second']])
  })

  test('asks about the paper only when no job is running', async () => {
    const setup = printerSetup({ device: { paceBaud: 9600 } })
    const { print, check } = await setup.start()
    const before = setup.printer.received.length
    const printed = print(printJob('AB12', '排队号'.repeat(40)))
    const checked = check()
    expect(await setup.clock.until(checked)).toEqual(healthy)
    await printed
    const bytes = Buffer.from(setup.printer.received.subarray(before)).toString('latin1')
    const start = bytes.lastIndexOf('\x1b@')
    const end = bytes.indexOf('\x1d(H', start)
    expect(bytes.slice(start, end)).not.toContain('\x10\x04')
    expect(bytes.slice(end)).toContain('\x10\x04\x04')
  })
})

describe('a fault in the middle of a slip', () => {
  const faults = ['paperOutAfterBytes', 'coverOpenAfterBytes', 'dropLinkAfterBytes'] as const
  const text = '东莞市民服务中心 A012 '.repeat(4)

  test.each(faults)('%s: never printed without the cut, wherever it happens', async (fault) => {
    const whole = printerSetup()
    const commands = await whole.start()
    const greeted = whole.printer.received.length
    await whole.clock.until(commands.print(printJob('AB12', text)))
    const total = whole.printer.received.length - greeted

    for (let offset = 0; offset <= total; offset += 13) {
      const setup = printerSetup()
      const { print } = await setup.start()
      setup.printer.arm({ [fault]: offset })
      const job = printJob('AB12', text)
      const result = await setup.clock.until(print(job))
      const cut = setup.printer.slips.length === 1
      expect({ offset, claimed: result.outcome === 'printed' && !cut }).toEqual({ offset, claimed: false })
      if (!job.sent) expect(result.outcome).toBe('not-started')
      if (job.sent && result.outcome !== 'printed')
        expect(result.outcome).toBe(fault === 'dropLinkAfterBytes' ? 'unknown' : 'incomplete')
      if (result.outcome === 'incomplete')
        expect(result.fault).toBe(fault === 'paperOutAfterBytes' ? 'paper-out' : 'cover-open')
    }
  })

  test('a jammed cutter is no printed slip', async () => {
    const setup = printerSetup()
    const { print } = await setup.start()
    setup.printer.jamCutter()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'incomplete',
      fault: 'cutter',
    })
    expect(setup.printer.slips).toHaveLength(0)
  })

  test('the rest of a broken slip does not come out after the refill, and its piece is cut off first', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    // The questions before a job take 34 bytes; this is inside its text.
    setup.printer.arm({ paperOutAfterBytes: 150 })
    const broken = await setup.clock.until(print(printJob('AB12', 'first line is long enough '.repeat(8))))
    expect(broken).toMatchObject({ outcome: 'incomplete', fault: 'paper-out' })
    setup.printer.setPaper('full')
    await setup.clock.advance(1000)
    expect(setup.printer.slips).toHaveLength(0)

    expect(await setup.clock.until(print(printJob('CD34', 'second')))).toMatchObject({ outcome: 'printed' })
    expect(setup.printer.slips).toHaveLength(2)
    expect(slipText(setup, 0).join('')).not.toContain('second')
    expect(slipText(setup, 1)).toEqual(['second'])
  })

  test('a printer left inside a cut-off picture is fed out before the next slip', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    await setup.clock.until(print(printJob('AB12')))
    // Another program died in the middle of a raster of 72 × 100 bytes.
    setup.inject(Uint8Array.of(0x1d, 0x76, 0x30, 0, 72, 0, 100, 0, 0xff))
    expect(await setup.clock.until(print(printJob('CD34', 'whole')))).toMatchObject({ outcome: 'printed' })
    expect(slipText(setup, setup.printer.slips.length - 1)).toEqual(['whole'])
  })

  test('the cable pulled during a slip: unknown, and the next job works again', async () => {
    const setup = printerSetup({ device: { paceBaud: 9600 } })
    const { print } = await setup.start()
    const job = printJob('AB12', text)
    const result = print(job)
    while (!job.sent) await setup.clock.advance(20)
    await setup.clock.advance(100)
    setup.cable.unplug()
    expect(await setup.clock.until(result)).toMatchObject({ outcome: 'unknown', fault: 'link-lost' })
    expect(await setup.clock.until(print(printJob('CD34', 'second')))).toMatchObject({ outcome: 'printed' })
    expect(slipText(setup, setup.printer.slips.length - 1)).toEqual(['second'])
  })

  test('the process id of an earlier job confirms nothing', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    await setup.clock.until(print(printJob('AB12')))
    setup.swallowAnswers((bytes) => bytes[0] === 0x37 && bytes[1] === 0x22)
    const result = print(printJob('CD34', 'second'))
    // Everything is sent and cut; now the earlier id comes late.
    await setup.clock.advance(100)
    expect(setup.printer.slips).toHaveLength(2)
    setup.say(Uint8Array.of(0x37, 0x22, 0x41, 0x42, 0x31, 0x32, 0))
    expect(await setup.clock.until(result)).toMatchObject({ outcome: 'unknown', fault: 'timeout' })
  })

  test('what an unconfirmed slip left in the printer is cleared before the next one may start', async () => {
    const setup = printerSetup({ kept: true })
    const { print } = await setup.start()
    setup.swallowAnswers((bytes) => bytes[0] === 0x18)
    setup.printer.arm({ paperOutAfterBytes: 150 })
    const lost = await setup.clock.until(print(printJob('AB12', 'first line is long enough '.repeat(8))))
    expect(lost).toMatchObject({ outcome: 'unknown', fault: 'timeout' })
    expect(await setup.clock.until(print(printJob('CD34')))).toMatchObject({ outcome: 'not-started' })
    setup.printer.setPaper('full')
    await setup.clock.advance(1000)
    expect(setup.printer.slips).toHaveLength(0)
  })

  test('shutdown in the middle: the outcome is unknown, not lost', async () => {
    const setup = printerSetup({ device: { paceBaud: 1200 } })
    const { print } = await setup.start()
    const job = printJob('AB12', text)
    const result = print(job)
    while (!job.sent) await setup.clock.advance(20)
    await setup.clock.advance(100)
    setup.stop()
    expect(await setup.clock.until(result)).toMatchObject({ outcome: 'unknown' })
  })
})

describe('is it there, and is it one', () => {
  test('a printer that is silent is a timeout', async () => {
    await expect(printerSetup({ device: { silent: true } }).start()).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('something that answers differently is the wrong device', async () => {
    const setup = printerSetup({
      attach(far) {
        void (async () => {
          for await (const _ of far.bytes) await far.write(Buffer.from('\x82ERROR\r\n', 'latin1'))
        })()
      },
    })
    await expect(setup.start()).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('reads answers through line noise', async () => {
    const setup = printerSetup({ device: { noise: [0xff, 0x80] } })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({ outcome: 'printed' })
  })

  test('paper that runs out between jobs is seen without a job, and so is the refill', async () => {
    const setup = printerSetup()
    await setup.start()
    setup.printer.setPaper('out')
    await setup.clock.advance(10_500)
    setup.printer.setPaper('full')
    await setup.clock.advance(10_500)
    expect(setup.events).toEqual([healthy, { paper: 'out', cover: 'closed', fault: 'paper-out' }, healthy])
    setup.stop()
  })

  test('a printer that stops answering becomes visible, with or without its network', async () => {
    const setup = printerSetup()
    const { check, print } = await setup.start()
    setup.cable.plugged = false
    await setup.clock.advance(10_500)
    expect(setup.events.at(-1)).toMatchObject({ fault: 'offline' })
    expect(await setup.clock.until(check())).toMatchObject({ fault: 'offline' })
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'not-started',
      fault: 'offline',
    })
    setup.cable.plugged = true
    setup.swallowAnswers(() => true)
    await setup.clock.advance(12_000)
    expect(setup.events.at(-1)).toMatchObject({ fault: 'no-answer' })
    setup.stop()
  })

  test('a change on a line that stays open is told at once', async () => {
    const setup = printerSetup({ kept: true })
    await setup.start()
    setup.printer.setCover(true)
    await vi.waitFor(() => expect(setup.events.at(-1)).toMatchObject({ cover: 'open', fault: 'cover-open' }))
    setup.stop()
  })
})

describe('settings', () => {
  test('a network printer needs its address alone', () => {
    const options = escposOptionsSchema.parse({ transport: { type: 'tcp', host: '192.0.2.7' } })
    expect(options).toMatchObject({ profile: 'generic-80', checkEveryMs: 10_000 })
    expect(escpos.link(options)).toEqual({ type: 'tcp', host: '192.0.2.7', port: 9100 })
  })

  test('a serial printer has hardware flow control unless told otherwise', () => {
    const options = escposOptionsSchema.parse({ transport: { type: 'serial', path: '/dev/ttyS1' } })
    expect(escpos.link(options)).toMatchObject({ type: 'serial', flowControl: 'hardware' })
  })

  test('an unknown profile is refused', () => {
    expect(
      escposOptionsSchema.safeParse({ profile: 'x', transport: { type: 'file', path: '/dev/usb/lp0' } })
        .success,
    ).toBe(false)
  })
})
