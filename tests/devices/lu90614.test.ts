import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LuAnswer, type LuCommand, luHost, luModule } from '../../devices/thermometers/lu90614/codec.ts'
import { lu90614 } from '../../devices/thermometers/lu90614/driver.ts'
import { simulateLu90614 } from '../../devices/thermometers/lu90614/simulator.ts'
import { bytes, hex, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { thermometerBench } from './thermometer-contract.ts'

const settings = { declaredAmbientCentiCelsius: 2400 }
const answers = {
  reads: luHost,
  encode: luModule.encode,
  frame: fc.record<LuAnswer>({
    mode: fc.constantFrom('body' as const, 'object' as const),
    centiCelsius: fc.integer({ min: 0, max: 9999 }),
  }),
  alphabet: [0xfe, 0xac, 0xaa, 0x24, 0x05],
}

describe('LU90614 codec', () => {
  test.each<[string, LuCommand]>([
    ['FA C5 BF', 'body'],
    ['FA C6 C0', 'object'],
    ['FA CA C4', 'measure'],
  ])('%s is what the sheet prints for "%s"', (printed, command) => {
    expect(hex(luHost.encode(command))).toBe(hex(bytes(printed)))
    expect(luModule.decode(bytes(printed))).toEqual({ frame: command, used: 3 })
  })

  // Whole degrees and hundredths as sellers print them; the sums were computed by hand.
  test.each<[string, LuAnswer]>([
    ['FE AC 24 05 00 00 00 00 D3', { mode: 'body', centiCelsius: 3605 }],
    ['FE AA 24 32 00 00 00 00 FE', { mode: 'object', centiCelsius: 3650 }],
    ['FE AA 24 32 12 34 56 78 12', { mode: 'object', centiCelsius: 3650 }],
  ])('%s is an answer, whatever stands in the four unexplained bytes', (printed, answer) => {
    expect(luHost.decode(bytes(printed))).toEqual({ frame: answer, used: 9 })
  })

  test('the simulated module answers in the same layout', () => {
    expect(hex(luModule.encode({ mode: 'body', centiCelsius: 3605 }).subarray(0, 4))).toBe('feac2405')
  })

  test('any answers, any cutting, any noise: every intact one is found', () => survivesNoise(answers))
  test('a damaged answer is not delivered and does not swallow the next', () => survivesDamage(answers))

  test('the module finds every command behind noise', () =>
    survivesNoise<LuCommand>({
      reads: luModule,
      encode: luHost.encode,
      frame: fc.constantFrom('body', 'object', 'measure'),
      alphabet: [0xfa, 0xc5, 0xca, 0xc4],
    }))

  test('a hundredth above 99 is no answer', () => {
    expect(luHost.decode(bytes('FE AC 24 64 00 00 00 00 32'))).toEqual({ skip: 9 })
  })
})

describe('LU90614', () => {
  test('a module that stays in one mode is refused: body and skin would be one value', async () => {
    const table = thermometerBench({ driver: lu90614, settings })
    simulateLu90614({ clock: table.clock, ignoresModes: true }).attach(table.cable.far)
    await expect(table.clock.until(table.start())).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('waits as long as a measurement may take', async () => {
    const table = thermometerBench({ driver: lu90614, settings })
    const { controls, attach } = simulateLu90614({ clock: table.clock, measureMs: 790 })
    attach(table.cable.far)
    await table.clock.until(table.start())
    controls.setSkin({ bodyCentiCelsius: 3660, rawCentiCelsius: 3430 })
    await table.clock.advance(10_000)
    const { bodyCentiCelsius = 0, rawCentiCelsius = 0 } = table.samples.at(-1) ?? {}
    expect(bodyCentiCelsius - rawCentiCelsius).toBe(230)
  })

  test('wants the room temperature declared, because the module does not tell it', () => {
    expect(lu90614.options.safeParse({ path: 'x' }).success).toBe(false)
  })
})
