import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Commands } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import type { AnyLink } from '../../devices/link/link.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { type ConfiguredDevice, configureDevice, type ModelId } from '../../devices/registry.ts'
import {
  type PluggableDevice,
  type SimulatedDevice,
  simulateDevice,
} from '../../kiosk-agent/bench/simulated-devices.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { type DeviceHub, startDeviceHub } from '../../kiosk-agent/device-hub.ts'
import { openFiles } from '../devices/link-contract.ts'
import { seededRandom } from '../kiosk-agent/support/random.ts'
import { modelSettings } from '../support/model-settings.ts'

/** All cycles of all devices together; `npm run torture` sets it. */
const cycles = Number(process.env.UNPLUG_CYCLES ?? 100)
const seed = Number(process.env.PROPERTY_SEED ?? 1)

/** Pseudo-terminals, TCP and HTTP are real; for USB there is only memory. */
const models: readonly ModelId[] = [
  ...([
    'sam-serial',
    'newland',
    'gy-614v',
    'gy-90614',
    'modbus-relay',
    'lcus-relay',
    'modbus-io',
    'escpos',
  ] as const),
  ...(['modbus-tcp-relay', 'hikvision-isapi'] as const),
  ...(['sam-usb', 'sam-hid', 'hid-pos', 'dcttech-hid-relay'] as const),
]

interface Plugged {
  readonly configured: ConfiguredDevice
  readonly device: PluggableDevice
  open(signal: AbortSignal): Promise<AnyLink>
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** `copy` tells two of a model apart. */
async function plugged(model: ModelId, copy: number, folder: string): Promise<Plugged> {
  const path = join(folder, `${model}-${copy}`)
  const place: Partial<Record<ModelId, object>> = {
    escpos: { transport: { type: 'serial', path } },
    'modbus-tcp-relay': { host: '127.0.0.1', port: await freePort() },
    'hikvision-isapi': { host: '127.0.0.1', port: await freePort() },
  }
  const own = 'path' in modelSettings[model] ? { path } : (place[model] ?? {})
  const configured = await configureDevice({
    id: `${model}-${copy}`,
    driver: model,
    options: { ...modelSettings[model], ...own },
  })
  const address = configured.driver.link(configured.options)
  if (address.type === 'hid' || address.type === 'usb') {
    const device: SimulatedDevice = await simulateDevice(configured)
    return { configured, device, open: async () => device.open(), close: async () => {} }
  }
  const device = await simulateOnPort(configured, () => {})
  return { configured, device, open: (signal) => openLink(address, signal), close: () => device.close() }
}

type AnyCommands = Commands<'receipt-printer'> &
  Commands<'auxiliaries'> &
  Commands<'code-scanner'> &
  Commands<'gate'>

interface Supervised extends Plugged {
  readonly hub: DeviceHub
  /** A random number in [0, 1), the same ones for the same seed. */
  chance(): number
}

function supervised(plug: Plugged, index: number): Supervised {
  const hub = startDeviceHub({
    devices: [plug.configured],
    openLink: (_id, _options, signal) => plug.open(signal),
    clock: systemClock,
    log: () => {},
    onEvent: () => {},
    onState: () => {},
  })
  return { ...plug, hub, chance: seededRandom(seed * 1000 + index) }
}

/** Something is going on when the cable is pulled. What fails then fails for whoever asked. */
async function keepBusy({ configured: { driver }, device, hub }: Supervised): Promise<void> {
  if (driver.kind === 'thermometer')
    (device.simulator.controls as ThermometerControls).setSkin({ bodyCentiCelsius: 3650 })
  const commands = hub.commands(driver.kind) as Partial<AnyCommands> | undefined
  await commands?.open?.({ notAfter: systemClock.monotonic() + 1000 })
  await commands?.check?.()
  await commands?.trigger?.(true)
  for (const light of commands?.lights ?? []) await commands?.light?.(light, 'quick')
}

interface Times {
  readonly noticedMs: number[]
  readonly usableMs: number[]
}

/** Pulls one cable again and again, at any moment: while the device is greeted, while it works. */
async function cycle(plug: Supervised, count: number, times: Times): Promise<void> {
  const { device, hub, chance } = plug
  const isOnline = () => hub.devices[0]?.state === 'online'
  const becomes = (online: boolean) =>
    vi.waitFor(() => expect([device.id, isOnline()]).toEqual([device.id, online]), {
      timeout: 30_000,
      interval: 5,
    })
  const pulses = () => (device.simulator.controls as Partial<GateControls>).pulses

  await becomes(true)
  for (let done = 0; done < count; done++) {
    await sleep(chance() * 300)
    const busy = keepBusy(plug).catch(() => {})
    await sleep(chance() * 20)
    const pulledAt = performance.now()
    device.setPlugged(false)
    await becomes(false)
    times.noticedMs.push(performance.now() - pulledAt)
    await busy
    await sleep(chance() * 200)
    const pulsesBefore = pulses()
    device.setPlugged(true)
    // Every other time it is pulled once more before it is ready.
    if (chance() < 0.5) {
      await sleep(chance() * 400)
      device.setPlugged(false)
      await sleep(chance() * 50)
      device.setPlugged(true)
    }
    const pluggedAt = performance.now()
    await becomes(true)
    times.usableMs.push(performance.now() - pluggedAt)
    // An order of before the cable was out moves nothing now.
    expect([device.id, pulses()]).toEqual([device.id, pulsesBefore])
  }
}

describe('Cables pulled and plugged in again', () => {
  test(`${cycles} times at random moments: every device comes back, nothing stays open, no gate moves`, {
    timeout: 120_000 + cycles * 3000,
  }, async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-unplugged-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const before = openFiles()
    const two = models.flatMap((model) => [plugged(model, 1, folder), plugged(model, 2, folder)])
    const all = (await Promise.all(two)).map(supervised)
    const times: Times = { noticedMs: [], usableMs: [] }
    const share = (part: number) =>
      Math.floor(((part + 1) * cycles) / all.length) - Math.floor((part * cycles) / all.length)
    const everybody = (count: (part: number) => number) =>
      Promise.all(all.map((plug, part) => cycle(plug, count(part), times)))
    await everybody(() => 1)
    const inUse = openFiles()
    // A connection may just be asking something on another one.
    const jobs = 4
    await everybody((part) => Math.max(0, share(part) - 1))
    await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(inUse + jobs), { timeout: 10_000 })

    await Promise.all(all.map(({ hub }) => hub.close()))
    await Promise.all(all.map((each) => each.close()))
    await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(before), { timeout: 10_000 })
    expect(unhandled).toEqual([])
    if (process.env.UNPLUG_CYCLES) {
      report(times)
      process.stdout.write(`files open: ${before} before, ${inUse} in use, ${openFiles()} after\n`)
    }
  })
})

function report({ noticedMs, usableMs }: Times): void {
  const told = (name: string, values: number[], limitMs: number) => {
    const sorted = values.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
    const over = sorted.filter((value) => value > limitMs).length
    return `${name}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms; ${over} of ${sorted.length} over ${limitMs} ms\n`
  }
  process.stdout.write(told('unplug noticed', noticedMs, 2000) + told('replug usable', usableMs, 5000))
}
