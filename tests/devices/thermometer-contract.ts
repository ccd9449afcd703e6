import { describe, expect, test } from 'vitest'
import type { DeviceEvent, TemperatureSample } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import type { VoiceFaults } from '../../devices/lib/simulated-voice.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { type MemoryLink, memoryLink } from '../../devices/link/memory.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

/** One model as the contract tries it. */
export interface ThermometerModel<Options> {
  readonly driver: {
    readonly id: string
    readonly options: { parse(settings: unknown): Options }
    start(session: {
      link: StreamLink
      options: Options
      signal: AbortSignal
      clock: Clock
      log(): void
      emit(event: DeviceEvent<'thermometer'>): void
    }): Promise<unknown>
  }
  /** Settings that estimate as the simulated skin does: 2.3 degrees above it in a room of 24. */
  readonly settings: Record<string, unknown>
  simulate(faults: VoiceFaults): Simulator<ThermometerControls>
  /** Noise that looks like the beginning of a frame. */
  readonly noise: Uint8Array
  /** A module gone silent is noticed within so long. */
  readonly silenceMs: number
  /** A start on a port where nobody answers. */
  readonly slowestReadingMs: number
  /** False where the room is declared. */
  readonly measuresAmbient: boolean
}

/** A cable with the driver at one end, and what went over it. */
export interface ThermometerBench {
  readonly clock: FakeClock
  readonly cable: MemoryLink
  /** Everything the driver wrote, in hex. */
  readonly written: string[]
  readonly samples: TemperatureSample[]
  readonly events: DeviceEvent<'thermometer'>[]
  start(): Promise<unknown>
}

export function thermometerBench<Options>(
  { driver, settings }: Pick<ThermometerModel<Options>, 'driver' | 'settings'>,
  clock: FakeClock = fakeClock(),
  changes: Record<string, unknown> = {},
): ThermometerBench {
  const cable = memoryLink()
  const written: string[] = []
  const { near } = cable
  const link: StreamLink = {
    kind: near.kind,
    name: near.name,
    bytes: near.bytes,
    closed: near.closed,
    close: () => near.close(),
    write(bytes) {
      written.push(Buffer.from(bytes).toString('hex'))
      return near.write(bytes)
    },
  }
  const samples: TemperatureSample[] = []
  const events: DeviceEvent<'thermometer'>[] = []
  const start = () =>
    driver.start({
      link,
      options: driver.options.parse({ path: 'memory', ...settings, ...changes }),
      signal: cable.near.closed,
      clock,
      log: () => {},
      emit(event) {
        events.push(event)
        if (event.type === 'temperature') samples.push(event.sample)
      },
    })
  return { clock, cable, written, samples, events, start }
}

/** What every thermometer promises, run on each model with its simulator. */
export function thermometerContract<Options>(model: ThermometerModel<Options>) {
  const { silenceMs, slowestReadingMs } = model

  async function started(faults: VoiceFaults = {}, changes: Record<string, unknown> = {}) {
    const table = thermometerBench(model, fakeClock(), changes)
    const simulator = model.simulate({ clock: table.clock, ...faults })
    simulator.attach(table.cable.far)
    await table.clock.until(table.start())
    return { ...table, simulator, controls: simulator.controls }
  }

  describe(`a thermometer (${model.driver.id})`, () => {
    test('reports body, raw and ambient temperature of whoever stands there', async () => {
      const { samples, controls, clock } = await started()
      controls.setSkin({ bodyCentiCelsius: 3660, ambientCentiCelsius: 2400 })
      await clock.advance(3000)
      const last = samples.at(-1)
      expect(last).toMatchObject({ ambientCentiCelsius: 2400, head: 'ok' })
      expect(Math.abs((last?.bodyCentiCelsius ?? 0) - 3660)).toBeLessThanOrEqual(3)
      expect(Math.abs((last?.rawCentiCelsius ?? 0) - 3430)).toBeLessThanOrEqual(3)
      for (const sample of samples)
        expect(
          Object.values(sample).every((each) => typeof each === 'string' || Number.isInteger(each)),
        ).toBe(true)
    })

    if (model.measuresAmbient) {
      test('tells how warm the room is', async () => {
        const { samples, controls, clock } = await started()
        controls.setSkin({ bodyCentiCelsius: 3660, ambientCentiCelsius: 2610 })
        await clock.advance(3000)
        expect(samples.at(-1)?.ambientCentiCelsius).toBe(2610)
      })
    }

    test('sees the room when nobody stands there', async () => {
      const { samples, controls, clock } = await started()
      controls.setSkin({ bodyCentiCelsius: 3650 })
      await clock.advance(2000)
      controls.nobody()
      await clock.advance(2000)
      const { rawCentiCelsius = 0, ambientCentiCelsius = 0, bodyCentiCelsius = 0 } = samples.at(-1) ?? {}
      expect(rawCentiCelsius - ambientCentiCelsius).toBeLessThan(100)
      expect(bodyCentiCelsius).toBeLessThan(3400)
    })

    test('marks samples while the sensor warms up', async () => {
      const { samples, clock } = await started({}, { warmUpMs: 3000 })
      await clock.advance(2500)
      expect(new Set(samples.map(({ head }) => head))).toEqual(new Set(['warming-up']))
      await clock.advance(2000)
      expect(samples.at(-1)?.head).toBe('ok')
    })

    test('calls a sensor frozen after more than 20 equal readings, and a still room not', async () => {
      const { samples, controls, clock } = await started()
      await clock.advance(15_000)
      expect(samples.length).toBeGreaterThan(30)
      expect(samples.every(({ head }) => head === 'ok')).toBe(true)
      controls.freeze(true)
      await clock.advance(15_000)
      expect(samples.at(-1)?.head).toBe('frozen')
      controls.freeze(false)
      await clock.advance(2000)
      expect(samples.at(-1)?.head).toBe('ok')
    })

    test('reads through line noise and in pieces, on a slow wire', async () => {
      const { samples, clock, controls } = await started({
        noise: model.noise,
        pieceBytes: 7,
        paceBaud: 115_200,
      })
      controls.setSkin({ bodyCentiCelsius: 3700 })
      await clock.advance(1000)
      samples.length = 0
      await clock.advance(5000)
      expect(samples.length).toBeGreaterThanOrEqual(5)
      for (const { bodyCentiCelsius } of samples)
        expect(Math.abs(bodyCentiCelsius - 3700)).toBeLessThanOrEqual(3)
    })

    test('a wrong check is no sample, and no sample for long ends the connection', async () => {
      const { samples, controls, clock, cable } = await started()
      controls.garble(true)
      await clock.advance(slowestReadingMs)
      samples.length = 0
      await clock.advance(silenceMs + slowestReadingMs)
      expect(samples).toEqual([])
      expect(cable.near.closed.aborted).toBe(true)
    })

    test('a short silence is no reason to start over, a long one is', async () => {
      const { samples, controls, clock, cable } = await started()
      for (let round = 0; round < 3; round++) {
        controls.silent(true)
        await clock.advance(slowestReadingMs * 1.5)
        controls.silent(false)
        samples.length = 0
        await clock.advance(slowestReadingMs * 3)
        expect(samples.length).toBeGreaterThan(0)
      }
      expect(cable.near.closed.aborted).toBe(false)
      controls.silent(true)
      await clock.advance(silenceMs)
      expect(cable.near.closed.aborted).toBe(true)
    })

    test('refuses a different device on the same port', async () => {
      const { cable, clock, start } = thermometerBench(model)
      const refused = expect(start()).rejects.toMatchObject({ code: 'wrong-device' })
      await cable.far.write(Buffer.from('HELLO\r'))
      await clock.advance(5000)
      await refused
    })

    test('half a frame and then nothing is a different device too', async () => {
      const { cable, clock, start } = thermometerBench(model)
      const refused = expect(start()).rejects.toMatchObject({ code: 'wrong-device' })
      await cable.far.write(model.noise)
      await clock.advance(5000)
      await refused
    })

    test('says that nothing answers when nothing does', async () => {
      const { start, clock } = thermometerBench(model)
      await expect(clock.until(start())).rejects.toMatchObject({ code: 'timeout' })
    })

    test.each(['unplug', 'close'] as const)(
      '%s while the greeting waits: the start fails with the reason',
      async (how) => {
        const { cable, clock, start } = thermometerBench(model)
        const code = how === 'close' ? 'link-closed' : 'link-lost'
        const starting = expect(start()).rejects.toMatchObject({ code })
        await clock.advance(10)
        if (how === 'unplug') cable.unplug()
        else await cable.near.close()
        await clock.advance(0)
        await starting
      },
    )

    test.each(['unplug', 'close'] as const)('stops without a word after %s in the middle', async (how) => {
      const { samples, clock, cable } = await started()
      await clock.advance(2005)
      if (how === 'unplug') cable.unplug()
      else await cable.near.close()
      const before = samples.length
      await clock.advance(10_000)
      expect(samples.length).toBe(before)
    })

    test('unplugged and plugged in again, the module is read as before', async () => {
      const first = await started()
      first.controls.setSkin({ bodyCentiCelsius: 3680 })
      first.cable.unplug()
      const again = thermometerBench(model, first.clock)
      first.simulator.attach(again.cable.far)
      await first.clock.until(again.start())
      await first.clock.advance(3000)
      expect(again.samples.length).toBeGreaterThanOrEqual(5)
      expect(Math.abs((again.samples.at(-1)?.bodyCentiCelsius ?? 0) - 3680)).toBeLessThanOrEqual(3)
    })
  })
}
