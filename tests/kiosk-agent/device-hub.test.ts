import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { type Driver, defineDriver, definePerJobDriver } from '../../devices/driver.ts'
import { DeviceError, type DeviceErrorCode } from '../../devices/errors.ts'
import type { AnyLink, StreamLink, StreamOptions } from '../../devices/link/link.ts'
import { type MemoryLink, memoryLink } from '../../devices/link/memory.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import { type ConfiguredDevice, configureDevice } from '../../devices/registry.ts'
import { simulateDevice } from '../../kiosk-agent/bench/simulated-devices.ts'
import { type HubDevice, type HubOptions, startDeviceHub } from '../../kiosk-agent/device-hub.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

type Start = Parameters<typeof defineDriver<'code-scanner', unknown>>[0]['start']

const serial: StreamOptions = { type: 'serial', path: 'memory', baudRate: 9600 }
const tcp: StreamOptions = { type: 'tcp', host: '127.0.0.1', port: 9100 }

function scanner(start: Start = async () => ({ suppressed: () => 0 })): ConfiguredDevice {
  const facts = { id: 'test-scanner', kind: 'code-scanner', label: 'Test', connection: 'kept' } as const
  const driver = defineDriver({
    ...facts,
    linkKind: 'stream',
    options: z.unknown(),
    link: () => serial,
    start,
  })
  return { id: 'scanner', driver: driver as unknown as Driver, options: {} }
}

/** A hub with one device, on cables that the test pulls. */
function hubBench(devices: readonly ConfiguredDevice[], overrides: Partial<HubOptions> = {}) {
  const clock: FakeClock = fakeClock()
  const cables: MemoryLink[] = []
  const states: HubDevice[] = []
  const logged: string[] = []
  const port = { plugged: true }
  const hub = startDeviceHub({
    devices,
    async openLink(id) {
      if (!port.plugged) throw new DeviceError('not-found', `${id}: no such port`)
      const cable = memoryLink()
      cables.push(cable)
      return cable.near
    },
    clock,
    log: (message) => logged.push(message),
    onEvent: () => {},
    onState: (state) => states.push(state),
    ...overrides,
  })
  onTestFinished(() => clock.until(hub.close()))
  const open = () => cables.filter(({ near }) => !near.closed.aborted)
  return { clock, cables, states, logged, port, hub, open, names: () => states.map(({ state }) => state) }
}

describe('The device hub', () => {
  test('hands a driver the kind of link it needs, and refuses every other kind', async () => {
    const given: string[] = []
    const driver = defineDriver({
      id: 'test-hid',
      kind: 'code-scanner',
      label: 'Test',
      connection: 'kept',
      linkKind: 'report',
      options: z.unknown(),
      link: () => ({ type: 'hid', vendorId: 1, productId: 2 }),
      async start({ link }) {
        given.push(link.kind)
        return { suppressed: () => 0 }
      },
    })
    const device = { id: 'scanner', driver: driver as unknown as Driver, options: {} }
    const right = hubBench([device], { openLink: async () => memoryReportLink({}).near })
    await right.clock.advance(10)
    expect([given, right.names()]).toEqual([['report'], ['online']])

    const opened = memoryLink()
    const wrong = hubBench([device], { openLink: async () => opened.near })
    await wrong.clock.advance(10)
    expect(wrong.states.at(-1)).toMatchObject({ state: 'offline', error: { code: 'bad-config' } })
    expect([given, opened.near.closed.aborted]).toEqual([['report'], true])
  })

  test('connects the real driver of every kind to its simulator', async () => {
    const options = { path: 'simulated' }
    const configured = await Promise.all([
      configureDevice({ id: 'reader', driver: 'sam-serial', options }),
      configureDevice({ id: 'scanner', driver: 'line-scanner', options }),
      configureDevice({ id: 'heat', driver: 'gy-614v', options }),
      configureDevice({ id: 'gate', driver: 'modbus-relay', options }),
    ])
    const simulated = await Promise.all(configured.map((device) => simulateDevice(device)))
    const openLink = async (id: string): Promise<AnyLink> => {
      const device = simulated.find((each) => each.id === id)
      if (!device) throw new Error('unknown')
      return device.open()
    }
    const { clock, hub, states } = hubBench(configured, { openLink })
    await clock.advance(5000)
    expect(hub.devices.map(({ state }) => state)).toEqual(['online', 'online', 'online', 'online'])
    expect(hub.commands('gate')?.seesPassage).toBe(true)
    simulated[3]?.setPlugged(false)
    await clock.advance(10)
    expect(states.at(-1)).toMatchObject({ id: 'gate', state: 'powerOff', error: { code: 'link-lost' } })
    expect(hub.commands('gate')).toBeUndefined()
  })

  test.each<[DeviceErrorCode, string]>([
    ['wrong-device', 'hardwareError'],
    ['bad-answer', 'hardwareError'],
    ['out-of-service', 'hardwareError'],
    ['timeout', 'powerOff'],
    ['no-permission', 'offline'],
    ['port-busy', 'offline'],
    ['fire', 'offline'],
  ])('calls a device whose greeting fails with "%s" %s, and leaves no link open', async (code, state) => {
    const bench = hubBench([scanner(() => Promise.reject(new DeviceError(code, 'no')))])
    await bench.clock.advance(10_000)
    expect(bench.names()).toEqual([state])
    expect(bench.cables.length).toBeGreaterThan(3)
    expect(bench.open()).toEqual([])
    expect(bench.hub.commands('code-scanner')).toBeUndefined()
  })

  test('replaces what changed and leaves the connections of all other devices alone', async () => {
    const cables = new Map<string, MemoryLink>()
    let ending: () => void = () => {}
    const slowEnd = new Promise<void>((resolve) => {
      ending = resolve
    })
    const bench = hubBench(
      [
        { ...scanner(), id: 'stays' },
        { ...scanner(), id: 'goes' },
      ],
      {
        async openLink(id) {
          const cable = memoryLink(id)
          cables.set(id, cable)
          // A port that takes its time to close: nobody else may have it before.
          if (id !== 'goes') return cable.near
          return { ...cable.near, close: () => slowEnd.then(() => cable.near.close()) }
        },
      },
    )
    await bench.clock.advance(10)
    const [stays] = bench.hub.configured
    const commands = bench.hub.commandsOf('stays')?.commands
    const link = cables.get('stays')
    const added = { ...scanner(), id: 'comes' }
    const replaced = bench.hub.configure([added, ...(stays ? [stays] : [])])
    await bench.clock.advance(10)
    expect([cables.has('comes'), bench.hub.commandsOf('goes')]).toEqual([false, undefined])
    ending()
    await bench.clock.until(replaced)
    await bench.clock.advance(10)
    expect(bench.hub.devices.map(({ id, state }) => [id, state])).toEqual([
      ['comes', 'online'],
      ['stays', 'online'],
    ])
    expect(bench.hub.commandsOf('stays')?.commands).toBe(commands)
    expect([cables.get('stays') === link, link?.near.closed.aborted]).toEqual([true, false])
    expect(cables.get('goes')?.near.closed.aborted).toBe(true)
    expect(bench.hub.commands('code-scanner')).toBe(bench.hub.commandsOf('comes')?.commands)
  })

  test('tells a driver how often it was not reached, so that it can try another baud rate, and keeps what worked', async () => {
    const rates: number[] = []
    const attempts: (number | undefined)[] = []
    const start: Start = async ({ signal }) => {
      signal.throwIfAborted()
      if ((attempts.at(-1) ?? 0) % 3 !== 2) throw new DeviceError('wrong-device', 'garbage')
      return { suppressed: () => 0 }
    }
    const device = scanner(start)
    const link = (_options: unknown, attempt?: number): StreamOptions => {
      attempts.push(attempt)
      return { type: 'serial', path: 'memory', baudRate: 1200 * (1 + (attempt ?? 0)) }
    }
    const cables: MemoryLink[] = []
    const { clock, names } = hubBench([{ ...device, driver: { ...device.driver, link } }], {
      openLink: async (_id, options) => {
        rates.push('baudRate' in options ? options.baudRate : 0)
        const cable = memoryLink()
        cables.push(cable)
        return cable.near
      },
    })
    await clock.advance(5000)
    expect([rates, names().at(-1)]).toEqual([[1200, 2400, 3600], 'online'])
    cables.at(-1)?.unplug()
    await clock.advance(5000)
    expect(rates.slice(3)).toEqual([3600])
  })

  test('waits longer and longer, but a device is usable within 5 s of being plugged in', async () => {
    const tries: number[] = []
    const port = { plugged: false }
    const clock = fakeClock()
    const { hub, names } = hubBench([scanner()], {
      clock,
      openLink: async () => {
        tries.push(clock.monotonic())
        if (!port.plugged) throw new DeviceError('not-found', 'no such port')
        return memoryLink().near
      },
    })
    await clock.advance(60_000)
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    expect(waits.slice(0, 6)).toEqual([100, 200, 400, 800, 1600, 1600])
    expect(Math.max(...waits)).toBe(1600)
    port.plugged = true
    await clock.advance(5000)
    expect(hub.devices[0]?.state).toBe('online')
    expect(names()).toEqual(['powerOff', 'online'])
  })

  test('comes back at once after a long connection, and slowly when the device only flaps', async () => {
    const { clock, cables, names } = hubBench([scanner()])
    await clock.advance(10_000)
    cables.at(-1)?.unplug()
    await clock.advance(101)
    expect(names()).toEqual(['online', 'powerOff', 'online'])
    for (let second = 0; second < 600; second++) {
      cables.at(-1)?.unplug()
      await clock.advance(100)
    }
    // Two states a connection: one every 1.6 s or so, not one every 0.1 s.
    expect(names().length).toBeLessThan(100)
  })

  test('gives each connection its own commands, and none to a device that is away', async () => {
    const { clock, cables, hub } = hubBench([scanner()])
    await clock.advance(10_000)
    const first = hub.commands('code-scanner')
    expect(first).toBeDefined()
    expect(hub.commands('code-scanner')).toBe(first)
    cables[0]?.unplug()
    await clock.advance(1)
    expect(hub.commands('code-scanner')).toBeUndefined()
    await clock.advance(200)
    expect(hub.commands('code-scanner')).toBeDefined()
    expect(hub.commands('code-scanner')).not.toBe(first)
  })

  test('notices a link that was over before the driver began to read', async () => {
    const { clock, names } = hubBench([scanner()], {
      async openLink() {
        const { near, unplug } = memoryLink()
        unplug()
        return near
      },
    })
    await clock.advance(50)
    expect(names()).toEqual(['powerOff'])
  })

  test('ends a greeting that never ends after 10 s, and tries again', async () => {
    const { clock, cables, open, states } = hubBench([scanner(() => new Promise(() => {}))])
    await clock.advance(9999)
    expect(cables).toHaveLength(1)
    expect(states).toEqual([])
    await clock.advance(200)
    expect(states[0]).toMatchObject({ state: 'powerOff', error: { code: 'timeout' } })
    expect(cables).toHaveLength(2)
    expect(open()).toHaveLength(1)
  })

  test.each(['opens late', 'never opens', 'is greeted'])(
    'closes while a device %s, and leaves no link open',
    async (when) => {
      const cable = memoryLink()
      let opened = () => {}
      const { clock, hub } = hubBench([scanner(() => new Promise(() => {}))], {
        async openLink(_id, _options, signal) {
          if (when === 'opens late') await new Promise<void>((resolve) => (opened = resolve))
          if (when === 'never opens')
            await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          return cable.near
        },
      })
      await clock.advance(10)
      const closed = hub.close()
      await clock.until(closed)
      opened()
      await clock.advance(10)
      if (when === 'never opens') expect(hub.devices[0]?.state).toBe('starting')
      else expect(cable.near.closed.aborted).toBe(true)
      expect(hub.commands('code-scanner')).toBeUndefined()
    },
  )

  test('outlives listeners that throw, and drops events of a connection that is over', async () => {
    let emit = () => {}
    let seen = 0
    const device = scanner(async (session) => {
      emit = () => session.emit({ type: 'code', bytes: new Uint8Array([1]) })
      return { suppressed: () => 0 }
    })
    const { clock, cables, hub, logged } = hubBench([device], {
      onEvent() {
        seen++
        throw new Error('a bug of the listener')
      },
      onState() {
        throw new Error('another bug')
      },
    })
    await clock.advance(10)
    emit()
    emit()
    expect(seen).toBe(2)
    expect(hub.devices[0]?.state).toBe('online')
    expect(cables).toHaveLength(1)
    expect(logged.join()).toContain('its event was not taken')
    const old = emit
    cables[0]?.unplug()
    await clock.advance(10)
    old()
    expect(seen).toBe(2)
  })
})

type UseLink = <Result>(job: (link: StreamLink) => Promise<Result>) => Promise<Result>

/** A printer's driver that only hands out its link. */
async function perJob(link: StreamOptions) {
  let useLink: UseLink | undefined
  const driver = definePerJobDriver({
    id: 'test-printer',
    kind: 'receipt-printer',
    label: 'Test',
    connection: 'per-job',
    linkKind: 'stream',
    options: z.unknown(),
    link: () => link,
    async start(session) {
      useLink = session.useLink
      return {
        check: async () => ({ paper: 'full', cover: 'closed' }),
        print: async () => ({ outcome: 'printed', paperLow: false }),
      }
    },
  })
  const bench = hubBench([{ id: 'printer', driver: driver as unknown as Driver, options: {} }])
  await bench.clock.advance(1)
  const use: UseLink = (job) => {
    if (!useLink) throw new Error('not started')
    return useLink(job)
  }
  return { ...bench, use }
}

describe('A device that is opened for each job', () => {
  test('opens and closes a network connection for every job, one job at a time', async () => {
    const { clock, cables, open, use } = await perJob(tcp)
    expect(cables).toHaveLength(0)
    let running = 0
    const job = async () => {
      expect(++running).toBe(1)
      expect(open()).toHaveLength(1)
      await clock.sleep(100)
      running--
    }
    const failing = use(() => Promise.reject(new Error('jam')))
    await Promise.all([
      expect(failing).rejects.toThrow('jam'),
      clock.until(Promise.all([use(job), use(job), use(job)])),
    ])
    expect(cables).toHaveLength(4)
    expect(open()).toEqual([])
  })

  test('keeps a serial line open between jobs, and starts anew when it is pulled', async () => {
    const { clock, cables, open, use, names } = await perJob(serial)
    const used = await Promise.all([use(async (link) => link), use(async (link) => link)])
    expect(used[0]).toBe(used[1])
    expect(open()).toHaveLength(1)
    cables[0]?.unplug()
    await clock.advance(500)
    expect(names()).toEqual(['online', 'powerOff', 'online'])
  })

  test('may find the printer at the next job that was away at this one', async () => {
    for (const link of [tcp, serial]) {
      const { port, use } = await perJob(link)
      port.plugged = false
      await expect(use(async () => 1)).rejects.toMatchObject({ code: 'not-found' })
      port.plugged = true
      expect(await use(async () => 2)).toBe(2)
    }
  })

  test('closes the connection of a job that is running when the agent stops, and begins no other', async () => {
    const { clock, open, hub, use } = await perJob(tcp)
    const hanging = use((link) => new Promise((_, reject) => link.closed.addEventListener('abort', reject)))
    hanging.catch(() => {})
    await clock.advance(10)
    expect(open()).toHaveLength(1)
    await clock.until(hub.close())
    expect(open()).toEqual([])
    await expect(use(async () => 1)).rejects.toMatchObject({ code: 'link-closed' })
  })
})

describe('The registry', () => {
  test('names the driver or the option that is wrong', async () => {
    await expect(configureDevice({ id: 'gate', driver: 'toString', options: {} })).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('known are sam-serial'),
    })
    await expect(
      configureDevice({ id: 'gate', driver: 'modbus-relay', options: { path: 'x', relay: 9 } }),
    ).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('relay') })
  })

  test('says why a board that would leave a gate open is not driven, and what to use', async () => {
    await expect(
      configureDevice({ id: 'gate', driver: 'dcttech-hid-relay', options: {} }),
    ).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('use lcus-relay') })
  })
})
