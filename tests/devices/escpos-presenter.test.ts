import { describe, expect, test } from 'vitest'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import { presenterDialect } from '../../devices/receipt-printers/escpos/presenter-dialects.ts'
import type { PrinterProfile } from '../../devices/receipt-printers/escpos/profile.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import {
  type EscposSimulationOptions,
  simulateConfiguredEscpos,
} from '../../devices/receipt-printers/escpos/simulator.ts'
import { statusFromAsb, statusFromEot } from '../../devices/receipt-printers/escpos/status.ts'
import { type PrinterSetup, printerSetup, printJob } from '../support/escpos-printer.ts'

const kiosks = {
  'custom-ge': readProfile('custom-kpm216h'),
  masung: readProfile('masung-ms-d347'),
  citizen: readProfile('citizen-ppu-231ii'),
} as const
type Dialect = keyof typeof kiosks
const dialects: Dialect[] = ['custom-ge', 'masung', 'citizen']

function kiosk(dialect: Dialect, device: EscposSimulationOptions = {}, setup: PrinterSetup = {}) {
  return printerSetup({ profile: kiosks[dialect], device: { presenter: dialect, ...device }, ...setup })
}
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')

describe.each(dialects)('a slip handed over by a presenter (%s)', (dialect) => {
  test('is printed and taken, and the screen can tell when to take it', async () => {
    const setup = kiosk(dialect, { takenAfterMs: 2000 })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toEqual({
      outcome: 'printed',
      evidence: 'process-id',
      taken: true,
      paperLow: false,
      paperMm: dialect === 'custom-ge' ? 4 : 16,
    })
    expect(setup.printer.fates).toEqual(['taken'])
    const exits = setup.events.map(({ slipAtExit }) => slipAtExit).filter((each) => each !== undefined)
    expect(exits).toEqual([false, true, false])
  })

  test('that nobody takes is printed but not taken', async () => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    const result = await setup.clock.until(print(printJob('AB12')))
    const removed = dialect === 'custom-ge' ? 'retracted' : undefined
    expect(result).toMatchObject({ outcome: 'printed', taken: false })
    expect(result.removed).toBe(removed)
    expect(setup.printer.fates).toEqual(removed ? [removed] : [])
  })

  test('that is forgotten may still be taken before the next one is printed', async () => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    await setup.clock.until(print(printJob('AB12')))
    const next = print(printJob('CD34'))
    await setup.clock.advance(1000)
    setup.printer.takeSlip()
    await setup.clock.advance(8000)
    setup.printer.takeSlip()
    expect(await setup.clock.until(next)).toMatchObject({ outcome: 'printed', taken: true })
    expect(setup.printer.slips).toHaveLength(2)
  })

  test('that jams in the presenter is incomplete, and the next one is not started until it is cleared', async () => {
    const setup = kiosk(dialect, { takenAfterMs: 1000 })
    const { print } = await setup.start()
    setup.printer.jamPresenter()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'incomplete',
      fault: 'paper-jam',
    })
    const blocked = printJob('CD34', 'SECRET')
    expect(await setup.clock.until(print(blocked))).toMatchObject({
      outcome: 'not-started',
      fault: 'paper-jam',
    })
    expect(Buffer.from(setup.printer.received).includes('SECRET')).toBe(false)
    setup.printer.clearPresenter()
    expect(await setup.clock.until(print(printJob('EF56')))).toMatchObject({
      outcome: 'printed',
      taken: true,
    })
  })

  test('stays printed when the cable is pulled before it was taken; whether it was taken is not known', async () => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    const result = print(printJob('AB12'))
    await setup.clock.advance(5000)
    expect(setup.printer.slips).toHaveLength(1)
    setup.cable.unplug()
    const { outcome, taken } = await setup.clock.until(result)
    expect({ outcome, taken }).toEqual({ outcome: 'printed', taken: undefined })
  })

  test('ends with the run: shutting down does not wait for the visitor', async () => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    const result = print(printJob('AB12'))
    await setup.clock.advance(5000)
    setup.stop()
    expect(await setup.clock.until(result, 1000)).toMatchObject({ outcome: 'printed' })
  })

  test('is not started while the presenter gives no answer', async () => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    // Single bytes are answers of the presenter; citizen's is DLE EOT 4, which the status needs first.
    setup.swallowAnswers((bytes) => bytes.length === 1)
    const job = printJob('AB12')
    expect(await setup.clock.until(print(job))).toMatchObject({ outcome: 'not-started', fault: 'no-answer' })
    expect(job.sent).toBe(false)
  })
})

test('a simulated terminal plays the presenter its settings name, and somebody takes the slips', async () => {
  const setup = printerSetup({
    profile: kiosks.masung,
    attach: (far) => simulateConfiguredEscpos({ profile: 'masung-ms-d347', clock: setup.clock }).attach(far),
  })
  const { print } = await setup.start()
  expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({ outcome: 'printed', taken: true })
})

describe('a presenter without a command to take a slip away', () => {
  test.each<Dialect>(['masung', 'citizen'])('%s never prints onto a forgotten slip', async (dialect) => {
    const setup = kiosk(dialect)
    const { print } = await setup.start()
    await setup.clock.until(print(printJob('AB12')))
    const job = printJob('CD34')
    expect(await setup.clock.until(print(job))).toMatchObject({
      outcome: 'not-started',
      fault: 'exit-blocked',
    })
    expect(job.sent).toBe(false)
    expect(setup.printer.slips).toHaveLength(1)
  })
})

describe('Custom’s presenter', () => {
  test('is not misread when the printer speaks by itself at the same moment', async () => {
    const setup = kiosk('custom-ge')
    const { print } = await setup.start()
    let spoken = false
    setup.swallowAnswers((bytes) => {
      // Taken for the presenter's answer, the first byte of this group would say that the exit is free.
      if (bytes.length === 1 && bytes[0] === 0x08 && !spoken) {
        spoken = true
        setup.say(Uint8Array.of(0x10, 0x00, 0x03, 0x00))
      }
      return false
    })
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'printed',
      taken: false,
    })
    expect(spoken).toBe(true)
    expect(setup.events.some(({ paper }) => paper === 'low')).toBe(true)
  })

  test('ejects slips nobody takes where the hall wants that', async () => {
    const setup = kiosk('custom-ge', {}, { untaken: 'eject' })
    const { print } = await setup.start()
    const result = await setup.clock.until(print(printJob('AB12')))
    expect(result).toMatchObject({ taken: false, removed: 'ejected' })
    expect(setup.printer.fates).toEqual(['ejected'])
  })

  test('is told to present behind the cut and before the confirmation', () => {
    const body = encode([], kiosks['custom-ge'], { processId: 'AB12' })
    expect(hex(body).endsWith('1b69' + '1d650300' + '1d7201')).toBe(true)
  })

  test('clears away what an interrupted slip left inside, before the next is printed', async () => {
    const setup = kiosk('custom-ge', { takenAfterMs: 500 })
    const { print } = await setup.start()
    setup.printer.arm({ paperOutAfterBytes: 200 })
    expect(await setup.clock.until(print(printJob('AB12', '东莞市民服务中心'.repeat(20))))).toMatchObject({
      outcome: 'incomplete',
      fault: 'paper-out',
    })
    setup.printer.setPaper('full')
    expect(await setup.clock.until(print(printJob('CD34')))).toMatchObject({
      outcome: 'printed',
      taken: true,
    })
    // The torn piece went inside, the whole slip to the visitor.
    expect(setup.printer.fates).toEqual(['retracted', 'taken'])
  })
})

describe('Citizen’s presenter', () => {
  test('that never shows the slip proves nothing about its being taken', async () => {
    const setup = kiosk('citizen', { presenter: 'none' })
    const { print } = await setup.start()
    const result = await setup.clock.until(print(printJob('AB12')))
    expect(result).toEqual({ outcome: 'printed', evidence: 'process-id', paperLow: false, paperMm: 16 })
  })

  test('that tells of a jam while the slip is held out makes it incomplete', async () => {
    const setup = kiosk('citizen')
    const { print } = await setup.start()
    const result = print(printJob('AB12'))
    await setup.clock.advance(3000)
    setup.say(Uint8Array.of(0x18, 0x02, 0x00, 0x00))
    expect(await setup.clock.until(result)).toMatchObject({ outcome: 'incomplete', fault: 'paper-jam' })
  })
})

describe('Masung’s presenter', () => {
  const inverted: PrinterProfile = { ...kiosks.masung, presenter: { dialect: 'masung', activeLow: true } }

  test('is understood in the variant whose bits mean the opposite', async () => {
    const setup = printerSetup({
      profile: inverted,
      device: { presenter: 'masung', activeLow: true, takenAfterMs: 1000 },
    })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'printed',
      taken: true,
    })
  })

  test('read the wrong way round prints nothing at all', async () => {
    const setup = printerSetup({
      profile: inverted,
      device: { presenter: 'masung', takenAfterMs: 1000 },
    })
    const { print } = await setup.start()
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({ outcome: 'not-started' })
    expect(setup.printer.slips).toHaveLength(0)
  })
})

describe('status bits by maker', () => {
  const healthy = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12 }
  const bitsOf = (name: string) => readProfile(name).bits

  test.each([
    ['generic-80', { paper: 'full', fault: 'mechanical' }],
    ['citizen-ppu-231ii', { paper: 'full', fault: 'mechanical' }],
    ['masung-ms-d347', { paper: 'full', fault: 'mechanical' }],
    ['snbc-bt-t080', { paper: 'jammed', fault: 'paper-jam' }],
  ])('%s: bit 2 of DLE EOT 3', (name, expected) => {
    expect(statusFromEot({ ...healthy, 3: 0x16 }, bitsOf(name))).toMatchObject(expected)
  })

  test('Citizen’s paper end is bit 5 alone, because bit 6 is a slip at the exit', () => {
    const citizen = bitsOf('citizen-ppu-231ii')
    expect(statusFromEot({ ...healthy, 4: 0x32 }, citizen)).toMatchObject({ fault: 'paper-out' })
    expect(statusFromEot({ ...healthy, 4: 0x52 }, citizen).fault).toBeUndefined()
    expect(statusFromEot({ ...healthy, 4: 0x32 }, bitsOf('generic-80')).fault).toBeUndefined()
  })

  test('Citizen’s automatic status tells of a jam in the presenter', () => {
    const group = Uint8Array.of(0x10, 0x02, 0x00, 0x00)
    expect(statusFromAsb(group, bitsOf('citizen-ppu-231ii'))).toMatchObject({ fault: 'paper-jam' })
    expect(statusFromAsb(group, bitsOf('generic-80')).fault).toBeUndefined()
  })

  test('a paper jam on an SNBC printer keeps the next slip from being started', async () => {
    const setup = printerSetup({ profile: readProfile('snbc-bt-t080') })
    const { print } = await setup.start()
    setup.printer.setPaperJam(true)
    expect(await setup.clock.until(print(printJob('AB12')))).toMatchObject({
      outcome: 'not-started',
      fault: 'paper-jam',
    })
  })

  test.each([
    ['custom-ge', '1d6506', 0x08, { atExit: true, jammed: false }],
    ['custom-ge', '1d6506', 0x85, { atExit: false, jammed: true }],
    ['masung', '100405', 0x84, { atExit: true, jammed: false }],
    ['masung', '100405', 0x0a, { atExit: false, jammed: true }],
    ['citizen', '100404', 0x52, { atExit: true, jammed: false }],
  ] as const)('%s answers %s with %i', (dialect, question, byte, state) => {
    const found = presenterDialect(kiosks[dialect])
    expect(hex(found?.question.bytes)).toBe(question)
    expect(found?.state(byte)).toEqual(state)
  })
})
