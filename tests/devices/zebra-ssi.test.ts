import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodeAssembler } from '../../devices/code-scanners/zebra-ssi/assembler.ts'
import {
  command,
  Opcode,
  type SsiPacket,
  Status,
  ssiDecoder,
  ssiHost,
} from '../../devices/code-scanners/zebra-ssi/codec.ts'
import { zebraSsi } from '../../devices/code-scanners/zebra-ssi/driver.ts'
import { simulateZebraSsi } from '../../devices/code-scanners/zebra-ssi/simulator.ts'
import { Framer } from '../../devices/lib/frames.ts'
import { startedScanner } from '../support/scanner-bench.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const start = (settings = {}, device = {}) =>
  startedScanner({ driver: zebraSsi, simulate: simulateZebraSsi }, settings, device)
const decodeData = (text: string, status = 0): SsiPacket => ({
  opcode: Opcode.decodeData,
  status,
  data: Buffer.from(`\x1c${text}`, 'latin1'),
})

scannerContract('Zebra SSI', {
  driver: zebraSsi,
  simulate: simulateZebraSsi,
  half: ssiDecoder.encode(decodeData('TORN')).subarray(0, 7),
  answersTrigger: true,
  silence: (controls) => controls.silent(true),
})

describe('Zebra SSI codec', () => {
  test.each([
    ['04e40400ff14', Opcode.startSession],
    ['04e50400ff13', Opcode.stopSession],
    ['04d00400ff28', Opcode.acknowledge],
    ['04e90400ff0f', Opcode.scanEnable],
    ['04ea0400ff0e', Opcode.scanDisable],
    ['04a30400ff55', Opcode.requestRevision],
  ])('%s is what the guide prints for this command', (printed, opcode) => {
    expect(hex(ssiHost.encode(command(opcode)))).toBe(printed)
    expect(ssiDecoder.decode(bytes(printed))).toEqual({ frame: command(opcode), used: 6 })
  })

  test('reads decode data with its type', () => {
    // 07 + F3 + 1C + 41 + 42 = 199 hex; its two's complement is FE67.
    const step = ssiHost.decode(bytes('07 F3 00 00 1C 41 42 FE 67'))
    expect(step).toEqual({ frame: { opcode: 0xf3, status: 0, data: bytes('1C 41 42') }, used: 9 })
  })

  const packet = fc.record<SsiPacket>({
    opcode: fc.constantFrom(Opcode.decodeData, Opcode.acknowledge, Opcode.replyRevision, Opcode.refuse),
    status: fc.constantFrom(0, 1, 2, 3),
    data: fc.uint8Array({ maxLength: 251 }),
  })
  /** Noise that holds no beginning of a packet: a false start is ended by silence, which this test does not have. */
  const noise = fc.uint8Array({ maxLength: 40 }).map((list) => list.map((byte) => byte & 0x7f))
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 })

  test('any packets, any cutting, any noise between them: the same packets back', () => {
    const parts = fc.array(fc.tuple(noise, packet), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(parts, cuts, (pairs, pieces) => {
        const whole = pairs.map(([, frame]) => ssiDecoder.encode(frame))
        // The last byte of noise may be taken for a length: the real one behind it then is no op code, so it is dropped.
        const stream = Buffer.concat(pairs.flatMap(([junk], index) => [junk, whole[index] ?? junk]))
        fc.pre(!pairs.some(([junk], index) => isOpcode(whole[index]?.[0]) && junk.length > 0))
        const framer = new Framer(ssiHost)
        const found: string[] = []
        let from = 0
        for (let turn = 0; from < stream.length; turn++) {
          const length = pieces[turn % pieces.length] ?? 1
          found.push(
            ...framer.push(stream.subarray(from, from + length)).map((each) => hex(ssiDecoder.encode(each))),
          )
          from += length
        }
        expect(found).toEqual(whole.map(hex))
      }),
      { numRuns: 150 },
    )
  })

  test('one wrong byte in a packet, and it is none', () => {
    const frame = ssiDecoder.encode(decodeData('CODE'))
    fc.assert(
      fc.property(fc.nat({ max: frame.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = Uint8Array.from(frame)
        broken[at] = (broken[at] ?? 0) ^ flip
        expect(new Framer(ssiHost).push(broken)).toEqual([])
      }),
    )
  })

  function isOpcode(byte: number | undefined): boolean {
    return Object.values<number>(Opcode).includes(byte ?? 0)
  }
})

describe('Zebra SSI long codes', () => {
  const text = (results: ReturnType<CodeAssembler['add']>) =>
    results.map((each) => ('code' in each ? Buffer.from(each.code).toString() : each.dropped))

  test('packets are joined until one says it is the last', () => {
    const assembler = new CodeAssembler(100)
    expect(assembler.add(decodeData('AB', Status.moreFollow), 0)).toEqual([])
    expect(assembler.add(decodeData('CD', Status.moreFollow), 10)).toEqual([])
    expect(text(assembler.add(decodeData('EF'), 20))).toEqual(['ABCDEF'])
  })

  test('a packet sent again is joined once, and one that was lost the first time is not lost', () => {
    const assembler = new CodeAssembler(100)
    assembler.add(decodeData('AB', Status.moreFollow), 0)
    expect(assembler.add(decodeData('AB', Status.moreFollow | Status.sentAgain), 10)).toEqual([])
    expect(text(assembler.add(decodeData('CD', Status.sentAgain), 20))).toEqual(['ABCD'])
    expect(text(assembler.add(decodeData('CD', Status.sentAgain), 30))).toEqual([])
  })

  test('equal packets that were not sent again are two', () => {
    const assembler = new CodeAssembler(100)
    assembler.add(decodeData('00', Status.moreFollow), 0)
    assembler.add(decodeData('00', Status.moreFollow), 10)
    expect(text(assembler.add(decodeData('00'), 20))).toEqual(['000000'])
  })

  test('a beginning without its end is dropped when another code comes much later', () => {
    const assembler = new CodeAssembler(100)
    assembler.add(decodeData('LOST', Status.moreFollow), 0)
    expect(text(assembler.add(decodeData('NEXT'), 8000))).toEqual(['torn', 'NEXT'])
  })

  test('an endless code is dropped as a whole and takes no memory', () => {
    const assembler = new CodeAssembler(100)
    for (let sent = 0; sent < 1000; sent++)
      assembler.add(decodeData('x'.repeat(250), Status.moreFollow), sent)
    expect(text(assembler.add(decodeData('end'), 1000))).toEqual(['too-long'])
    expect(text(assembler.add(decodeData('OK'), 1001))).toEqual(['OK'])
  })
})

describe('Zebra SSI', () => {
  test('acknowledges every packet, so the head sends each once', async () => {
    const { codes, controls, show } = await start()
    await show('A'.repeat(1000))
    expect(codes).toEqual(['A'.repeat(1000)])
    expect(controls.abandoned).toBe(0)
  })

  test.each([1, 2])(
    '%d lost acknowledgements make no second code, not even in the count of repeats',
    async (count) => {
      const { codes, controls, show, commands } = await start()
      controls.loseAcknowledgements(count)
      await show('ONCE')
      expect(codes).toEqual(['ONCE'])
      expect([controls.abandoned, commands.suppressed()]).toEqual([0, 0])
    },
  )

  test('lost acknowledgements in the middle of a long code do not double a part of it', async () => {
    const long = Array.from({ length: 900 }, (_, index) => String(index % 10)).join('')
    const { codes, controls, show } = await start()
    controls.loseAcknowledgements(2)
    await show(long)
    expect(codes).toEqual([long])
  })

  test('a packet that arrived broken is read when it is sent again', async () => {
    const { codes, controls, show } = await start()
    controls.garble(2)
    await show('THIRD TIME')
    expect(codes).toEqual(['THIRD TIME'])
  })

  test('noise costs only itself', async () => {
    const { codes, show } = await start({}, { noise: bytes('20 F3 00 00 1C 55') })
    await show('BEHIND')
    expect(codes).toEqual(['BEHIND'])
  })

  test('a head that waits for the host reads one code in a session', async () => {
    const { trigger, controls, show, codes, clock } = await start({}, { mode: 'host' })
    await show('UNSEEN')
    await clock.until(trigger(true))
    await show('SEEN')
    await clock.until(trigger(true))
    await clock.until(trigger(false))
    expect(controls.session).toBe(false)
    await show('LATER')
    expect(codes).toEqual(['SEEN'])
  })

  test('a refused command is told with its cause', async () => {
    const { trigger, controls, clock } = await start()
    controls.refuse(6)
    await expect(clock.until(trigger(true))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('scanning is disabled'),
    })
  })

  test('tells the technician the revision', async () => {
    const { logged } = await start()
    expect(logged).toEqual([{ message: 'code scanner ready', revision: 'PAABLS00-001-R00 20 02' }])
  })
})
