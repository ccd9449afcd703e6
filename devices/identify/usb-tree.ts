import { dirname, join } from 'node:path'
import { namesIn, realPathOf, textOf } from './files.ts'
import type { UsbDescription } from './found.ts'
import type { PortRoots } from './roots.ts'

/** One USB device as the system tells of it. */
export interface UsbNode {
  readonly description: UsbDescription
  /** Its device file below /dev/bus/usb. */
  readonly node: string
  /** Class of the device or of its interfaces: 07 printer, 09 hub, ff the maker's own. */
  readonly classes: readonly number[]
}

/** Every USB device but hubs. */
export async function usbDevices(roots: PortRoots): Promise<UsbNode[]> {
  const folder = join(roots.sys, 'bus/usb/devices')
  // An interface is in the same list: "1-1.2:1.0".
  const names = (await namesIn(folder)).filter((name) => !name.includes(':') && !name.startsWith('usb'))
  const nodes = await Promise.all(names.map((name) => usbNode(roots, join(folder, name))))
  return nodes.filter((node) => node !== undefined).filter(({ classes }) => !classes.includes(0x09))
}

/** The USB device that a folder of /sys belongs to; undefined for what is not on USB. */
export async function usbAbove(roots: PortRoots, path: string): Promise<UsbDescription | undefined> {
  const top = await realPathOf(roots.sys)
  let folder = await realPathOf(path)
  for (; top && folder?.startsWith(`${top}/`); folder = dirname(folder)) {
    const description = await describe(folder)
    if (description) return description
  }
  return undefined
}

async function usbNode(roots: PortRoots, folder: string): Promise<UsbNode | undefined> {
  const real = await realPathOf(folder)
  const description = real && (await describe(real))
  if (!description) return undefined
  const [bus, device, deviceClass, names] = await Promise.all([
    textOf(join(real, 'busnum')),
    textOf(join(real, 'devnum')),
    textOf(join(real, 'bDeviceClass')),
    namesIn(real),
  ])
  const interfaces = names.filter((name) => name.startsWith(`${description.socket}:`))
  const interfaceClasses = await Promise.all(
    interfaces.map((name) => textOf(join(real, name, 'bInterfaceClass'))),
  )
  return {
    description,
    node: join(roots.dev, 'bus/usb', threeDigits(bus), threeDigits(device)),
    classes: [deviceClass, ...interfaceClasses].flatMap((hex) =>
      hex === undefined ? [] : Number.parseInt(hex, 16),
    ),
  }
}

async function describe(folder: string): Promise<UsbDescription | undefined> {
  const [vendor, product] = await Promise.all([
    textOf(join(folder, 'idVendor')),
    textOf(join(folder, 'idProduct')),
  ])
  if (vendor === undefined || product === undefined) return undefined
  const [serialNumber, manufacturer, name] = await Promise.all(
    ['serial', 'manufacturer', 'product'].map(async (file) => shown(await textOf(join(folder, file)))),
  )
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    socket: folder.slice(folder.lastIndexOf('/') + 1),
    ...(serialNumber && { serialNumber }),
    ...(manufacturer && { manufacturer }),
    ...(name && { product: name }),
  }
}

const threeDigits = (number: string | undefined) => (number ?? '').padStart(3, '0')

/** What a device says of itself is put on screens and into terminals: nothing in it may steer them. */
export function shown(text: string | undefined): string | undefined {
  const clean = text?.replace(/[\p{C}]/gu, '').trim()
  return clean?.slice(0, 80) || undefined
}
