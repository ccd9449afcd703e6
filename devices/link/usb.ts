/// <reference types="w3c-web-usb" />
import { asDeviceError, DeviceError } from '../errors.ts'
import { atMost, lifetime } from './lifetime.ts'
import type { PipesLink, UsbOptions } from './link.ts'
import { noPermission, notLoaded, notPluggedIn, usbIdentity } from './usb-access.ts'

/** A USB device, as much of the `usb` package (WebUSB) as a link uses. */
export interface UsbDevice {
  readonly vendorId: number
  readonly productId: number
  readonly serialNumber?: string | null | undefined
  readonly configurations: readonly UsbConfiguration[]
  readonly configuration?: UsbConfiguration | null | undefined
  open(): Promise<void>
  close(): Promise<void>
  selectConfiguration(value: number): Promise<void>
  claimInterface(number: number): Promise<void>
  detachKernelDriver(number: number): Promise<void>
  transferOut(
    endpoint: number,
    data: Uint8Array,
    timeoutMs: number,
  ): Promise<{ readonly status?: string | undefined }>
  transferIn(
    endpoint: number,
    length: number,
    timeoutMs: number,
  ): Promise<{ readonly status?: string | undefined; readonly data?: DataView | undefined }>
}

interface UsbConfiguration {
  readonly configurationValue: number
  readonly interfaces: readonly {
    readonly interfaceNumber: number
    readonly alternates: readonly { readonly endpoints: readonly UsbEndpoint[] }[]
  }[]
}

interface UsbEndpoint {
  readonly endpointNumber: number
  readonly direction: 'in' | 'out'
  readonly type: string
  readonly packetSize: number
}

/** The platform's USB devices. */
export interface UsbLibrary {
  list(): Promise<readonly UsbDevice[]>
}

const CLOSE_LIMIT_MS = 1000

/**
 * Opens the bulk pipes of one USB device: its first interface that has some. `signal` gives up the opening, not the link.
 * Rejects with `not-found`, `no-permission`, `port-busy`, `wrong-device` or `open-failed`.
 */
export async function openUsb(
  options: UsbOptions,
  signal: AbortSignal,
  library: () => Promise<UsbLibrary> = usbPackage,
): Promise<PipesLink> {
  signal.throwIfAborted()
  const name = `usb ${usbIdentity(options)}`
  const { list } = await library().catch((cause) => {
    throw notLoaded(name, cause)
  })
  const listed = await list().catch((cause) => {
    // A system without any USB bus has no list of its devices.
    throw /not found/.test(String(cause))
      ? notPluggedIn(name, options)
      : asDeviceError(cause, 'open-failed', name)
  })
  const device = listed.find((each) => isWanted(each, options))
  if (!device) throw notPluggedIn(name, options)
  try {
    const endpoints = await claimPipes(name, device)
    signal.throwIfAborted()
    return pipesLink(name, device, endpoints)
  } catch (error) {
    await atMost(CLOSE_LIMIT_MS, device.close())
    if (signal.aborted) throw signal.reason
    throw openError(name, options, error)
  }
}

function isWanted(device: UsbDevice, { vendorId, productId, serialNumber }: UsbOptions): boolean {
  return (
    device.vendorId === vendorId &&
    device.productId === productId &&
    (serialNumber === undefined || device.serialNumber === serialNumber)
  )
}

async function claimPipes(name: string, device: UsbDevice): Promise<readonly UsbEndpoint[]> {
  await device.open()
  const configuration = device.configuration ?? device.configurations[0]
  if (!configuration) throw new DeviceError('wrong-device', `${name}: it describes no configuration`)
  if (!device.configuration) await device.selectConfiguration(configuration.configurationValue)
  for (const { interfaceNumber, alternates } of configuration.interfaces) {
    const bulk = (alternates[0]?.endpoints ?? []).filter(({ type }) => type === 'bulk')
    if (bulk.length === 0) continue
    // Fails where no driver of the system holds the interface, which is what we want.
    await device.detachKernelDriver(interfaceNumber).catch(() => {})
    await device.claimInterface(interfaceNumber)
    return bulk
  }
  throw new DeviceError('wrong-device', `${name}: it has no bulk pipes; is this the right model?`)
}

function openError(name: string, options: UsbOptions, cause: unknown): DeviceError {
  const detail = String(cause)
  // The package tells the system's error number in its message alone.
  if (/errno 13\b|errno 1\b|permission|access denied/i.test(detail)) return noPermission(name, options, cause)
  if (/errno 16\b|busy/i.test(detail))
    return new DeviceError(
      'port-busy',
      `${name}: another program holds it, perhaps the maker's own software`,
      { cause },
    )
  return asDeviceError(cause, 'open-failed', `${name}: could not be opened`)
}

function pipesLink(name: string, device: UsbDevice, endpoints: readonly UsbEndpoint[]): PipesLink {
  const life = lifetime()
  const rests = new Map<number, Uint8Array>()
  let released: Promise<void> | undefined
  const close = () => {
    released = atMost(CLOSE_LIMIT_MS, device.close())
  }
  life.closed.addEventListener('abort', close, { once: true })
  const numbers = (wanted: 'in' | 'out') =>
    endpoints.filter(({ direction }) => direction === wanted).map(({ endpointNumber }) => endpointNumber)

  /** A transfer that ran out of time is told as cancelled; every other failure is the end of the device. */
  async function run<Answer extends { readonly status?: string | undefined }>(
    what: string,
    transfer: () => Promise<Answer>,
  ): Promise<Answer> {
    if (life.closed.aborted) throw life.closed.reason
    try {
      const answer = await life.orEnd(transfer())
      if (answer.status === undefined || answer.status === 'ok') return answer
    } catch (cause) {
      if (life.closed.aborted) throw life.closed.reason
      if (/cancel|time/i.test(String(cause)))
        throw new DeviceError('timeout', `${name}: ${what} took too long`, { cause })
      life.end(new DeviceError('link-lost', `${name}: lost; check cable and power`, { cause }))
      throw life.closed.reason
    }
    throw new DeviceError('refused', `${name}: ${what} was refused`)
  }

  function endpointOf(direction: 'in' | 'out', number: number): UsbEndpoint {
    const found = endpoints.find((each) => each.direction === direction && each.endpointNumber === number)
    if (!found) throw new DeviceError('unsupported', `${name}: no ${direction} endpoint ${number}`)
    return found
  }

  return {
    kind: 'pipes',
    name,
    endpoints: { in: numbers('in'), out: numbers('out') },
    closed: life.closed,
    async transferOut(endpoint, bytes, timeoutMs) {
      endpointOf('out', endpoint)
      await run(`sending to endpoint ${endpoint}`, () => device.transferOut(endpoint, bytes, timeoutMs))
    },
    async transferIn(endpoint, length, timeoutMs) {
      const { packetSize } = endpointOf('in', endpoint)
      let bytes = rests.get(endpoint)
      if (bytes === undefined) {
        // A request that ends within a packet loses the rest of it, and the system calls it an overflow.
        const whole = Math.max(1, Math.ceil(length / packetSize)) * packetSize
        const { data } = await run(`reading endpoint ${endpoint}`, () =>
          device.transferIn(endpoint, whole, timeoutMs),
        )
        bytes = data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array()
      }
      if (bytes.length > length) rests.set(endpoint, bytes.subarray(length))
      else rests.delete(endpoint)
      return Uint8Array.from(bytes.subarray(0, length))
    },
    async close() {
      life.end(new DeviceError('link-closed', `${name}: closed`))
      await released
    },
  }
}

async function usbPackage(): Promise<UsbLibrary> {
  const { usb } = await import('usb')
  return { list: () => usb.getDevices() }
}
