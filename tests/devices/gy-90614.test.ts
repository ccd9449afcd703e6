import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Command,
  type Gy90614Command,
  gy90614Host,
  gy90614Module,
} from '../../devices/thermometers/gy-90614/codec.ts'
import { gy90614 } from '../../devices/thermometers/gy-90614/driver.ts'
import { simulateGy90614 } from '../../devices/thermometers/gy-90614/simulator.ts'
import { bytes, hex, readAll, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { thermometerBench } from './thermometer-contract.ts'

const settings = { estimate: { offsetCentiCelsius: 230 } }
const celsius = fc.integer({ min: -4000, max: 12_000 })
const readings = {
  reads: gy90614Host,
  encode: gy90614Module.encode,
  frame: fc.record({ objectCentiCelsius: celsius, ambientCentiCelsius: celsius }),
  alphabet: [0x5a, 0x45, 0x04, 0x0e, 0xa5],
}

describe('GY-MCU90614 codec', () => {
  test.each<[string, Gy90614Command]>([
    ['A5 45 EA', Command.continuous],
    ['A5 15 BA', Command.oneReading],
    ['A5 AE 53', Command.baud9600],
    ['A5 AF 54', Command.baud115200],
    ['A5 51 F6', Command.outputAtPowerOn],
    ['A5 52 F7', Command.silentAtPowerOn],
  ])('%s is what the sheet prints for this command', (printed, command) => {
    expect(hex(gy90614Host.encode(command))).toBe(hex(bytes(printed)))
    expect(gy90614Module.decode(bytes(printed))).toEqual({ frame: command, used: 3 })
  })

  test.each([
    ['5A 5A 45 04 0E 47 09 6A C5', { objectCentiCelsius: 3655, ambientCentiCelsius: 2410 }],
    ['5A 5A 45 04 0E 92 0A 2D D4', { objectCentiCelsius: 3730, ambientCentiCelsius: 2605 }],
  ])('%s is a reading', (printed, reading) => {
    expect(gy90614Host.decode(bytes(printed))).toEqual({ frame: reading, used: 9 })
    expect(hex(gy90614Module.encode(reading))).toBe(hex(bytes(printed)))
  })

  test('any readings, any cutting, any noise: every intact one is found', () => survivesNoise(readings))
  test('a damaged reading is not delivered and does not swallow the next', () => survivesDamage(readings))

  test('the module finds every command behind noise', () =>
    survivesNoise<Gy90614Command>({
      reads: gy90614Module,
      encode: gy90614Host.encode,
      frame: fc.constantFrom(...Object.values(Command)),
      alphabet: [0xa5, 0x15, 0xba, 0x45],
    }))

  test('three marks in a row: the last two count', () => {
    const stream = bytes('5A 5A 5A 45 04 0E 47 09 6A C5')
    expect(readAll(gy90614Host, stream, [1])).toHaveLength(1)
  })
})

describe('GY-MCU90614', () => {
  test('is looked for at both baud rates in turn, unless one is set', () => {
    const rates = (baudRate: unknown) => {
      const options = gy90614.options.parse({ path: 'x', baudRate, ...settings })
      return [undefined, 1, 2, 3]
        .map((attempt) => gy90614.link(options, attempt))
        .map((link) => 'baudRate' in link && link.baudRate)
    }
    expect(rates(undefined)).toEqual([9600, 115200, 9600, 115200])
    expect(rates(115200)).toEqual([115200, 115200, 115200, 115200])
    expect(gy90614.options.safeParse({ path: 'x', baudRate: 19200, ...settings }).success).toBe(false)
  })

  test.each([
    ['waits for questions', { continuous: false }],
    ['sends by itself and answers', { continuous: true }],
    ['sends by itself and hears nothing', { continuous: true, deaf: true }],
  ])('a module that %s is read', async (_, device) => {
    const table = thermometerBench({ driver: gy90614, settings })
    simulateGy90614({ clock: table.clock, ...device }).attach(table.cable.far)
    await table.clock.until(table.start())
    await table.clock.advance(200) // whatever the start took
    table.samples.length = 0
    await table.clock.advance(1500)
    expect(table.samples.length).toBeGreaterThanOrEqual(8)
  })

  test('writes nothing but the question for one reading', async () => {
    const table = thermometerBench({ driver: gy90614, settings })
    simulateGy90614({ clock: table.clock }).attach(table.cable.far)
    await table.clock.until(table.start())
    await table.clock.advance(2000)
    expect(new Set(table.written)).toEqual(new Set(['a515ba']))
  })

  test('estimates the body by offset and room: the gap shrinks as the room warms', async () => {
    const table = thermometerBench({ driver: gy90614, settings })
    const { controls, attach } = simulateGy90614({ clock: table.clock })
    attach(table.cable.far)
    await table.clock.until(table.start())
    controls.setSkin({ bodyCentiCelsius: 3660, rawCentiCelsius: 3430, ambientCentiCelsius: 2900 })
    await table.clock.advance(1000)
    const { bodyCentiCelsius = 0, rawCentiCelsius = 0 } = table.samples.at(-1) ?? {}
    expect(bodyCentiCelsius - rawCentiCelsius).toBe(230 - 65)
  })

  test('wants an offset taken at the place itself', () => {
    expect(gy90614.options.safeParse({ path: 'x' }).success).toBe(false)
  })
})
