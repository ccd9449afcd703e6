import { describe, expect, test, vi } from 'vitest'
import type { KeptDriver } from '../../devices/driver.ts'
import type { DeviceEvent } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import { isLinkKind } from '../../devices/link/link.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateDevice } from '../../kiosk-agent/bench/simulated-devices.ts'
import { startDeviceHub } from '../../kiosk-agent/device-hub.ts'
import { streamOf } from '../support/stream-only.ts'

/** Starts a configured model against its own simulator, as a simulated terminal does. */
async function simulated(driver: string, options: Record<string, unknown>) {
  const configured = await configureDevice({ id: 'device', driver, options: { path: 'x', ...options } })
  const device = await simulateDevice(configured)
  const link = streamOf(device.open())
  const events: DeviceEvent[] = []
  await (configured.driver as KeptDriver<'code-scanner', unknown>).start({
    link,
    options: configured.options,
    signal: link.closed,
    clock: systemClock,
    log: () => {},
    emit: (event) => events.push(event),
  })
  return { device, events, link }
}

describe('In a simulated terminal', () => {
  test.each([
    ['line-scanner', {}],
    ['vguang', {}],
    ['newland', { terminator: 'crlf' }],
    ['zebra-ssi', {}],
    ['honeywell', { stxEtx: true }],
    ['gm65', { prefix: '7e' }],
    ['example-framed-scanner', {}],
  ])('a %s is set up as its driver is, and reads', async (driver, options) => {
    const shapes = driver.startsWith('example') ? options : { aimId: true, ...options }
    const { device, events, link } = await simulated(driver, shapes)
    const controls = device.simulator.controls as ScannerControls
    await controls.show('YKMDEMO:1')
    await vi.waitFor(() => expect(events).toHaveLength(1))
    const [event] = events
    expect(event).toMatchObject({ type: 'code', ...('aimId' in shapes ? { aim: ']Q1' } : {}) })
    expect(Buffer.from(event?.type === 'code' ? event.bytes : []).toString()).toBe('YKMDEMO:1')
    await link.close()
  })

  test('a described thermometer measures', async () => {
    const { device, events, link } = await simulated('example-polled-thermometer', {})
    const controls = device.simulator.controls as ThermometerControls
    controls.setSkin({ bodyCentiCelsius: 3650 })
    const bodies = () =>
      events.map((event) => (event.type === 'temperature' ? event.sample.bodyCentiCelsius : 0))
    await vi.waitFor(() => expect(Math.abs((bodies().at(-1) ?? 0) - 3650)).toBeLessThanOrEqual(3))
    await link.close()
  })

  test('a driver that nobody wrote and nobody described is named, with all that are known', async () => {
    const unknown = configureDevice({ id: 'scanner', driver: 'nobodys', options: {} })
    await expect(unknown).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringMatching(/"nobodys"; known are .*vguang.*example-framed-scanner/),
    })
  })

  test('a hid-pos is read over reports, and its cable missed', async () => {
    const options = { device: '0c2e:0b6a', commands: 'honeywell' }
    const configured = await configureDevice({ id: 'device', driver: 'hid-pos', options })
    const device = await simulateDevice(configured)
    const link = device.open()
    if (!isLinkKind(link, 'report')) throw new Error(`a ${link.kind} link`)
    const events: DeviceEvent[] = []
    const model = configured.driver as unknown as KeptDriver<'code-scanner', unknown, 'report'>
    await model.start({
      link,
      options: configured.options,
      signal: link.closed,
      clock: systemClock,
      log: () => {},
      emit: (event) => events.push(event),
    })
    await (device.simulator.controls as ScannerControls).show('YKMDEMO:'.padEnd(300, '1'))
    await vi.waitFor(() => expect(events).toHaveLength(1))
    device.setPlugged(false)
    expect(link.closed.reason).toMatchObject({ code: 'link-lost' })
    expect(() => device.open()).toThrow(expect.objectContaining({ code: 'not-found' }))
  })

  test.each([
    ['sam-usb', {}],
    ['sam-hid', { device: '0103:6066', vendorCommand: 98 }],
  ])('a %s is brought online by the hub, and its cable missed', async (driver, options) => {
    const configured = await configureDevice({ id: 'reader', driver, options })
    const device = await simulateDevice(configured)
    const states: string[] = []
    const hub = startDeviceHub({
      devices: [configured],
      openLink: async () => device.open(),
      clock: systemClock,
      log: () => {},
      onEvent: () => {},
      onState: ({ state }) => states.push(state),
    })
    await vi.waitFor(() => expect(states).toEqual(['online']))
    expect(hub.commands('id-card-reader')?.samNumber).toBe('05.03-20240101-0001234567-0987654321')
    device.setPlugged(false)
    await vi.waitFor(() => expect(states).toEqual(['online', 'powerOff']))
    await hub.close()
  })
})
