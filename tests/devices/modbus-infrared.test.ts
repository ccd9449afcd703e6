import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModbusAnswer, ModbusRequest } from '../../devices/lib/modbus-pdu.ts'
import { modbusRtuDevice, modbusRtuMaster } from '../../devices/lib/modbus-rtu.ts'
import {
  fromWord,
  questionsFor,
  type RegisterMap,
  readMap,
  type TemperatureRegister,
  toWord,
} from '../../devices/thermometers/modbus-infrared/codec.ts'
import { modbusInfrared } from '../../devices/thermometers/modbus-infrared/driver.ts'
import { simulateModbusInfrared } from '../../devices/thermometers/modbus-infrared/simulator.ts'
import { bytes, hex, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { thermometerBench } from './thermometer-contract.ts'

const estimate = { offsetCentiCelsius: 230 }
const hundredths = (register: number, changes: Partial<TemperatureRegister> = {}): TemperatureRegister => ({
  function: 3,
  register,
  unitsPerDegree: 100,
  sign: 'twos-complement',
  ...changes,
})

const use = { 3: 16 } as const
const words = {
  reads: modbusRtuMaster(1, use),
  encode: modbusRtuDevice(1, use).encode,
  frame: fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
    .map((list): ModbusAnswer => ({ type: 'words', function: 3, words: list })),
  alphabet: [0x01, 0x03, 0x10, 0x83],
}

describe('Modbus registers of an infrared sensor', () => {
  const question: ModbusRequest = { function: 3, address: 0, value: 8 }

  test('the printed question and answer of an MQ485A are understood at both ends', () => {
    const asked = bytes('01 03 00 00 00 08 44 0C')
    expect(hex(words.reads.encode(question))).toBe(hex(asked))
    expect(modbusRtuDevice(1, use).decode(asked)).toEqual({ frame: question, used: 8 })
    const told = bytes(`01 03 10 0A 13 0B FB ${'00'.repeat(12)} 61 42`)
    const answer = { type: 'words', function: 3, words: [2579, 3067, 0, 0, 0, 0, 0, 0] } as const
    expect(words.reads.decode(told)).toEqual({ frame: answer, used: 21 })
    expect(hex(words.encode(answer))).toBe(hex(told))
    const map: RegisterMap = { object: hundredths(0), ambient: hundredths(1) }
    expect(readMap(map, [answer])).toEqual({ object: 2579, ambient: 3067 })
  })

  test('any answers, any cutting, any noise: every intact one is found', () => survivesNoise(words))
  test('a damaged answer is not delivered and does not swallow the next', () => survivesDamage(words))

  test.each<[number, Partial<TemperatureRegister>, number]>([
    [3655, {}, 3655],
    [366, { unitsPerDegree: 10 }, 3660],
    [37, { unitsPerDegree: 1 }, 3700],
    [0xff9c, {}, -100],
    [0xff9c, { sign: 'unsigned' }, 65436],
    [0x8064, { sign: 'sign-bit' }, -100],
    [0x0e47, { sign: 'sign-bit' }, 3655],
  ])('a register holding %i under rule %j means %i hundredths', (word, rule, meant) => {
    expect(fromWord(word, hundredths(0, rule))).toBe(meant)
    expect(toWord(meant, hundredths(0, rule))).toBe(word)
  })

  test('each function is asked once, from its lowest to its highest register', () => {
    const map: RegisterMap = {
      object: hundredths(9, { function: 4 }),
      ambient: hundredths(3),
      body: hundredths(7, { function: 4 }),
    }
    expect(questionsFor(map)).toEqual([
      { function: 3, address: 3, value: 1 },
      { function: 4, address: 7, value: 3 },
    ])
    const answers: ModbusAnswer[] = [
      { type: 'words', function: 4, words: [3660, 0, 3430] },
      { type: 'words', function: 3, words: [2400] },
    ]
    expect(readMap(map, answers)).toEqual({ object: 3430, ambient: 2400, body: 3660 })
    expect(readMap(map, answers.slice(0, 1))).toBeUndefined()
  })
})

describe('Infrared thermometer by register map', () => {
  async function started(settings: Record<string, unknown>, device = {}) {
    const table = thermometerBench({ driver: modbusInfrared, settings })
    const { map, unit } = modbusInfrared.options.parse({ path: 'x', ...settings })
    const simulator = simulateModbusInfrared({ clock: table.clock, map, unit, ...device })
    simulator.attach(table.cable.far)
    await table.clock.until(table.start())
    return { ...table, controls: simulator.controls }
  }

  test('reads a sensor with its own body value, tenths, two functions and another address', async () => {
    const { samples, clock, controls } = await started({
      unit: 17,
      map: {
        object: { function: 4, register: 0x100, unitsPerDegree: 10 },
        body: { function: 4, register: 0x110, sign: 'sign-bit' },
        ambient: { register: 2, unitsPerDegree: 10 },
      },
    })
    controls.setSkin({ bodyCentiCelsius: 3660, rawCentiCelsius: 3430, ambientCentiCelsius: 2450 })
    await clock.advance(2000)
    expect(samples.at(-1)?.ambientCentiCelsius).toBe(2450)
    expect(Math.abs((samples.at(-1)?.bodyCentiCelsius ?? 0) - 3660)).toBeLessThanOrEqual(3)
    expect(Math.abs((samples.at(-1)?.rawCentiCelsius ?? 0) - 3430)).toBeLessThanOrEqual(10)
  })

  test('a sensor without these registers says so, and that is told', async () => {
    const settings = { map: { object: { register: 0 }, ambient: { register: 1 } }, estimate }
    await expect(started(settings, { refuses: true })).rejects.toMatchObject({ code: 'bad-answer' })
  })

  test.each([
    ['neither room register nor declared room', { map: { object: { register: 0 } }, estimate }],
    [
      'both',
      {
        map: { object: { register: 0 }, ambient: { register: 1 } },
        declaredAmbientCentiCelsius: 2400,
        estimate,
      },
    ],
    ['neither body register nor estimate', { map: { object: { register: 0 }, ambient: { register: 1 } } }],
    [
      'one register for two temperatures',
      { map: { object: { register: 0 }, ambient: { register: 0 } }, estimate },
    ],
    ['registers too far apart', { map: { object: { register: 0 }, ambient: { register: 32 } }, estimate }],
  ])('rejects a map with %s', (_, settings) => {
    expect(modbusInfrared.options.safeParse({ path: 'x', ...settings }).success).toBe(false)
  })
})
