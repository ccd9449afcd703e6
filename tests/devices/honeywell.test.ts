import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerTo,
  commandAt,
  encodeAnswer,
  encodeMenu,
  type MenuAnswer,
  revision,
  triggerOff,
  triggerOn,
} from '../../devices/code-scanners/honeywell/codec.ts'
import { honeywell } from '../../devices/code-scanners/honeywell/driver.ts'
import { simulateHoneywell } from '../../devices/code-scanners/honeywell/simulator.ts'
import { Framer } from '../../devices/lib/frames.ts'
import { searchFrame } from '../../devices/lib/search.ts'
import { scannerBench, startedScanner } from '../support/scanner-bench.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const model = { driver: honeywell, simulate: simulateHoneywell }
const start = (settings = {}, device = {}) => startedScanner(model, settings, device)

scannerContract('Honeywell', {
  ...model,
  half: Buffer.from('TORN'),
  answersTrigger: false,
  silence: (controls) => controls.silent(true),
})

describe('Honeywell codec', () => {
  test('writes the printed commands', () => {
    expect(hex(triggerOn)).toBe('16540d')
    expect(hex(triggerOff)).toBe('16550d')
    expect(hex(encodeMenu(revision))).toBe('164d0d524556494e462e')
  })

  test.each([
    ['06', 'done'],
    ['15', 'bad-value'],
    ['05', 'unknown-command'],
  ] as const)('an answer closed with %s is %s', (mark, status) => {
    const bytes = Buffer.concat([Buffer.from('N8680\r\nREVINF'), Buffer.from(`${mark}2e`, 'hex')])
    const answer = { text: 'N8680\r\n', status }
    expect(answerTo(revision, bytes)).toEqual({ frame: answer, used: bytes.length })
    expect(hex(encodeAnswer(revision, answer))).toBe(hex(bytes))
  })

  test('any text of an answer, byte by byte: the answer is found at its end and not before', () => {
    const answer = fc.record<MenuAnswer>({
      text: fc.stringMatching(/^[ -~\r\n]{0,300}$/),
      status: fc.constantFrom('done', 'bad-value', 'unknown-command'),
    })
    fc.assert(
      fc.property(answer, (wanted) => {
        const bytes = encodeAnswer(revision, wanted)
        for (let length = 1; length < bytes.length; length++)
          expect(answerTo(revision, bytes.subarray(0, length))).toBe('more')
        expect(answerTo(revision, bytes)).toEqual({ frame: wanted, used: bytes.length })
      }),
      { numRuns: 40 },
    )
  })

  test('any commands, any cutting: the head understands each', () => {
    const command = fc.constantFrom(
      { wire: triggerOn, means: 'trigger-on' },
      { wire: triggerOff, means: 'trigger-off' },
      { wire: encodeMenu(revision), means: { menu: revision } },
    )
    const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), cuts, (commands, pieces) => {
        const stream = Buffer.concat(commands.map(({ wire }) => wire))
        const framer = new Framer({ decode: (bytes) => searchFrame(bytes, commandAt) })
        const found: unknown[] = []
        let from = 0
        for (let turn = 0; from < stream.length; turn++) {
          const length = pieces[turn % pieces.length] ?? 1
          found.push(...framer.push(stream.subarray(from, from + length)))
          from += length
        }
        expect(found).toEqual(commands.map(({ means }) => means))
      }),
      { numRuns: 100 },
    )
  })
})

describe('Honeywell', () => {
  test('tells the technician what the head is, and reports none of its words as a code', async () => {
    const { logged, codes, clock } = await start({}, { pieceBytes: 3 })
    await clock.advance(2000)
    expect(codes).toEqual([])
    expect(logged).toEqual([
      { message: 'code scanner ready', revision: expect.stringContaining('Product Name: N8680') },
    ])
  })

  test('an answer to a question of the connection before is no code either', async () => {
    const bench = scannerBench(honeywell)
    const { attach, controls } = simulateHoneywell({ clock: bench.clock })
    attach(bench.far)
    const starting = bench.start()
    await bench.clock.until(controls.tellRevision())
    await bench.clock.until(starting)
    await bench.clock.until(controls.show('FIRST'))
    expect(bench.codes).toEqual(['FIRST'])
  })

  test('what is left of the greeting is glued to no code', async () => {
    const bench = scannerBench(honeywell)
    const { attach, controls } = simulateHoneywell({ clock: bench.clock })
    attach(bench.far)
    const starting = bench.start()
    await bench.clock.advance(100)
    await bench.raw('Product Na')
    await bench.clock.until(starting)
    await bench.clock.until(controls.show('FIRST'))
    expect(bench.codes).toEqual(['FIRST'])
  })

  test('a head in trigger mode reads one code after it was told to', async () => {
    const { trigger, show, codes, clock } = await start({}, { mode: 'trigger' })
    await show('UNSEEN')
    await clock.until(trigger(true))
    await clock.advance(0)
    await show('SEEN')
    await clock.advance(300)
    await show('LATER')
    expect(codes).toEqual(['SEEN'])
  })

  test('the trigger can be taken back', async () => {
    const { trigger, controls, clock } = await start({}, { mode: 'trigger' })
    await clock.until(trigger(true))
    await clock.advance(0)
    expect(controls.triggered).toBe(true)
    await clock.until(trigger(false))
    await clock.advance(0)
    expect(controls.triggered).toBe(false)
  })

  test('a head that does not know the question is another model', async () => {
    await expect(start({}, { status: 'unknown-command' })).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('a code shown during the greeting stands in no log', async () => {
    const bench = scannerBench(honeywell)
    const simulator = simulateHoneywell({ clock: bench.clock })
    simulator.attach(bench.far)
    const starting = bench.start()
    await bench.far.write(Buffer.from('SECRET\r'))
    await bench.clock.until(starting)
    expect(bench.codes).toEqual([])
    expect(JSON.stringify(bench.logged)).not.toContain('SECRET')
  })
})
