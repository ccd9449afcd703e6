import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { type HidLibrary, openHid } from '../../devices/link/hid.ts'
import type { HidOptions } from '../../devices/link/link.ts'

const never = new AbortController().signal
const wanted: HidOptions = { type: 'hid', vendorId: 0x1eab, productId: 0x1d10 }
const numberedLayout = Uint8Array.of(0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x85, 0x02, 0xc0)
const plainLayout = Uint8Array.of(0x06, 0x00, 0xff, 0x27, 0x85, 0x85, 0x85, 0x85, 0xa1, 0x01, 0xc0)

/** One device of a library that is made of memory. */
function library(overrides: Partial<HidLibrary> = {}) {
  const events = new EventEmitter()
  const written: string[] = []
  const opened: string[] = []
  let closed = 0
  const take = (kind: string) => async (report: number[] | Buffer) => {
    written.push(`${kind} ${Buffer.from(report).toString('hex')}`)
    return report.length
  }
  const device = Object.assign(events, {
    write: take('output'),
    sendFeatureReport: take('feature'),
    getFeatureReport: async (id: number, length: number) => Buffer.alloc(length, id),
    async close() {
      closed++
    },
  })
  const listed = { vendorId: 0x1eab, productId: 0x1d10, release: 1, interface: 0 }
  const made: HidLibrary = {
    list: async () => [
      { ...listed, path: '/dev/hidraw0', usagePage: 1, usage: 6, serialNumber: 'A' },
      { ...listed, path: '/dev/hidraw1', usagePage: 0x8c, usage: 2, serialNumber: 'B' },
    ],
    allowed: async () => {},
    async open(path) {
      opened.push(path)
      return device
    },
    descriptor: async () => numberedLayout,
    ...overrides,
  }
  return { events, written, opened, closed: () => closed, load: async () => made }
}

async function collect(reports: AsyncIterable<Uint8Array>) {
  const found: string[] = []
  for await (const report of reports) found.push(Buffer.from(report).toString('hex'))
  return found
}

describe('Opening a HID device', () => {
  test.each([
    [{}, '/dev/hidraw0'],
    [{ usagePage: 0x8c, usage: 2 }, '/dev/hidraw1'],
    [{ serialNumber: 'B' }, '/dev/hidraw1'],
  ])('takes the one that was asked for: %j', async (more, path) => {
    const { load, opened } = library()
    const link = await openHid({ ...wanted, ...more }, never, load)
    expect(opened).toEqual([path])
    expect(link.name).toBe('hid 1eab:1d10')
    await link.close()
  })

  test.each([{ serialNumber: 'C' }, { usagePage: 0x8c, usage: 3 }])(
    'says that it is not plugged in: %j',
    async (more) => {
      const { load } = library()
      await expect(openHid({ ...wanted, ...more }, never, load)).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('1eab:1d10'),
      })
    },
  )

  test.each([
    ['libusb-1.0.so.0: cannot open shared object file: No such file or directory', 'libusb-1.0-0'],
    ['libudev.so.1: cannot open shared object file: No such file or directory', 'libudev1'],
  ])('names the package to install when the loader says: %s', async (message, debian) => {
    const fails = () => Promise.reject(new Error(message))
    const expected = { code: 'open-failed', message: expect.stringContaining(`apt install ${debian}"`) }
    await expect(openHid(wanted, never, fails)).rejects.toMatchObject(expected)
    const { load } = library({ list: fails })
    await expect(openHid(wanted, never, load)).rejects.toMatchObject(expected)
  })

  test('found but not permitted: gives the udev rule, and opens nothing', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
    const { load, opened } = library({ allowed: denied })
    await expect(openHid(wanted, never, load)).rejects.toMatchObject({
      code: 'no-permission',
      message: expect.stringContaining(
        'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="1eab", ATTRS{idProduct}=="1d10"',
      ),
    })
    expect(opened).toEqual([])
  })

  test('gives up with the reason given, and leaves nothing open', async () => {
    const reason = new Error('the agent stops')
    const stopping = new AbortController()
    const { load, closed } = library({
      descriptor: async () => {
        stopping.abort(reason)
        return undefined
      },
    })
    await expect(openHid(wanted, stopping.signal, load)).rejects.toBe(reason)
    expect(closed()).toBe(1)
    await expect(openHid(wanted, AbortSignal.abort(reason), load)).rejects.toBe(reason)
  })
})

describe('A HID link', () => {
  test('puts the report id 0 before reports of a device that does not number them', async () => {
    const plain = library({ descriptor: async () => plainLayout })
    const untold = library({ descriptor: async () => undefined })
    const numbered = library()
    const links = await Promise.all([
      openHid(wanted, never, plain.load),
      openHid({ ...wanted, numberedReports: false }, never, untold.load),
      openHid(wanted, never, numbered.load),
    ])
    for (const { events } of [plain, untold, numbered]) events.emit('data', Buffer.of(2, 7))
    for (const link of links) await link.close()
    expect(await Promise.all(links.map(({ reports }) => collect(reports)))).toEqual([
      ['000207'],
      ['000207'],
      ['0207'],
    ])
  })

  test('carries output and feature reports, and tells what the device refuses', async () => {
    const { load, written } = library()
    const link = await openHid(wanted, never, load)
    expect(link.descriptor).toEqual(numberedLayout)
    await link.writeOutput(Uint8Array.of(4, 1))
    await link.sendFeature(Uint8Array.of(0xfe, 1))
    expect(written).toEqual(['output 0401', 'feature fe01'])
    expect([...(await link.getFeature(5, 3))]).toEqual([5, 5, 5])
    await link.close()
    await expect(link.writeOutput(Uint8Array.of(4))).rejects.toMatchObject({ code: 'link-closed' })
    await expect(link.getFeature(5, 3)).rejects.toMatchObject({ code: 'link-closed' })
  })

  test('notices that the cable was pulled, once, and lets go of the device', async () => {
    const { load, events, closed } = library()
    const link = await openHid(wanted, never, load)
    events.emit('error', new Error('could not read from HID device'))
    events.emit('error', new Error('could not read from HID device'))
    expect(link.closed.reason).toMatchObject({ code: 'link-lost' })
    expect(await collect(link.reports)).toEqual([])
    await link.close()
    expect(closed()).toBe(1)
  })
})
