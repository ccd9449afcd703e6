import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Command,
  encodeCommand,
  encodeReply,
  type NewlandReply,
  replyAt,
} from '../../devices/code-scanners/newland/codec.ts'
import { newland } from '../../devices/code-scanners/newland/driver.ts'
import { simulateNewland } from '../../devices/code-scanners/newland/simulator.ts'
import { HeadCutter } from '../../devices/lib/answering-head.ts'
import { encodeLine, type LineFormat } from '../../devices/lib/lines.ts'
import { startedScanner } from '../support/scanner-bench.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const spaced = (text: string) => text.replaceAll(' ', '').toLowerCase()
const start = (settings = {}, device = {}) =>
  startedScanner({ driver: newland, simulate: simulateNewland }, settings, device)

scannerContract('Newland', {
  driver: newland,
  simulate: simulateNewland,
  half: Buffer.from('TORN'),
  answersTrigger: true,
  silence: (controls) => controls.silent(true),
})

describe('Newland codec', () => {
  test.each([
    [Command.triggerOn, '7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03'],
    [Command.triggerOff, '7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03'],
    [Command.querySystem, '7E 01 30 30 30 30 23 51 52 59 53 59 53 3B 03'],
  ])('writes %s as printed', (command, printed) => {
    expect(hex(encodeCommand(command))).toBe(spaced(printed))
  })

  test.each([
    ['06', 'done'],
    ['15', 'bad-value'],
    ['05', 'unknown-command'],
  ])('reads a reply with status %s as %s', (byte, status) => {
    const printed = spaced(`02 01 30 30 30 30 23 53 43 4E 54 52 47 31 ${byte} 3B 03`)
    const reply = { text: '#SCNTRG1', status }
    expect(replyAt(Buffer.from(printed, 'hex'))).toEqual({ frame: reply, used: 17 })
    expect(hex(encodeReply(reply as NewlandReply))).toBe(printed)
  })

  const format: LineFormat = {
    prefix: new Uint8Array(),
    aimId: false,
    terminator: 'cr',
    stxEtx: false,
    maxLength: 400,
  }
  const code = fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((bytes) => bytes.map((byte) => (byte === 0x0d ? 0x20 : byte)))
    .map((bytes) => ({ wire: encodeLine(format, { bytes }), item: `code ${hex(bytes)}` }))
  const reply = fc
    .record<NewlandReply>({
      text: fc.stringMatching(/^[#@][A-Z]{6}[A-Za-z0-9:\r\n]{0,20}$/),
      status: fc.constantFrom('done', 'bad-value', 'unknown-command'),
    })
    .map((frame) => ({ wire: encodeReply(frame), item: `reply ${frame.text} ${frame.status}` }))
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 })

  test('any codes and replies, any cutting: each comes back as what it was', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(code, reply), { maxLength: 8 }), cuts, (parts, pieces) => {
        const stream = Buffer.concat(parts.map(({ wire }) => wire))
        const cutter = new HeadCutter(format, replyAt)
        const found: string[] = []
        let from = 0
        for (let turn = 0; from < stream.length; turn++) {
          const length = pieces[turn % pieces.length] ?? 1
          for (const item of cutter.push(stream.subarray(from, from + length))) {
            if ('reply' in item) found.push(`reply ${item.reply.text} ${item.reply.status}`)
            else if ('code' in item) found.push(`code ${hex(item.code.bytes)}`)
          }
          from += length
        }
        expect(found).toEqual(parts.map(({ item }) => item))
      }),
      { numRuns: 200 },
    )
  })

  test('what only began like a reply is a code after all, at its end or when silence tells', () => {
    const cutter = new HeadCutter(format, replyAt)
    const shown = Uint8Array.from(Buffer.from('\x02\x01000x\r', 'latin1'))
    expect(cutter.push(shown)).toEqual([{ code: { bytes: shown.subarray(0, -1) } }])
    expect(cutter.push(shown.subarray(0, 5))).toEqual([])
    expect(cutter.silence()).toEqual([{ dropped: 'torn' }])
  })
})

describe('Newland', () => {
  test('tells the technician what the head says about itself', async () => {
    const { logged } = await start()
    expect(logged).toEqual([
      { message: 'code scanner ready', system: 'Product Name:FM430 Firmware Version:1.02.015' },
    ])
  })

  test('a head in trigger mode reads one code after it was told to', async () => {
    const { trigger, show, codes, clock } = await start({}, { mode: 'trigger' })
    await show('UNSEEN')
    await clock.until(trigger(true))
    await show('SEEN')
    await clock.advance(300)
    await show('LATER')
    expect(codes).toEqual(['SEEN'])
  })

  test('the trigger can be taken back', async () => {
    const { trigger, controls, clock } = await start({}, { mode: 'trigger' })
    await clock.until(trigger(true))
    expect(controls.triggered).toBe(true)
    await clock.until(trigger(false))
    expect(controls.triggered).toBe(false)
  })

  test.each(['bad-value', 'unknown-command'] as const)(
    'a command answered %s is told as refused',
    async (status) => {
      const { trigger, controls, clock } = await start()
      controls.answer(status)
      await expect(clock.until(trigger(true))).rejects.toMatchObject({ code: 'refused' })
    },
  )

  test('a reply that comes too late, or that nobody asked for, is no code', async () => {
    const { trigger, controls, codes, raw, clock } = await start()
    controls.silent(true)
    await expect(clock.until(trigger(true))).rejects.toMatchObject({ code: 'timeout' })
    await raw(encodeReply({ text: '#SCNTRG1', status: 'done' }))
    await clock.advance(2000)
    await raw(encodeReply({ text: '#SCNTRG1', status: 'done' }))
    await raw('A\r')
    expect(codes).toEqual(['A'])
  })

  test('a code that comes while a reply is waited for is reported', async () => {
    const { trigger, codes, raw, controls, clock } = await start({}, { pieceBytes: 4 })
    controls.silent(true)
    const waiting = trigger(true)
    await raw(Buffer.concat([Buffer.from('BETWEEN\r'), encodeReply({ text: '#SCNTRG1', status: 'done' })]))
    await clock.until(waiting)
    expect(codes).toEqual(['BETWEEN'])
  })

  test('with STX and ETX codes and replies are still told apart', async () => {
    const { trigger, codes, show, clock } = await start({ stxEtx: true }, { mode: 'trigger' })
    await clock.until(trigger(true))
    await show('WRAPPED')
    expect(codes).toEqual(['WRAPPED'])
  })

  test('refuses to be set up without a terminator', () => {
    expect(newland.options.safeParse({ path: 'x', terminator: 'none' }).success).toBe(false)
  })
})
