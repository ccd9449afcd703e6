import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Device, HIDAsync } from 'node-hid'
import { asDeviceError, DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { atMost, lifetime } from './lifetime.ts'
import type { HidOptions, HidTexts, ReportLink } from './link.ts'
import { noPermission, notLoaded, notPluggedIn, usbIdentity } from './usb-access.ts'

/** An open HID device, as much of `node-hid` as a link uses. Byte 0 of what is written is the report id. */
export interface HidDevice
  extends Pick<HIDAsync, 'write' | 'sendFeatureReport' | 'getFeatureReport' | 'close'> {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
}

/** The platform's HID devices. */
export interface HidLibrary {
  list(vendorId: number, productId: number): Promise<readonly Device[]>
  /** Rejects with the code EACCES where this user may not use the device. */
  allowed(path: string): Promise<void>
  open(path: string): Promise<HidDevice>
  /** The report descriptor, where the platform tells it. */
  descriptor(path: string): Promise<Uint8Array | undefined>
}

const CLOSE_LIMIT_MS = 1000

/**
 * Opens one collection of one HID device. `signal` gives up the opening, not the link. Rejects with `not-found`,
 * `no-permission`, or `open-failed` that names what to install.
 */
export async function openHid(
  options: HidOptions,
  signal: AbortSignal,
  library: () => Promise<HidLibrary> = nodeHid,
): Promise<ReportLink> {
  signal.throwIfAborted()
  const name = `hid ${usbIdentity(options)}`
  const { list, allowed, open, descriptor } = await library().catch((cause) => {
    throw notLoaded(name, cause)
  })
  const listed = await list(options.vendorId, options.productId).catch((cause) => {
    throw notLoaded(name, cause)
  })
  const wanted = listed.filter((device) => isWanted(device, options))
  const found = wanted.find(({ manufacturer }) => manufacturer === options.manufacturer) ?? wanted[0]
  if (found?.path === undefined) throw notPluggedIn(name, options)
  await allowed(found.path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EACCES' || cause.code === 'EPERM'
      ? noPermission(name, options, cause)
      : asDeviceError(cause, 'open-failed', name)
  })
  const layout = await descriptor(found.path)
  const device = await open(found.path).catch((cause) => {
    throw asDeviceError(cause, 'open-failed', `${name}: could not be opened`)
  })
  const link = hidLink(name, device, {
    texts: { manufacturer: found.manufacturer, product: found.product },
    layout,
    numbered: layout ? isNumbered(layout) : (options.numberedReports ?? true),
  })
  if (signal.aborted) {
    await link.close()
    throw signal.reason
  }
  return link
}

function isWanted(device: Device, { serialNumber, usagePage, usage }: HidOptions): boolean {
  return (
    (serialNumber === undefined || device.serialNumber === serialNumber) &&
    (usagePage === undefined || device.usagePage === usagePage) &&
    (usage === undefined || device.usage === usage)
  )
}

interface Found {
  readonly texts: HidTexts
  readonly layout: Uint8Array | undefined
  /** Whether the device puts a report id before its reports; one that has a single report does not. */
  readonly numbered: boolean
}

function hidLink(name: string, device: HidDevice, { texts, layout, numbered }: Found): ReportLink {
  const queue = new ByteQueue()
  const life = lifetime()
  let released: Promise<void> | undefined
  const lost = (cause: unknown) => {
    life.end(new DeviceError('link-lost', `${name}: lost; check cable and power`, { cause }))
  }
  life.closed.addEventListener(
    'abort',
    () => {
      queue.end()
      released = atMost(CLOSE_LIMIT_MS, device.close())
    },
    { once: true },
  )
  device.on('error', lost)
  // A device that is being read notices that its cable is gone, so this listener stays for good.
  device.on('data', (report: Uint8Array) =>
    queue.push(numbered ? Uint8Array.from(report) : Uint8Array.of(0, ...report)),
  )

  async function write(act: () => Promise<number>): Promise<void> {
    if (life.closed.aborted) throw life.closed.reason
    await life.orEnd(act()).catch((cause) => {
      throw asDeviceError(cause, 'refused', `${name}: the report was not taken`)
    })
  }

  return {
    kind: 'report',
    name,
    texts,
    descriptor: layout,
    closed: life.closed,
    reports: queue,
    writeOutput: (report) => write(() => device.write(Buffer.from(report))),
    sendFeature: (report) => write(() => device.sendFeatureReport(Buffer.from(report))),
    async getFeature(reportId, length) {
      if (life.closed.aborted) throw life.closed.reason
      const report = await life.orEnd(device.getFeatureReport(reportId, length)).catch((cause) => {
        throw asDeviceError(cause, 'refused', `${name}: report ${reportId} was not given`)
      })
      return Uint8Array.from(report)
    },
    async close() {
      life.end(new DeviceError('link-closed', `${name}: closed`))
      await released
    },
  }
}

/** Whether any report id item (prefix 85) stands in a report descriptor (HID 1.11, section 6.2.2). */
function isNumbered(descriptor: Uint8Array): boolean {
  const sizes = [0, 1, 2, 4]
  for (let at = 0; at < descriptor.length; ) {
    const prefix = descriptor[at] ?? 0
    if ((prefix & 0xfc) === 0x84) return true
    at += prefix === 0xfe ? 3 + (descriptor[at + 1] ?? 0) : 1 + (sizes[prefix & 3] ?? 0)
  }
  return false
}

/** node-hid on Linux's hidraw, on Windows and on macOS. */
async function nodeHid(): Promise<HidLibrary> {
  const { default: hid } = await import('node-hid')
  const isLinux = process.platform === 'linux'
  // The other way on Linux takes the device away from the system's keyboard driver.
  if (isLinux) hid.setDriverType('hidraw')
  return {
    list: (vendorId, productId) => hid.devicesAsync(vendorId, productId),
    allowed: async (path) => {
      if (isLinux) await access(path, constants.R_OK | constants.W_OK)
    },
    open: (path) => hid.HIDAsync.open(path),
    async descriptor(path) {
      if (!isLinux) return undefined
      const file = `/sys/class/hidraw/${basename(path)}/device/report_descriptor`
      return readFile(file).catch(() => undefined)
    },
  }
}
