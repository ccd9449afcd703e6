import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Framer } from '../../devices/lib/frames.ts'
import {
  type ArrayAnswer,
  type ArrayCommand,
  arrayHost,
  arrayModule,
  readEmissivity,
  sendByItself,
  setRate,
  waitForQuestions,
} from '../../devices/thermometers/gy-mcu90640/codec.ts'
import { gyMcu90640 } from '../../devices/thermometers/gy-mcu90640/driver.ts'
import { asSeen, warmest } from '../../devices/thermometers/gy-mcu90640/face.ts'
import { simulateGyMcu90640 } from '../../devices/thermometers/gy-mcu90640/simulator.ts'
import { bytes, hex, readAll, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { thermometerBench } from './thermometer-contract.ts'

const settings = { estimate: { offsetCentiCelsius: 230 }, warmUpMs: 0 }
const evenPicture = (changes: Record<number, number> = {}, ambientCentiCelsius = 2500) => {
  const pixels = new Int16Array(768).fill(2500)
  for (const [index, pixel] of Object.entries(changes)) pixels[Number(index)] = pixel
  return { type: 'picture', pixels, ambientCentiCelsius } as const
}
const picture = fc
  .record({
    seed: fc.integer({ min: -4000, max: 6000 }),
    ambient: fc.integer({ min: -1000, max: 6000 }),
    step: fc.nat(60),
  })
  .map(({ seed, ambient, step }): ArrayAnswer => {
    const pixels = Int16Array.from({ length: 768 }, (_, index) => seed + ((index * step) % 997))
    return { type: 'picture', pixels, ambientCentiCelsius: ambient }
  })
const answers = {
  reads: arrayHost,
  encode: arrayModule.encode,
  frame: fc.oneof(
    picture,
    fc.integer({ min: 1, max: 100 }).map((percent): ArrayAnswer => ({ type: 'emissivity', percent })),
  ),
  alphabet: [0x5a, 0x02, 0x06, 0x5f, 0x13],
  numRuns: 60,
}

describe('GY-MCU90640 codec', () => {
  test.each<[string, ArrayCommand]>([
    ['A5 25 00 CA', setRate(0.5)],
    ['A5 25 01 CB', setRate(1)],
    ['A5 25 02 CC', setRate(2)],
    ['A5 25 03 CD', setRate(4)],
    ['A5 25 04 CE', setRate(8)],
    ['A5 35 01 DB', waitForQuestions],
    ['A5 35 02 DC', sendByItself],
    ['A5 55 01 FB', readEmissivity],
    ['A5 15 02 BC', { command: 0x15, value: 2 }],
    ['A5 45 5F 49', { command: 0x45, value: 0x5f }],
    ['A5 65 01 0B', { command: 0x65, value: 1 }],
  ])('%s is what the manual prints for this command', (printed, command) => {
    expect(hex(arrayHost.encode(command))).toBe(hex(bytes(printed)))
    expect(arrayModule.decode(bytes(printed))).toEqual({ frame: command, used: 4 })
  })

  test('reads the emissivity answer, which begins like a picture', () => {
    expect(arrayHost.decode(bytes('5A 5A 5F 13'))).toEqual({
      frame: { type: 'emissivity', percent: 95 },
      used: 4,
    })
    expect(hex(arrayModule.encode({ type: 'emissivity', percent: 95 }))).toBe('5a5a5f13')
  })

  test.each([
    ['all of 25 degrees', evenPicture(), '5a5a0206c409', 'c40920b6'],
    ['one warm pixel', evenPicture({ 400: 3655 }, 2610), '5a5a0206c409', 'c409320a11bb'],
  ])('a picture, %s, has the bytes and the check computed by hand', (_, meant, start, end) => {
    const frame = arrayModule.encode(meant)
    expect(frame).toHaveLength(1544)
    expect(hex(frame).startsWith(start)).toBe(true)
    expect(hex(frame).endsWith(end)).toBe(true)
    expect(arrayHost.decode(frame)).toEqual({ frame: meant, used: 1544 })
  })

  test('a pixel is two bytes, low byte first, at its place, with its sign', () => {
    const frame = arrayModule.encode(evenPicture({ 400: 3655, 401: -250 }))
    expect(hex(frame.subarray(804, 808))).toBe('470e06ff')
    expect(arrayHost.decode(frame)).toMatchObject({
      frame: { pixels: evenPicture({ 400: 3655, 401: -250 }).pixels },
    })
  })

  test('one stray byte before three pictures costs none of them', () => {
    const three = Buffer.concat([Uint8Array.of(0), ...Array(3).fill(arrayModule.encode(evenPicture()))])
    expect(readAll(arrayHost, three, [97])).toHaveLength(3)
  })

  test('a check that ends like a mark does not shift the picture behind it', () => {
    const next = arrayModule.encode(evenPicture())
    expect(readAll(arrayHost, Buffer.concat([Uint8Array.of(0x11, 0x5a), next]), [1])).toEqual([evenPicture()])
    // A whole picture with such a check, and one behind it, entered in the middle of the first.
    const first = pictureWithCheckHigh(0x5a)
    const both = Buffer.concat([first, next])
    expect(readAll(arrayHost, both, [50])).toHaveLength(2)
    expect(readAll(arrayHost, both.subarray(700), [50])).toEqual([evenPicture()])
  })

  test('is cut at every offset and found each time', () => {
    const frame = arrayModule.encode(evenPicture({ 5: 3111 }))
    for (let cut = 1; cut < frame.length; cut++) {
      const framer = new Framer(arrayHost)
      expect(framer.push(frame.subarray(0, cut))).toEqual([])
      expect(framer.push(frame.subarray(cut))).toHaveLength(1)
    }
  })

  test('any answers, any cutting, any noise: every intact one is found', () => survivesNoise(answers))
  test('a damaged answer is not delivered and does not swallow the next', () =>
    survivesDamage({ ...answers, frame: picture }))

  test('the module finds every command behind noise', () =>
    survivesNoise<ArrayCommand>({
      reads: arrayModule,
      encode: arrayHost.encode,
      frame: fc.record({ command: fc.nat(255), value: fc.nat(255) }),
      alphabet: [0xa5, 0x35, 0x02, 0xdc],
    }))
})

describe('The picture of a GY-MCU90640', () => {
  test('begins at the top left for people, at the top right in the module', () => {
    const pixels = new Int16Array(768)
    pixels[0] = 1
    pixels[33] = 2
    const seen = asSeen(pixels)
    expect([seen[31], seen[32 + 30]]).toEqual([1, 2])
    expect(asSeen(seen)).toEqual(pixels)
  })

  test('has its warmest pixel looked for in the region alone', () => {
    const seen = new Int16Array(768).fill(2400)
    seen[4 * 32 + 8] = 3400
    seen[4 * 32 + 7] = 5000
    seen[3 * 32 + 8] = 5000
    const region = { left: 8, top: 4, width: 16, height: 16 }
    expect(warmest(seen, region)).toBe(3400)
    seen[19 * 32 + 23] = 3500
    expect(warmest(seen, region)).toBe(3500)
    seen[20 * 32 + 23] = 6000
    seen[19 * 32 + 24] = 6000
    expect(warmest(seen, region)).toBe(3500)
  })
})

describe('GY-MCU90640', () => {
  async function started(device = {}, changes: Record<string, unknown> = {}) {
    const table = thermometerBench({ driver: gyMcu90640, settings: { ...settings, ...changes } })
    const simulator = simulateGyMcu90640({ clock: table.clock, ...device })
    simulator.attach(table.cable.far)
    await table.clock.until(table.start())
    return { ...table, controls: simulator.controls }
  }

  test('shows the technician a picture each second, and samples four times', async () => {
    const { events, samples, clock } = await started()
    await clock.advance(500)
    events.length = 0
    samples.length = 0
    await clock.advance(4000)
    const pictures = events.filter((event) => event.type === 'picture')
    expect(pictures).toHaveLength(4)
    expect(samples).toHaveLength(16)
    expect(pictures[0]).toMatchObject({ picture: { columns: 32, rows: 24, region: { left: 8, top: 4 } } })
    expect(pictures[0]?.type === 'picture' && pictures[0].picture.centiCelsius).toHaveLength(768)
  })

  test('a module that waits for questions is told to send by itself', async () => {
    const { samples, clock } = await started({ sending: false })
    await clock.advance(2000)
    expect(samples.length).toBeGreaterThanOrEqual(5)
  })

  test('a module that hears nothing is known by its pictures', async () => {
    const { samples, clock } = await started({ deaf: true })
    await clock.advance(2000)
    expect(samples.length).toBeGreaterThanOrEqual(5)
  })

  test('does not count what it sees in the first four minutes', async () => {
    const { samples, clock } = await started({}, { warmUpMs: undefined })
    await clock.advance(239_000)
    expect(samples.every(({ head }) => head === 'warming-up')).toBe(true)
    await clock.advance(2000)
    expect(samples.at(-1)?.head).toBe('ok')
  })

  test('a region outside the picture is rejected', () => {
    for (const region of [{ left: 20 }, { top: 20 }, { width: 0 }])
      expect(gyMcu90640.options.safeParse({ path: 'x', ...settings, region }).success).toBe(false)
  })
})

/** A picture whose check has this high byte: the last pixel is chosen until it fits. */
function pictureWithCheckHigh(high: number): Uint8Array {
  for (let pixel = -0x8000; pixel < 0x8000; pixel += 64) {
    const frame = arrayModule.encode(evenPicture({ 767: pixel }))
    if (frame.at(-1) === high) return frame
  }
  throw new Error('no such picture')
}
