import { describe, expect, test } from 'vitest'
import type { TemperatureSample } from '../../devices/kinds.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { gy614v } from '../../devices/thermometers/gy-614v/driver.ts'
import { type Gy614vSimulation, simulateGy614v } from '../../devices/thermometers/gy-614v/simulator.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

interface Bench {
  readonly clock: FakeClock
  readonly cable: ReturnType<typeof memoryLink>
  readonly samples: TemperatureSample[]
  start(): Promise<unknown>
}

function bench(settings: Record<string, unknown> = {}, clock = fakeClock(), cable = memoryLink()): Bench {
  const samples: TemperatureSample[] = []
  const start = () =>
    gy614v.start({
      link: cable.near,
      options: gy614v.options.parse({ path: 'memory', ...settings }),
      signal: cable.near.closed,
      clock,
      log: () => {},
      emit: (event) => event.type === 'temperature' && samples.push(event.sample),
    })
  return { clock, cable, samples, start }
}

async function startThermometer(device: Gy614vSimulation = {}, settings: Record<string, unknown> = {}) {
  const table = bench(settings)
  const simulator = simulateGy614v({ clock: table.clock, ...device })
  simulator.attach(table.cable.far)
  await table.clock.until(table.start())
  return { ...table, simulator, controls: simulator.controls }
}

describe('GY-614V', () => {
  test('reports body, raw and ambient temperature of whoever stands there', async () => {
    const { samples, controls, clock } = await startThermometer()
    controls.setSkin({ bodyCentiCelsius: 3662, rawCentiCelsius: 3425, ambientCentiCelsius: 2510 })
    await clock.advance(1000)
    const last = samples.at(-1)
    expect(last?.ambientCentiCelsius).toBe(2510)
    expect(last?.head).toBe('ok')
    for (const [seen, meant] of [
      [last?.bodyCentiCelsius, 3662],
      [last?.rawCentiCelsius, 3425],
    ] as const)
      expect(Math.abs((seen ?? 0) - meant)).toBeLessThanOrEqual(3)
  })

  test('takes one reading each sampleMs', async () => {
    const { samples, clock } = await startThermometer({}, { sampleMs: 250 })
    await clock.advance(200) // whatever the start took
    const before = samples.length
    await clock.advance(5000)
    expect(samples.length - before).toBe(20)
  })

  test('sees the room when nobody stands there', async () => {
    const { samples, controls, clock } = await startThermometer()
    controls.setSkin({ bodyCentiCelsius: 3650 })
    await clock.advance(500)
    controls.nobody()
    await clock.advance(500)
    const { rawCentiCelsius = 0, ambientCentiCelsius = 0, bodyCentiCelsius = 0 } = samples.at(-1) ?? {}
    expect(rawCentiCelsius - ambientCentiCelsius).toBeLessThan(100)
    expect(bodyCentiCelsius).toBeLessThan(3400)
  })

  test.each([
    ['obeys and confirms', { confirmsWrites: true }],
    ['obeys without a word', {}],
    ['goes on sending by itself', { ignoresWrites: true }],
    ['goes on sending by itself, on a slow wire', { ignoresWrites: true, paceBaud: 9600 }],
  ] as const)('told to wait for questions, a module that %s is read all the same', async (_, device) => {
    const { samples, controls, clock, cable } = await startThermometer(device)
    controls.setSkin({ bodyCentiCelsius: 3700 })
    await clock.advance(300)
    samples.length = 0
    await clock.advance(3000)
    expect(samples.length).toBeGreaterThanOrEqual(25)
    for (const { bodyCentiCelsius } of samples)
      expect(Math.abs(bodyCentiCelsius - 3700)).toBeLessThanOrEqual(3)
    expect(cable.near.closed.aborted).toBe(false)
  })

  test('marks samples while the sensor warms up', async () => {
    const { samples, clock } = await startThermometer({}, { warmUpMs: 2000 })
    await clock.advance(1500)
    expect(new Set(samples.map(({ head }) => head))).toEqual(new Set(['warming-up']))
    await clock.advance(1500)
    expect(samples.at(-1)?.head).toBe('ok')
  })

  test('calls a sensor frozen after more than 20 equal readings, and not before', async () => {
    const { samples, controls, clock } = await startThermometer()
    controls.freeze(true)
    await clock.advance(1000)
    samples.length = 0
    controls.freeze(false)
    await clock.advance(100)
    controls.freeze(true)
    await clock.advance(3000)
    const from = samples.findIndex(({ head }) => head === 'frozen')
    const raws = samples.slice(0, from + 1).map(({ rawCentiCelsius }) => rawCentiCelsius)
    expect(raws.slice(-21).every((raw) => raw === raws.at(-1))).toBe(true)
    expect(raws.at(-22)).not.toBe(raws.at(-1))
    controls.freeze(false)
    await clock.advance(200)
    expect(samples.at(-1)?.head).toBe('ok')
  })

  test('a still room is not taken for a frozen sensor', async () => {
    const { samples, clock } = await startThermometer()
    await clock.advance(20_000)
    expect(samples.every(({ head }) => head === 'ok')).toBe(true)
  })

  test('reads through line noise and in pieces', async () => {
    const noise = Uint8Array.of(0xa4, 0x03, 0x07, 0x07, 0x5f)
    const { samples, clock } = await startThermometer({ noise, pieceBytes: 3, continuous: false })
    await clock.advance(1000)
    expect(samples.length).toBeGreaterThanOrEqual(9)
  })

  test('a wrong check sum is no sample; three unanswered questions end the connection', async () => {
    const { samples, controls, clock, cable } = await startThermometer()
    controls.garble(true)
    samples.length = 0
    await clock.advance(2000)
    expect(samples).toEqual([])
    expect(cable.near.closed.aborted).toBe(true)
  })

  test('one or two unanswered questions are no reason to start over', async () => {
    const { samples, controls, clock, cable } = await startThermometer()
    for (let round = 0; round < 3; round++) {
      controls.silent(true)
      await clock.advance(600)
      controls.silent(false)
      samples.length = 0
      await clock.advance(600)
      expect(samples.length).toBeGreaterThan(0)
    }
    expect(cable.near.closed.aborted).toBe(false)
  })

  test('a module gone silent is noticed within two seconds', async () => {
    const { controls, clock, cable } = await startThermometer()
    controls.silent(true)
    await clock.advance(2000)
    expect(cable.near.closed.aborted).toBe(true)
  })

  test('refuses a different device on the same port', async () => {
    const { cable, clock, start } = bench()
    const starting = start()
    const refused = expect(starting).rejects.toMatchObject({ code: 'wrong-device' })
    await cable.far.write(Buffer.from('HELLO\r'))
    await clock.advance(1000)
    await refused
  })

  test('refuses a module of another address', async () => {
    await expect(startThermometer({ address: 0xa6 })).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('says that nothing answers when nothing does', async () => {
    const { start, clock } = bench()
    await expect(clock.until(start())).rejects.toMatchObject({ code: 'timeout' })
  })

  test('unplugged while the greeting waits: the start fails with the reason', async () => {
    const { cable, clock, start } = bench()
    const starting = expect(start()).rejects.toMatchObject({ code: 'link-lost' })
    await clock.advance(10)
    cable.unplug()
    await starting
  })

  test.each(['unplug', 'close'] as const)('stops without a word after %s in the middle', async (how) => {
    const { samples, clock, cable } = await startThermometer()
    await clock.advance(1005)
    if (how === 'unplug') cable.unplug()
    else await cable.near.close()
    const before = samples.length
    await clock.advance(5000)
    expect(samples.length).toBe(before)
  })

  test('unplugged and plugged in again, the module is read as before', async () => {
    const first = await startThermometer()
    first.controls.setSkin({ bodyCentiCelsius: 3680 })
    first.cable.unplug()
    const again = bench({}, first.clock)
    first.simulator.attach(again.cable.far)
    await first.clock.until(again.start())
    await first.clock.advance(1000)
    expect(again.samples.length).toBeGreaterThanOrEqual(9)
    expect(Math.abs((again.samples.at(-1)?.bodyCentiCelsius ?? 0) - 3680)).toBeLessThanOrEqual(3)
  })

  test('accepts only an even address', () => {
    expect(gy614v.options.safeParse({ path: 'x', address: 0xa5 }).success).toBe(false)
    expect(gy614v.options.parse({ path: 'x' })).toMatchObject({ address: 0xa4, baudRate: 9600 })
  })
})
