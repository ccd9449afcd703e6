import { describe, expect, test } from 'vitest'
import { samSerial } from '../../devices/id-card-readers/sam-serial/driver.ts'
import { simulateSamSerial } from '../../devices/id-card-readers/sam-serial/simulator.ts'
import { samHost } from '../../devices/lib/sam/codec.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { bench, card, fromHex, hex, is, other, problem, told } from '../support/sam-serial-bench.ts'

describe('Serial ID card reader: faults of line and module', () => {
  test.each([
    ['single bytes', [0x00, 0xff, 0xaa]],
    ['a preamble', [0xaa, 0xaa, 0xaa, 0x96, 0x69]],
    ['half a preamble', [0xaa, 0xaa, 0xaa, 0x96]],
    ['a header of an impossible length', [0xaa, 0xaa, 0xaa, 0x96, 0x69, 0xff, 0xff, 0x00]],
  ])('reads cards through noise: %s', async (_name, noise) => {
    const { plug, clock, layCard, events } = bench({ noise: Uint8Array.from(noise) })
    await plug()
    layCard(card)
    await clock.advance(1000)
    expect(events).toEqual([told(card)])
  })

  test('a preamble inside the photo does not disturb', async () => {
    const answer = photoWithFrames()
    let reads = 0
    const { plug, clock, layCard, events } = bench({
      bytes: (r) => (is(r, 0x3001) && reads++ === 0 ? answer : undefined),
    })
    await plug()
    layCard(card)
    await clock.advance(300)
    expect(events).toMatchObject([{ type: 'card', card: { name: '' } }])
  })

  test('half an answer and then silence: the visitor is told, and the next read works', async () => {
    let torn = 1
    const half = fromHex('aaaaaa96690005050505')
    const { plug, clock, layCard, events } = bench({
      bytes: (r) => (is(r, 0x3001) && torn-- > 0 ? half : undefined),
    })
    const { near } = await plug()
    layCard(card)
    await clock.advance(10_000)
    expect(events).toEqual([problem('present-again'), told(card)])
    expect(near.closed.aborted).toBe(false)
  })

  test('an answer that comes too late is never taken for the next one', async () => {
    let late = 1
    const { plug, clock, layCard, events } = bench({
      deviceMs: (r) => (is(r, 0x3001) && late-- > 0 ? 5300 : 0),
    })
    await plug()
    layCard(card)
    await clock.advance(20_000)
    expect(events).toEqual([problem('present-again')])
  })

  test('one unanswered question is forgiven, a module that has gone silent ends the connection', async () => {
    const { plug, clock, faults, layCard, events } = bench()
    const { near } = await plug()
    for (const _round of [1, 2, 3]) {
      faults.dead = true
      await clock.advance(1400)
      expect(near.closed.aborted).toBe(false)
      faults.dead = false
      await clock.advance(5000)
    }
    layCard(card)
    await clock.advance(300)
    expect(events).toEqual([told(card)])
    faults.dead = true
    await clock.advance(5000)
    expect(near.closed.reason).toMatchObject({ code: 'link-closed' })
  })

  test.each([0x60, 0x66])('a module that breaks while running (%i) ends the connection', async (status) => {
    const { plug, clock, faults, logs } = bench()
    const { near } = await plug()
    await clock.advance(1000)
    faults.sw3 = () => status
    await clock.advance(300)
    expect(near.closed.aborted).toBe(true)
    expect(logs.at(-1)).toContain('out-of-service')
    await expect(plug()).rejects.toMatchObject({ code: 'out-of-service' })
  })

  test('a module that cannot look for cards ends the connection instead of seeming well', async () => {
    const { plug, clock } = bench({ sw3: (r) => (is(r, 0x2001) ? 0x21 : undefined) })
    const { near } = await plug()
    await clock.advance(1000)
    expect(near.closed.aborted).toBe(true)
  })

  test('refuses another make of device on the same port', async () => {
    const { plug } = bench({ wrongDevice: new TextEncoder().encode('ERROR\r\n') })
    await expect(plug()).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('refuses a device that talks without being asked and never stops', async () => {
    const { near, far } = memoryLink()
    const clock = fakeClock()
    const scanner = async () => {
      while (!far.closed.aborted) {
        await far.write(fromHex('30313233340d0a'))
        await clock.sleep(100)
      }
    }
    void scanner()
    const options = samSerial.options.parse({ path: 'memory' })
    const session = { link: near, options, signal: near.closed, clock, log: () => {}, emit: () => {} }
    await expect(clock.until(samSerial.start(session))).rejects.toMatchObject({ code: 'wrong-device' })
    await near.close()
  })

  test('refuses a device that answers in frames but knows no module number', async () => {
    const wrong = fromHex('aaaaaa966900050000900095')
    const { plug } = bench({ bytes: (r) => (is(r, 0x12ff) ? wrong : undefined) })
    await expect(plug()).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('refuses a device whose first two status bytes are not zero', async () => {
    const wrong = fromHex('aaaaaa9669000401009095')
    const { plug } = bench({ bytes: (r) => (is(r, 0x11ff) ? wrong : undefined) })
    await expect(plug()).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('a module that keeps its number to itself is used all the same', async () => {
    const { plug } = bench({ sw3: (r) => (is(r, 0x12ff) ? 0x21 : undefined) })
    expect((await plug()).commands.samNumber).toBeUndefined()
  })

  test('says that nothing answers, and at which speed it tried', async () => {
    const { plug } = bench({ dead: true }, { baudRate: 9600 })
    await expect(plug()).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('9600'),
    })
  })

  test('unplugged while waiting for an answer: the greeting fails with the reason', async () => {
    const { near, far, unplug } = memoryLink()
    const clock = fakeClock()
    simulateSamSerial({ clock, dead: true }).attach(far)
    const options = samSerial.options.parse({ path: 'memory' })
    const session = { link: near, options, signal: near.closed, clock, log: () => {}, emit: () => {} }
    const starting = samSerial.start(session)
    await clock.advance(100)
    unplug()
    await expect(clock.until(starting)).rejects.toMatchObject({ code: 'link-lost' })
  })

  test('unplugged and plugged again, it goes on; a card still lying there is not told twice', async () => {
    const { plug, clock, layCard, takeCard, events } = bench()
    const { unplug } = await plug()
    layCard(card)
    await clock.advance(300)
    unplug()
    await clock.advance(5000)
    await plug()
    await clock.advance(1000)
    expect(events).toEqual([told(card)])
    takeCard()
    layCard(other)
    await clock.advance(300)
    expect(events).toEqual([told(card), told(other)])
  })

  test('shut down in the middle of a read: no event, no further byte', async () => {
    const { plug, clock, layCard, events, sent } = bench({
      deviceMs: (r) => (is(r, 0x3001) ? 1000 : 0),
    })
    const { near } = await plug()
    layCard(card)
    await clock.advance(800)
    const sentBefore = sent.length
    expect(sent.at(-1)).toBe('aaaaaa96690003300132')
    await near.close()
    await clock.advance(20_000)
    expect(events).toEqual([])
    expect(sent).toHaveLength(sentBefore)
  })

  test.each([
    ['the answer comes', 0x3001, 1000],
    ['no answer comes', 0x2001, 100_000],
  ])(
    'told to stop while the cable stays, and then %s: no event, no log, no further byte',
    async (_name, slow, ms) => {
      const { near, far } = memoryLink()
      const clock = fakeClock()
      const reader = simulateSamSerial({ clock, deviceMs: (r) => (is(r, slow) ? ms : 0) })
      reader.attach(far)
      const stop = new AbortController()
      const told: unknown[] = []
      const starting = samSerial.start({
        link: near,
        options: samSerial.options.parse({ path: 'memory' }),
        signal: stop.signal,
        clock,
        log: (message) => told.push(message),
        emit: (event) => told.push(event),
      })
      await clock.until(starting)
      told.length = 0
      reader.controls.layCard(card)
      await clock.advance(800)
      stop.abort(new Error('shutting down'))
      const write = near.write.bind(near)
      near.write = (bytes) => {
        told.push(hex(bytes))
        return write(bytes)
      }
      await clock.advance(20_000)
      expect(told).toEqual([])
      await near.close()
    },
  )

  test('refuses settings that cannot work', () => {
    for (const settings of [{}, { path: '' }, { path: 'a', baudRate: 4800 }, { path: 'a', pollMs: 5 }])
      expect(samSerial.options.safeParse(settings).success).toBe(false)
    const options = samSerial.options.parse({ path: '/dev/ttyUSB0', baudRate: 9600 })
    expect(samSerial.link(options)).toEqual({ type: 'serial', path: '/dev/ttyUSB0', baudRate: 9600 })
  })
})

/** A good answer to 30 01, text blank, whose photo is full of frames "card not found". */
function photoWithFrames(): Uint8Array {
  const photo = Buffer.alloc(1024, fromHex('aaaaaa9669000400008084'))
  const text = Buffer.from(' '.repeat(128), 'utf16le')
  const checked = Buffer.from([0x05, 0x08, 0, 0, 0x90, 0x01, 0x00, 0x04, 0x00, ...text, ...photo])
  const check = checked.reduce((a, b) => a ^ b, 0)
  const frame = Uint8Array.from([0xaa, 0xaa, 0xaa, 0x96, 0x69, ...checked, check])
  expect(samHost.decode(frame)).toMatchObject({ used: 1295 })
  return frame
}
