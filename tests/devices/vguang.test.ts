import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blockBytes,
  Command,
  light,
  scan,
  type VguangReply,
  vguangHead,
  vguangHost,
} from '../../devices/code-scanners/vguang/codec.ts'
import { vguang } from '../../devices/code-scanners/vguang/driver.ts'
import { simulateVguang } from '../../devices/code-scanners/vguang/simulator.ts'
import { Framer } from '../../devices/lib/frames.ts'
import { startedScanner } from '../support/scanner-bench.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const host = vguangHost(3072)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const start = (settings = {}, device = {}) =>
  startedScanner({ driver: vguang, simulate: simulateVguang }, settings, device)

scannerContract('Vguang', {
  driver: vguang,
  simulate: simulateVguang,
  half: vguangHead.encode({ command: Command.code, flag: 0, data: Buffer.from('TORN') }).subarray(0, 8),
  answersTrigger: true,
  silence: (controls) => controls.silent(true),
})

describe('Vguang codec', () => {
  test.each([
    ['55aa05010000fb', scan(true)],
    ['55aa05010001fa', scan(false)],
    ['55aa24010001db', light(true)],
    ['55aa24010000da', light(false)],
  ] as const)('%s is what the maker prints for this command', (printed, request) => {
    expect(hex(host.encode(request))).toBe(printed)
    expect(vguangHead.decode(bytes(printed))).toEqual({ frame: request, used: 7 })
  })

  test('reads the reply to a command and a code', () => {
    expect(host.decode(bytes('55 AA 05 00 00 00 FA'))).toEqual({
      frame: { command: 0x05, flag: 0, data: new Uint8Array() },
      used: 7,
    })
    const code = bytes('55 AA 30 00 02 00 48 49 CC')
    expect(host.decode(code)).toMatchObject({ frame: { command: 0x30, data: bytes('4849') }, used: 9 })
  })

  const reply = fc.record<VguangReply>({
    command: fc.constantFrom(Command.code, Command.scan, Command.light),
    flag: fc.constantFrom(0, 1),
    data: fc.uint8Array({ maxLength: 3000 }),
  })
  /** Noise holding no beginning of a frame: a false start is ended by silence, which this test does not have. */
  const noise = fc
    .uint8Array({ maxLength: 40 })
    .map((list) => list.map((byte) => (byte === 0x55 ? 0x56 : byte)))
  const cuts = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 20 })

  function read(stream: Uint8Array, pieces: readonly number[]): string[] {
    const framer = new Framer(host)
    const found: string[] = []
    let from = 0
    for (let turn = 0; from < stream.length; turn++) {
      const length = pieces[turn % pieces.length] ?? 1
      found.push(
        ...framer.push(stream.subarray(from, from + length)).map((frame) => hex(vguangHead.encode(frame))),
      )
      from += length
    }
    return found
  }

  test('any replies, any cutting, noise and filled-up blocks between them: the same replies back', () => {
    const replies = fc.array(fc.tuple(noise, reply), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(replies, cuts, (parts, pieces) => {
        const whole = parts.map(([, frame]) => vguangHead.encode(frame))
        const stream = Buffer.concat(whole.flatMap((frame, index) => [parts[index]?.[0] ?? frame, frame]))
        expect(read(stream, pieces)).toEqual(whole.map(hex))
      }),
      { numRuns: 100 },
    )
  })

  test('what looks like a frame inside a code is part of the code', () => {
    const inner = vguangHead.encode({ command: Command.code, flag: 0, data: Buffer.from('INNER') })
    const outer = vguangHead.encode({ command: Command.code, flag: 0, data: Buffer.concat([inner, inner]) })
    expect(read(outer, [5])).toEqual([hex(outer)])
  })
})

describe('Vguang', () => {
  test('switches scanning on at the start, and with it what the head shows', async () => {
    const { controls } = await start()
    expect([controls.scanning, controls.lit]).toEqual([true, false])
  })

  test('the trigger stops and starts reading', async () => {
    const { controls, trigger, show, codes, clock } = await start()
    await clock.until(trigger(false))
    expect(controls.scanning).toBe(false)
    await show('UNSEEN')
    await clock.until(trigger(true))
    await show('SEEN')
    expect(codes).toEqual(['SEEN'])
  })

  test.each([
    ['on', true],
    ['off', false],
  ])('switches the light %s when told so in the settings', async (light, lit) => {
    expect((await start({ light })).controls.lit).toBe(lit)
  })

  test.each([1018, 1019, 2042, 3072])(
    'a code of %d bytes in filled-up blocks stays one code',
    async (length) => {
      const { codes, show, clock } = await start({}, { blocks: true, pieceBytes: blockBytes })
      await show('8'.repeat(length))
      await clock.advance(300)
      await show('NEXT')
      expect(codes).toEqual(['8'.repeat(length), 'NEXT'])
    },
  )

  test('the heartbeat of the head is no code, bare or framed', async () => {
    const { codes, controls, show, clock } = await start()
    await clock.until(controls.heartbeat('bare'))
    await clock.until(controls.heartbeat('framed'))
    await show('REAL')
    expect(codes).toEqual(['REAL'])
  })

  test('a wrong check byte is no code', async () => {
    const { codes, controls, show } = await start()
    controls.garble(true)
    await show('BROKEN')
    expect(codes).toEqual([])
  })

  test('noise that begins like a frame costs only itself', async () => {
    const { codes, show, clock } = await start({}, { noise: bytes('55 AA 30 00 00 08') })
    await show('BEHIND')
    await clock.advance(300)
    expect(codes).toEqual(['BEHIND'])
  })

  test('a refused command is told as refused', async () => {
    const { controls, trigger, clock } = await start()
    controls.refusing(true)
    await expect(clock.until(trigger(false))).rejects.toMatchObject({ code: 'refused' })
  })
})
