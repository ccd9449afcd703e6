import { describe, expect, test } from 'vitest'
import type { Commands, DeviceEvent } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { type MemoryLink, memoryLink } from '../../devices/link/memory.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

export interface GateSimulation {
  readonly clock: Clock
  readonly relayLeftOn?: boolean
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
  readonly paceBaud?: number
  /** What becomes of pulses. */
  pulseFault?(): 'none' | 'lost-request' | 'lost-answer' | 'garbled-answer' | 'stuck'
}

/** One model as the contract tries it. */
export interface GateModel<Options> {
  readonly name: string
  readonly driver: {
    readonly options: { parse(settings: unknown): Options }
    start(session: {
      link: StreamLink
      options: Options
      signal: AbortSignal
      clock: Clock
      log(): void
      emit(event: DeviceEvent<'gate'>): void
    }): Promise<Commands<'gate'>>
  }
  readonly settings: Record<string, unknown>
  simulate(options: GateSimulation): Simulator<GateControls>
  /** Whether these written bytes, in hex, open the gate. */
  opens(written: string): boolean
  /** Whether the board answers. One that does not can prove nothing and notice nothing. */
  readonly answers: boolean
  readonly noise: Uint8Array
}

export interface GateBench extends MemoryLink {
  readonly clock: FakeClock
  readonly events: DeviceEvent<'gate'>[]
  /** Everything the driver wrote, in hex. */
  readonly writes: string[]
  start(): Promise<Commands<'gate'>>
  opensWritten(): number
}

export function gateCable<Options>(
  model: Pick<GateModel<Options>, 'driver' | 'settings' | 'opens'>,
  clock: FakeClock = fakeClock(),
): GateBench {
  const { near, far, unplug } = memoryLink()
  const events: DeviceEvent<'gate'>[] = []
  const writes: string[] = []
  const link: StreamLink = {
    kind: near.kind,
    name: near.name,
    bytes: near.bytes,
    closed: near.closed,
    close: () => near.close(),
    write(bytes) {
      writes.push(Buffer.from(bytes).toString('hex'))
      return near.write(bytes)
    },
  }
  const start = () =>
    model.driver.start({
      link,
      options: model.driver.options.parse(model.settings),
      signal: near.closed,
      clock,
      log: () => {},
      emit: (event) => events.push(event),
    })
  return {
    near,
    far,
    unplug,
    clock,
    events,
    writes,
    start,
    opensWritten: () => writes.filter(model.opens).length,
  }
}

/** An order that is good for a while. */
const soon = (clock: FakeClock, ms = 5000) => ({ notAfter: clock.monotonic() + ms })

/** What every gate promises, run on each model with its simulator. */
export function gateContract<Options>(model: GateModel<Options>) {
  const proven = model.answers ? 'confirmed' : 'unconfirmed'

  async function started(device: Omit<GateSimulation, 'clock'> = {}) {
    const table = gateCable(model)
    const simulator = model.simulate({ clock: table.clock, ...device })
    simulator.attach(table.far)
    const gate = await table.clock.until(table.start())
    return Object.assign(table, { gate, simulator, controls: simulator.controls })
  }

  describe(`a gate (${model.name})`, () => {
    test('opens nothing at the start and while it waits', async () => {
      const { clock, controls, opensWritten } = await started()
      await clock.advance(20_000)
      expect([opensWritten(), controls.pulses, controls.relayOn]).toEqual([0, 0, false])
    })

    test('opens by one pulse that the board ends by itself', async () => {
      const { gate, clock, controls, opensWritten, near } = await started()
      const at = clock.monotonic()
      expect(await clock.until(gate.open(soon(clock)))).toEqual({ outcome: proven, writtenAt: at })
      expect([opensWritten(), controls.pulses, controls.relayOn]).toEqual([1, 1, true])
      await near.close()
      await clock.advance(10_000)
      expect([controls.pulses, controls.relayOn]).toEqual([1, false])
    })

    test('says what this gate can see', async () => {
      const { gate, clock, controls, events } = await started()
      controls.walkThrough()
      await clock.advance(1000)
      controls.setFire(true)
      await clock.advance(1000)
      expect(events.some(({ type }) => type === 'passed')).toBe(gate.seesPassage)
      expect(events.some(({ type }) => type === 'fire')).toBe(gate.seesFire)
      expect(gate.fire()).toBe(gate.seesFire)
    })

    test('tells that something stays in the passage, once, and when it is clear; somebody slow is no obstacle', async () => {
      const { gate, clock, controls, events } = await started()
      const held = () => events.filter(({ type }) => type === 'held')
      controls.block(true)
      await clock.advance(8000)
      expect(held()).toEqual([])
      await clock.advance(20_000)
      controls.block(false)
      await clock.advance(1000)
      const both = [
        { type: 'held', active: true },
        { type: 'held', active: false },
      ]
      expect(held()).toEqual(gate.seesPassage ? both : [])
      expect(events.filter(({ type }) => type === 'passed')).toHaveLength(gate.seesPassage ? 1 : 0)
    })

    test('a command whose time is over sends not a byte', async () => {
      const { gate, clock, writes } = await started()
      const before = writes.length
      await expect(gate.open({ notAfter: clock.monotonic() - 1 })).rejects.toMatchObject({ code: 'expired' })
      expect(writes.length).toBe(before)
    })

    test('two commands make two pulses, one after the other', async () => {
      const { gate, clock, controls } = await started()
      const both = Promise.all([gate.open(soon(clock)), gate.open(soon(clock))])
      expect(await clock.until(both)).toHaveLength(2)
      expect(controls.pulses).toBe(2)
    })

    test('a pulse that got lost is not confirmed and never sent again', async () => {
      const { gate, clock, controls, opensWritten } = await started({ pulseFault: () => 'lost-request' })
      expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
      await clock.advance(20_000)
      expect([controls.pulses, opensWritten()]).toEqual([0, 1])
    })

    test('the cable pulled right after the bytes went out: it may have opened, so it is unconfirmed', async () => {
      const { gate, clock, controls, unplug } = await started({ pulseFault: () => 'lost-answer' })
      const opening = gate.open(soon(clock))
      await clock.advance(0)
      expect(controls.pulses).toBe(1)
      unplug()
      expect(await clock.until(opening)).toMatchObject({ outcome: 'unconfirmed' })
    })

    test.each(['unplug', 'close'] as const)(
      'after %s a command fails and not a byte is sent',
      async (how) => {
        const { gate, clock, near, unplug, writes } = await started()
        if (how === 'unplug') unplug()
        else await near.close()
        const before = writes.length
        const code = how === 'close' ? 'link-closed' : 'link-lost'
        await expect(gate.open(soon(clock))).rejects.toMatchObject({ code })
        await clock.advance(10_000)
        expect(writes.length).toBe(before)
      },
    )

    test.each(['unplug', 'close'] as const)(
      '%s in the middle of the start: it fails with the reason',
      async (how) => {
        const table = gateCable(model)
        const code = how === 'close' ? 'link-closed' : 'link-lost'
        const failed = expect(table.start()).rejects.toMatchObject({ code })
        await table.clock.advance(100)
        if (how === 'unplug') table.unplug()
        else await table.near.close()
        await table.clock.advance(0)
        await failed
        expect(table.opensWritten()).toBe(0)
      },
    )

    test('plugged in again, nothing of an old command arrives and nothing opens', async () => {
      const { gate, clock, controls, simulator, unplug } = await started()
      controls.silent(true)
      const opening = gate.open(soon(clock, 1000)).catch(() => {})
      await clock.advance(0)
      unplug()
      await clock.until(opening)
      controls.silent(false)
      await clock.advance(3000)
      const again = gateCable(model, clock)
      simulator.attach(again.far)
      await clock.until(again.start())
      await clock.advance(10_000)
      expect([controls.pulses, again.opensWritten()]).toEqual([0, 0])
    })

    test('refuses a device that speaks by itself on this port, and writes nothing that opens', async () => {
      const table = gateCable(model)
      const refused = expect(table.start()).rejects.toMatchObject({ code: 'wrong-device' })
      await table.far.write(Buffer.from('a40307075f0d6109ce0e4eb5', 'hex'))
      await table.clock.advance(5000)
      await refused
      expect(table.opensWritten()).toBe(0)
    })

    if (model.answers) answeringGate(model, started)
  })
}

type Started = (
  device?: Omit<GateSimulation, 'clock'>,
) => Promise<GateBench & { gate: Commands<'gate'>; controls: GateControls }>

function answeringGate<Options>(model: GateModel<Options>, started: Started) {
  test('switches a relay off that was left on', async () => {
    const { controls, clock, gate, opensWritten } = await started({ relayLeftOn: true })
    expect([controls.relayOn, opensWritten()]).toEqual([false, 0])
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test('opens through line noise and in pieces', async () => {
    const { gate, clock } = await started({ noise: model.noise, pieceBytes: 2, paceBaud: 9600 })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test.each(['stuck', 'garbled-answer'] as const)('a pulse that is %s is sent once', async (fault) => {
    const { gate, clock, opensWritten } = await started({ pulseFault: () => fault })
    const { outcome } = await clock.until(gate.open(soon(clock)))
    if (fault === 'stuck') expect(outcome).toBe('unconfirmed')
    await clock.advance(5000)
    expect(opensWritten()).toBe(1)
  })

  test('says that nothing answers when nothing does', async () => {
    const table = gateCable(model)
    await expect(table.clock.until(table.start())).rejects.toMatchObject({ code: 'timeout' })
    expect(table.opensWritten()).toBe(0)
  })

  test('a board gone silent is noticed within three seconds, and a command that waits for it expires', async () => {
    const { gate, clock, controls, near, opensWritten } = await started()
    controls.silent(true)
    await clock.advance(400)
    await expect(clock.until(gate.open(soon(clock, 10)))).rejects.toMatchObject({
      code: expect.stringMatching(/expired|fire/),
    })
    await clock.advance(3000)
    expect([near.closed.aborted, opensWritten()]).toEqual([true, 0])
  })

  test('a board that answers late is never taken for one that opened', async () => {
    for (const delayMs of [100, 240, 260, 400, 560, 900, 1500]) {
      const { gate, clock, controls, near } = await started({ pulseFault: () => 'stuck' })
      controls.answerDelayMs = delayMs
      for (let turn = 0; turn < 4 && !near.closed.aborted; turn++) {
        const opening = gate.open(soon(clock)).then(
          ({ outcome }) => outcome,
          () => 'not sent',
        )
        await clock.advance(333)
        controls.answerDelayMs = turn % 2 ? delayMs : 0
        expect(await clock.until(opening)).not.toBe('confirmed')
      }
      await near.close()
    }
  })
}
