import { describe, expect, test } from 'vitest'
import type { UsbOptions } from '../../devices/link/link.ts'
import { openUsb, type UsbDevice } from '../../devices/link/usb.ts'

const never = new AbortController().signal
const wanted: UsbOptions = { type: 'usb', vendorId: 0x0400, productId: 0xc35a }

const bulk = (endpointNumber: number, direction: 'in' | 'out') => ({
  endpointNumber,
  direction,
  type: 'bulk',
  packetSize: 64,
})
const interrupt = { endpointNumber: 9, direction: 'in' as const, type: 'interrupt', packetSize: 8 }
const configuration = {
  configurationValue: 1,
  interfaces: [
    { interfaceNumber: 0, alternates: [{ endpoints: [interrupt] }] },
    { interfaceNumber: 1, alternates: [{ endpoints: [bulk(2, 'out'), bulk(1, 'in')] }] },
  ],
}

function device(overrides: Partial<UsbDevice> = {}) {
  const calls: string[] = []
  const call = (name: string) => async (value?: number) => {
    calls.push(value === undefined ? name : `${name} ${value}`)
  }
  const made: UsbDevice = {
    vendorId: 0x0400,
    productId: 0xc35a,
    serialNumber: 'A',
    configurations: [configuration],
    configuration: null,
    open: call('open'),
    close: call('close'),
    selectConfiguration: call('configuration'),
    claimInterface: call('claim'),
    detachKernelDriver: call('detach'),
    async transferOut(endpoint, data, timeoutMs) {
      calls.push(`out ${endpoint} ${Buffer.from(data).toString('hex')} ${timeoutMs}`)
      return { status: 'ok' }
    },
    async transferIn(endpoint, length, timeoutMs) {
      calls.push(`in ${endpoint} ${length} ${timeoutMs}`)
      return { status: 'ok', data: new DataView(Uint8Array.of(1, 2, 3, 4, 5).buffer) }
    },
    ...overrides,
  }
  return { calls, made, load: async () => ({ list: async () => [made] }) }
}

describe('Opening a USB device', () => {
  test('claims the first interface with bulk pipes, taken from its own description', async () => {
    const { load, calls } = device()
    const link = await openUsb(wanted, never, load)
    expect(calls).toEqual(['open', 'configuration 1', 'detach 1', 'claim 1'])
    expect(link.endpoints).toEqual({ in: [1], out: [2] })
    expect(link.name).toBe('usb 0400:c35a')
    await link.close()
    await link.close()
    expect(calls.slice(4)).toEqual(['close'])
  })

  test('leaves a configuration alone that the system has selected', async () => {
    const { load, calls } = device({
      configuration,
      detachKernelDriver: () => Promise.reject(new Error('no kernel driver attached')),
    })
    await openUsb(wanted, never, load)
    expect(calls).toEqual(['open', 'claim 1'])
  })

  test('says that it is not plugged in, also where there is no USB at all', async () => {
    const { load } = device()
    const expected = { code: 'not-found', message: expect.stringContaining('no such device') }
    await expect(openUsb({ ...wanted, productId: 1 }, never, load)).rejects.toMatchObject(expected)
    await expect(openUsb({ ...wanted, serialNumber: 'B' }, never, load)).rejects.toMatchObject(expected)
    const none = async () => ({
      list: () => Promise.reject(new Error('getDevices error: /sys/bus/usb/devices/ not found (errno 2)')),
    })
    await expect(openUsb(wanted, never, none)).rejects.toMatchObject(expected)
  })

  test.each([
    ['failed to open device (errno 13)', 'no-permission', 'ATTR{idVendor}=="0400", ATTR{idProduct}=="c35a"'],
    ['failed to claim interface (errno 16)', 'port-busy', 'another program'],
    ['failed to open device (errno 5)', 'open-failed', 'errno 5'],
  ])('"%s" is told as %s', async (message, code, words) => {
    const { load, calls } = device({ claimInterface: () => Promise.reject(new Error(message)) })
    await expect(openUsb(wanted, never, load)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    })
    expect(calls.at(-1)).toBe('close')
  })

  test('names the package to install when a library of the system is missing', async () => {
    const fails = () => Promise.reject(new Error('libudev.so.1: cannot open shared object file'))
    await expect(openUsb(wanted, never, fails)).rejects.toMatchObject({
      code: 'open-failed',
      message: expect.stringContaining('apt install libudev1'),
    })
  })

  test('refuses a device without bulk pipes', async () => {
    const { load } = device({ configurations: [{ configurationValue: 1, interfaces: [] }] })
    await expect(openUsb(wanted, never, load)).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('gives up with the reason given, and leaves nothing open', async () => {
    const reason = new Error('the agent stops')
    const stopping = new AbortController()
    const { load, calls } = device({ claimInterface: async () => stopping.abort(reason) })
    await expect(openUsb(wanted, stopping.signal, load)).rejects.toBe(reason)
    expect(calls.at(-1)).toBe('close')
    await expect(openUsb(wanted, AbortSignal.abort(reason), load)).rejects.toBe(reason)
  })
})

describe('A USB link', () => {
  test('asks for whole packets and keeps what was not asked for', async () => {
    const { load, calls } = device()
    const link = await openUsb(wanted, never, load)
    expect([...(await link.transferIn(1, 3, 500))]).toEqual([1, 2, 3])
    expect([...(await link.transferIn(1, 65, 500))]).toEqual([4, 5])
    expect([...(await link.transferIn(1, 65, 500))]).toEqual([1, 2, 3, 4, 5])
    await link.transferOut(2, Uint8Array.of(0xaa), 400)
    expect(calls.slice(4)).toEqual(['in 1 64 500', 'in 1 128 500', 'out 2 aa 400'])
    await expect(link.transferIn(2, 1, 1)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(link.transferOut(1, Uint8Array.of(1), 1)).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('a transfer that took too long is no end of the link; a device that is gone is', async () => {
    let message = 'transferIn error: transfer was cancelled'
    const { load, calls } = device({ transferIn: () => Promise.reject(new Error(message)) })
    const link = await openUsb(wanted, never, load)
    await expect(link.transferIn(1, 1, 10)).rejects.toMatchObject({ code: 'timeout' })
    expect(link.closed.aborted).toBe(false)
    message = 'transferIn error: device disconnected'
    await expect(link.transferIn(1, 1, 10)).rejects.toMatchObject({ code: 'link-lost' })
    expect(link.closed.reason).toMatchObject({ code: 'link-lost' })
    expect(calls.at(-1)).toBe('close')
    await expect(link.transferOut(2, Uint8Array.of(1), 10)).rejects.toMatchObject({ code: 'link-lost' })
  })

  test('closing ends a transfer that waits', async () => {
    const { load } = device({ transferIn: () => new Promise(() => {}) })
    const link = await openUsb(wanted, never, load)
    const waiting = expect(link.transferIn(1, 1, 10)).rejects.toMatchObject({ code: 'link-closed' })
    await link.close()
    await waiting
  })

  test('what the device refuses is told as refused', async () => {
    const { load } = device({ transferOut: async () => ({ status: 'stall' }) })
    const link = await openUsb(wanted, never, load)
    await expect(link.transferOut(2, Uint8Array.of(1), 10)).rejects.toMatchObject({ code: 'refused' })
  })
})
