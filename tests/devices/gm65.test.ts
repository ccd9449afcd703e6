import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  commandAt,
  encodeCommand,
  encodeReply,
  type Gm65Reply,
  readMode,
  replyAt,
  trigger,
} from '../../devices/code-scanners/gm65/codec.ts'
import { gm65 } from '../../devices/code-scanners/gm65/driver.ts'
import { simulateGm65 } from '../../devices/code-scanners/gm65/simulator.ts'
import { HeadCutter } from '../../devices/lib/answering-head.ts'
import { encodeLine, type LineFormat } from '../../devices/lib/lines.ts'
import { startedScanner } from '../support/scanner-bench.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const start = (settings = {}, device = {}) =>
  startedScanner({ driver: gm65, simulate: simulateGm65 }, settings, device)
const done = bytes('02 00 00 01 00 33 31')

scannerContract('GM65', {
  driver: gm65,
  simulate: simulateGm65,
  half: Buffer.from('TORN'),
  answersTrigger: true,
  silence: (controls) => controls.silent(true),
})

describe('GM65 codec', () => {
  test.each([
    ['7e000801000201abcd', trigger(true)],
    ['7e000801000200abcd', trigger(false)],
    ['7e000701000001abcd', readMode],
  ] as const)('%s is what the manual prints for this command', (printed, command) => {
    expect(hex(encodeCommand(command))).toBe(printed)
    expect(commandAt(bytes(printed))).toEqual({ frame: command, used: 9 })
  })

  test('takes a checked command from other software as well, and no wrongly checked one', () => {
    expect(commandAt(bytes('7E 00 08 01 00 02 01 02 DA'))).toEqual({ frame: trigger(true), used: 9 })
    expect(commandAt(bytes('7E 00 08 01 00 02 01 02 DB'))).toBe('no')
  })

  test('reads the printed acknowledgement', () => {
    expect(replyAt(done)).toEqual({ frame: { result: 0, data: Uint8Array.of(0) }, used: 7 })
    expect(hex(encodeReply({ result: 0, data: Uint8Array.of(0) }))).toBe(hex(done))
  })

  const format: LineFormat = {
    prefix: new Uint8Array(),
    aimId: false,
    terminator: 'crlf',
    stxEtx: false,
    maxLength: 400,
  }
  const code = fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((list) => list.map((byte) => (byte === 0x0d ? 0x20 : byte)))
    .map((list) => ({ wire: encodeLine(format, { bytes: list }), item: `code ${hex(list)}` }))
  const reply = fc
    .record<Gm65Reply>({
      result: fc.nat({ max: 255 }),
      data: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    })
    .map((frame) => ({ wire: encodeReply(frame), item: `reply ${frame.result} ${hex(frame.data)}` }))
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
            if ('reply' in item) found.push(`reply ${item.reply.result} ${hex(item.reply.data)}`)
            else if ('code' in item) found.push(`code ${hex(item.code.bytes)}`)
          }
          from += length
        }
        expect(found).toEqual(parts.map(({ item }) => item))
      }),
      { numRuns: 200 },
    )
  })

  test('what looks like a reply inside a code is part of the code', () => {
    const shown = Uint8Array.from([0x41, ...done, ...done])
    const found = new HeadCutter(format, replyAt).push(encodeLine(format, { bytes: shown }))
    expect(found).toEqual([{ code: { bytes: shown } }])
  })

  test('one wrong byte in a reply, and it is none', () => {
    const at = fc.nat({ max: 6 })
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const broken = Uint8Array.from(done)
        broken[index] = (broken[index] ?? 0) ^ flip
        expect(replyAt(broken)).not.toHaveProperty('frame')
      }),
    )
  })
})

describe('GM65', () => {
  test.each(['manual', 'command', 'continuous', 'sensing'] as const)(
    'tells the technician that the module reads in %s mode',
    async (mode) => {
      const { logged } = await start({}, { mode })
      expect(logged).toEqual([{ message: 'code scanner ready', mode }])
    },
  )

  test('a module in command mode reads one code after it was told to', async () => {
    const { trigger, show, codes, clock } = await start({}, { mode: 'command' })
    await show('UNSEEN')
    await clock.until(trigger(true))
    await show('SEEN')
    await clock.advance(300)
    await show('LATER')
    expect(codes).toEqual(['SEEN'])
  })

  test('the trigger can be taken back', async () => {
    const { trigger, controls, clock } = await start({}, { mode: 'command' })
    await clock.until(trigger(true))
    expect(controls.triggered).toBe(true)
    await clock.until(trigger(false))
    expect(controls.triggered).toBe(false)
  })

  test.each([undefined, 1, 5])(
    'a code right behind the acknowledgement is a code, the acknowledgement is none (pieces of %s)',
    async (pieceBytes) => {
      const { trigger, controls, codes, clock } = await start({}, { mode: 'command', pieceBytes })
      controls.lay('WAITING')
      await clock.until(trigger(true))
      await clock.advance(0)
      expect(codes).toEqual(['WAITING'])
    },
  )

  test('an acknowledgement that comes too late is neither a code nor the answer to the next command', async () => {
    const { trigger, controls, codes, raw, clock } = await start({}, { mode: 'command' })
    controls.silent(true)
    await expect(clock.until(trigger(true))).rejects.toMatchObject({ code: 'timeout' })
    const next = trigger(true)
    const unanswered = expect(next).rejects.toMatchObject({ code: 'timeout' })
    await raw(done)
    await clock.advance(2000)
    await unanswered
    expect(codes).toEqual([])
  })

  test('a refused command is told as refused', async () => {
    const { trigger, controls, clock } = await start()
    controls.refusing(true)
    await expect(clock.until(trigger(true))).rejects.toMatchObject({ code: 'refused' })
  })
})
