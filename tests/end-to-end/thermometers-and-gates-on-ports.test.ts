import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { KeptDriver } from '../../devices/driver.ts'
import type { Commands, DeviceEvent, Kind } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { AuxiliariesControls } from '../../devices/lib/simulated-auxiliaries.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { type KindEvent, startDeviceHub } from '../../kiosk-agent/device-hub.ts'
import { streamOf } from '../support/stream-only.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-ports-'))
})
afterAll(() => rm(folder, { recursive: true }))

const estimate = { offsetCentiCelsius: 230 }
const thermometers: [string, Record<string, unknown>][] = [
  ['gy-90614', { estimate }],
  ['gy-mcu90640', { estimate, warmUpMs: 0 }],
  ['lu90614', { declaredAmbientCentiCelsius: 2400 }],
  ['modbus-infrared', { map: { object: { register: 0 }, ambient: { register: 1 } }, estimate }],
]
const gates: [string, Record<string, unknown>, 'confirmed' | 'unconfirmed'][] = [
  ['modbus-relay', {}, 'confirmed'],
  ['lcus-relay', {}, 'confirmed'],
  ['tripod-serial', { portConfirmed: true }, 'unconfirmed'],
  ['modbus-tcp-relay', {}, 'confirmed'],
]

/** A simulated device on a port of this machine, and its driver on the same port. */
async function connected<K extends Kind>(driver: string, settings: Record<string, unknown>) {
  const place =
    driver === 'modbus-tcp-relay'
      ? { host: '127.0.0.1', port: await freePort() }
      : { path: join(folder, driver) }
  const configured = await configureDevice({ id: driver, driver, options: { ...place, ...settings } })
  const device = await simulateOnPort(configured, () => {})
  onTestFinished(() => device.close())
  const link = streamOf(
    await openLink(configured.driver.link(configured.options), new AbortController().signal),
  )
  const events: DeviceEvent<K>[] = []
  const model = configured.driver as unknown as KeptDriver<K, unknown>
  const commands: Commands<K> = await model.start({
    link,
    options: configured.options,
    signal: link.closed,
    clock: systemClock,
    log: () => {},
    emit: (event) => events.push(event),
  })
  async function unplug() {
    device.setPlugged(false)
    await vi.waitFor(() => expect(link.closed.aborted).toBe(true), { timeout: 5000 })
  }
  return { commands, events, unplug, controls: device.simulator.controls }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

describe('On a real port', () => {
  test.each(thermometers)('a %s is greeted and read, and its cable missed', async (driver, settings) => {
    const { events, controls, unplug } = await connected<'thermometer'>(driver, settings)
    ;(controls as ThermometerControls).setSkin({ bodyCentiCelsius: 3660, rawCentiCelsius: 3430 })
    await vi.waitFor(
      () => {
        const last = events.findLast((event) => event.type === 'temperature')
        expect(Math.abs((last?.sample.bodyCentiCelsius ?? 0) - 3660)).toBeLessThanOrEqual(3)
      },
      { timeout: 5000 },
    )
    await unplug()
  })

  test.each(gates)('a gate on %s opens once, and its cable is missed', async (driver, settings, outcome) => {
    const { commands, controls, unplug } = await connected<'gate'>(driver, settings)
    const gate = controls as GateControls
    const pulse = await commands.open({ notAfter: systemClock.monotonic() + 1000 })
    expect(pulse.outcome).toBe(outcome)
    await vi.waitFor(() => expect(gate.pulses).toBe(1))
    await unplug()
    await expect(commands.open({ notAfter: systemClock.monotonic() + 1000 })).rejects.toMatchObject({
      code: 'link-lost',
    })
    expect(gate.pulses).toBe(1)
  })

  test('sensors and lights on modbus-io are told and lit', async () => {
    const { commands, events, controls, unplug } = await connected<'auxiliaries'>('modbus-io', {
      inputs: { presence: { input: 3 } },
      lights: { 'id-card-reader': 1 },
    })
    const around = controls as AuxiliariesControls
    around.setPresence(true)
    await vi.waitFor(() => expect(events.at(-1)).toEqual({ type: 'presence', present: true }), {
      timeout: 5000,
    })
    await commands.light('id-card-reader', 'continuous')
    expect(around.isLit('id-card-reader')).toBe(true)
    await unplug()
  })

  test('a Hikvision camera is reached by the hub with its login, read, and missed; a wrong password is tried once', async () => {
    const port = await freePort()
    const settings = { host: '127.0.0.1', port, username: 'hall', declaredAmbientCentiCelsius: 2400 }
    const camera = (id: string, password: string) =>
      configureDevice({ id, driver: 'hikvision-isapi', options: { ...settings, password } })
    const [right, wrong] = await Promise.all([camera('heat', 'right'), camera('other', 'wrong')])
    const device = await simulateOnPort(right, () => {})
    onTestFinished(() => device.close())
    const controls = device.simulator.controls as ThermometerControls
    const seen: KindEvent[] = []
    const errors: string[] = []
    const hub = startDeviceHub({
      devices: [right, wrong],
      openLink: (_id, options, signal) => openLink(options, signal),
      clock: systemClock,
      log: () => {},
      onEvent: (event) => seen.push(event),
      onState: ({ id, error }) => errors.push(`${id} ${error?.code}`),
    })
    onTestFinished(() => hub.close())
    controls.setSkin({ bodyCentiCelsius: 3660 })
    const state = (id: string) => hub.devices.find((each) => each.id === id)?.state
    await vi.waitFor(
      () =>
        expect(seen).toContainEqual(
          expect.objectContaining({ event: expect.objectContaining({ type: 'temperature' }) }),
        ),
      { timeout: 8000 },
    )
    expect([state('heat'), state('other')]).toEqual(['online', 'offline'])
    expect(errors).toContain('other no-permission')
    device.setPlugged(false)
    await vi.waitFor(() => expect(state('heat')).toBe('powerOff'), { timeout: 5000 })
    device.setPlugged(true)
    await vi.waitFor(() => expect(state('heat')).toBe('online'), { timeout: 8000 })
  })
})
