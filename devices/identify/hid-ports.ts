import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { topUsages } from '../lib/hid-items.ts'
import { usbIdentity } from '../link/usb-access.ts'
import { namesIn, realPathOf, textOf } from './files.ts'
import type { HidUsage } from './found.ts'
import type { PortRoots } from './roots.ts'
import { type SeenPort, usbLabel } from './seen.ts'
import { shown, usbAbove } from './usb-tree.ts'

/** HID devices on USB, one for each interface: a scan head may be a scanner and a keyboard as well. */
export async function hidPorts(roots: PortRoots): Promise<SeenPort[]> {
  const folder = join(roots.sys, 'class/hidraw')
  const ports = await Promise.all((await namesIn(folder)).map((name) => hidPort(roots, name)))
  return ports.filter((port) => port !== undefined)
}

async function hidPort(roots: PortRoots, name: string): Promise<SeenPort | undefined> {
  const device = join(roots.sys, 'class/hidraw', name, 'device')
  const [usb, real = ''] = await Promise.all([usbAbove(roots, device), realPathOf(device)])
  if (!usb) return undefined
  // "1-1.2:1.0", as the system counts interfaces: one device may have two that say the same of themselves.
  const [place = usb.socket] = real.split('/').filter((part) => /^\d+-[\d.]+:\d+\.\d+$/.test(part))
  const [descriptor, facts] = await Promise.all([
    readFile(join(device, 'report_descriptor')).catch(() => new Uint8Array()),
    textOf(join(device, 'uevent')),
  ])
  const hid = topUsages(descriptor)
  const product = usb.product ?? shown(facts?.match(/^HID_NAME=(.*)$/m)?.[1])
  const described = { ...usb, ...(product && { product }) }
  const node = join(roots.dev, name)
  return {
    id: `hid:${place}:${hid.map(usageWord).join('+') || name}`,
    transport: 'hid',
    path: usbIdentity(usb),
    node,
    names: [usbIdentity(usb), node],
    label: usbLabel(described, usbIdentity(usb)),
    usb: described,
    hid,
  }
}

/** "8c02": page and usage as the tables print them. */
const usageWord = ({ usagePage, usage }: HidUsage) =>
  `${usagePage.toString(16).padStart(2, '0')}${usage.toString(16).padStart(2, '0')}`
