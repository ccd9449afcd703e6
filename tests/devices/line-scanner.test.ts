import { describe, expect, test } from 'vitest'
import { lineScanner } from '../../devices/code-scanners/line-scanner/driver.ts'
import {
  type LineScannerSimulation,
  simulateLineScanner,
} from '../../devices/code-scanners/line-scanner/simulator.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { fakeClock } from '../support/fake-clock.ts'

type Settings = Record<string, unknown>

async function startScanner(settings: Settings = {}, head: LineScannerSimulation = {}) {
  const clock = fakeClock()
  const { near, far, unplug } = memoryLink()
  const simulator = simulateLineScanner({ ...(settings as LineScannerSimulation), clock, ...head })
  const codes: string[] = []
  const aims: (string | undefined)[] = []
  const logged: unknown[] = []
  simulator.attach(far)
  const commands = await lineScanner.start({
    link: near,
    options: lineScanner.options.parse({ path: 'memory', ...settings }),
    signal: near.closed,
    clock,
    log: (message, details) => logged.push({ message, ...details }),
    emit: ({ bytes, aim }) => {
      codes.push(Buffer.from(bytes).toString('latin1'))
      aims.push(aim)
    },
  })
  const show = async (code: string | Uint8Array) => clock.until(simulator.controls.show(code))
  const raw = async (text: string) => {
    await far.write(Buffer.from(text, 'latin1'))
    await clock.advance(0)
  }
  return { clock, near, far, unplug, simulator, codes, aims, logged, commands, show, raw }
}

describe('Line scanner', () => {
  test('reports a code as the bytes that were in it', async () => {
    const { codes, show } = await startScanner()
    await show(Uint8Array.of(0x00, 0xd4, 0xc1, 0xff, 0x0a))
    expect(codes).toEqual(['\x00\xd4\xc1\xff\n'])
  })

  test.each(['cr', 'lf', 'crlf'] as const)(
    'cuts at %s wherever the pieces of the line end',
    async (terminator) => {
      const { codes, show } = await startScanner({ terminator }, { pieceBytes: 1 })
      await show('HALL-1')
      expect(codes).toEqual(['HALL-1'])
    },
  )

  test('takes two codes that arrive in one chunk as two', async () => {
    const { codes, raw } = await startScanner({ terminator: 'crlf', otherCodeMs: 0 })
    await raw('A1\r\nB2\r\n')
    expect(codes).toEqual(['A1', 'B2'])
  })

  test('says nothing about empty lines', async () => {
    const { codes, raw, logged } = await startScanner({ prefix: '7e' })
    await raw('\r\r~\r~A\r')
    expect(codes).toEqual(['A'])
    expect(logged).toEqual([])
  })

  test('strips prefix and AIM identifier, and passes on the identifier of a 1-D code too', async () => {
    const settings = { prefix: '1b5b', aimId: true, stxEtx: true, terminator: 'cr' }
    const { codes, aims, show } = await startScanner(settings, { aim: ']C1' })
    await show('690123')
    expect([codes, aims]).toEqual([['690123'], [']C1']])
  })

  test('drops lines whose prefix or AIM identifier is missing, and tells the technician why', async () => {
    const { codes, raw, logged } = await startScanner({ prefix: '23', aimId: true })
    await raw('A\r#A\r#]Q1good\r')
    expect(codes).toEqual(['good'])
    expect(logged).toMatchObject([{ reason: 'no-prefix' }, { reason: 'no-aim' }])
  })

  test('drops an over-long line as a whole and reads the next one', async () => {
    const { codes, raw, logged } = await startScanner({ maxLength: 10, terminator: 'crlf' })
    await raw(`${'x'.repeat(5000)}\r\n`)
    await raw('0123456789\r\n')
    expect(codes).toEqual(['0123456789'])
    expect(logged).toMatchObject([{ reason: 'too-long' }])
  })

  test('without a terminator, silence ends a code and nothing else does', async () => {
    const { codes, raw, clock } = await startScanner({ terminator: 'none', otherCodeMs: 0 })
    await raw('AB')
    await clock.advance(79)
    await raw('CD')
    await clock.advance(79)
    expect(codes).toEqual([])
    await clock.advance(1)
    expect(codes).toEqual(['ABCD'])
    await raw('EF')
    await clock.advance(80)
    expect(codes).toEqual(['ABCD', 'EF'])
  })

  test('half a line is never glued to the code that comes later', async () => {
    const { codes, raw, clock, logged } = await startScanner()
    await raw('TORN')
    await clock.advance(1500)
    await raw('GOOD\r')
    expect(codes).toEqual(['GOOD'])
    expect(logged).toMatchObject([{ reason: 'torn' }])
  })

  test('a line paced at 9600 baud stays one code', async () => {
    const { codes, show } = await startScanner({}, { paceBaud: 9600 })
    await show('7'.repeat(2393))
    expect(codes).toEqual(['7'.repeat(2393)])
  })

  test('never logs what was in a code', async () => {
    const { raw, logged, clock } = await startScanner({ maxLength: 4, aimId: true })
    for (const line of ['SECRET\r', ']Q1SECRET\r', 'SECRET']) await raw(line)
    await clock.advance(2000)
    await raw('\r')
    expect(logged).toHaveLength(3)
    expect(JSON.stringify(logged)).not.toContain('SECRET')
  })

  test('cable out in the middle of a code: no code, and the driver stays quiet', async () => {
    const { codes, raw, clock, unplug } = await startScanner({ terminator: 'none' })
    await raw('HALF')
    unplug()
    await clock.advance(5000)
    expect(codes).toEqual([])
  })

  test('shut down in the middle: a closed link ends the driver without an event', async () => {
    const { codes, raw, near, clock } = await startScanner()
    await raw('HALF')
    await near.close()
    await clock.advance(5000)
    expect(codes).toEqual([])
  })

  test('the output of another device is no code', async () => {
    const { codes, far, clock } = await startScanner({ aimId: true })
    for (let sent = 0; sent < 400; sent++) {
      await far.write(Uint8Array.of(0xa4, 0x03, 0x07, 0x07, 0x5f, 0x0d, 0x61, 0x09, 0xce, 0x0e, 0x4e, 0xb5))
      await clock.advance(100)
    }
    expect(codes).toEqual([])
  })

  test('an agent that fails over a code costs the connection, not the kiosk', async () => {
    const clock = fakeClock()
    const { near, far } = memoryLink()
    await lineScanner.start({
      link: near,
      options: lineScanner.options.parse({ path: 'memory' }),
      signal: near.closed,
      clock,
      log: () => {},
      emit: () => {
        throw new Error('full')
      },
    })
    await far.write(Buffer.from('A\r'))
    await clock.advance(0)
    expect(near.closed.aborted).toBe(true)
  })

  test('the head can be unplugged and plugged in again', async () => {
    const first = await startScanner()
    first.unplug()
    const { near, far } = memoryLink()
    first.simulator.attach(far)
    const codes: unknown[] = []
    await lineScanner.start({
      link: near,
      options: lineScanner.options.parse({ path: 'memory' }),
      signal: near.closed,
      clock: first.clock,
      log: () => {},
      emit: (event) => codes.push(Buffer.from(event.bytes).toString()),
    })
    await first.show('AGAIN')
    expect([first.codes, codes]).toEqual([[], ['AGAIN']])
  })
})

describe('Line scanner, one event per presentation', () => {
  test('a code held before the head counts once, and its repeats are counted', async () => {
    const { codes, show, commands } = await startScanner({}, { repeats: 30, repeatEveryMs: 100 })
    await show('HELD')
    expect(codes).toEqual(['HELD'])
    expect(commands.suppressed()).toBe(30)
  })

  test('the same code counts again after it was out of sight', async () => {
    const { codes, show, clock } = await startScanner()
    await show('A')
    await clock.advance(999)
    await show('A')
    await clock.advance(1000)
    await show('A')
    expect(codes).toEqual(['A', 'A'])
  })

  test('a different code counts only after its own short window, then even while it is held', async () => {
    const { codes, show, clock, commands } = await startScanner()
    await show('A')
    await clock.advance(199)
    await show('B')
    expect(codes).toEqual(['A'])
    await clock.advance(1)
    await show('B')
    expect(codes).toEqual(['A', 'B'])
    expect(commands.suppressed()).toBe(1)
  })

  test('two codes on one sheet, read in turns, count once each', async () => {
    const { codes, show, clock } = await startScanner()
    for (let turn = 0; turn < 20; turn++) {
      await show(turn % 2 ? 'A' : 'B')
      await clock.advance(250)
    }
    expect(codes).toEqual(['B', 'A'])
  })
})
