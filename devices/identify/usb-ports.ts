import { join } from 'node:path'
import { usbIdentity } from '../link/usb-access.ts'
import { namesIn, textOf } from './files.ts'
import { isSerialAdapter, printerClass, samIdentity } from './known-usb.ts'
import type { PortRoots } from './roots.ts'
import { type SeenPort, usbLabel } from './seen.ts'
import { shown, type UsbNode, usbAbove } from './usb-tree.ts'

/** Device files of USB printers. */
export async function printerFiles(roots: PortRoots): Promise<SeenPort[]> {
  const folder = join(roots.sys, 'class/usbmisc')
  const names = (await namesIn(folder)).filter((name) => /^lp\d+$/.test(name))
  return Promise.all(
    names.map(async (name) => {
      const device = join(folder, name, 'device')
      const [usb, id] = await Promise.all([usbAbove(roots, device), textOf(join(device, 'ieee1284_id'))])
      const node = join(roots.dev, 'usb', name)
      const printer = shown(id)
      return {
        id: `file:${usb ? usb.socket : name}`,
        transport: 'file',
        path: node,
        node,
        names: [node],
        label: usb ? usbLabel(usb, usbIdentity(usb)) : `printer ${name}`,
        ...(usb && { usb }),
        ...(printer && { printer }),
      } satisfies SeenPort
    }),
  )
}

/** USB devices that the system itself gave no port: read by their pipes, or waiting for something that is missing. */
export function barePorts(all: readonly UsbNode[], taken: readonly SeenPort[]): SeenPort[] {
  const sockets = new Set(taken.map(({ usb }) => usb?.socket))
  return all
    .filter(({ description }) => !sockets.has(description.socket))
    .filter(
      ({ description, classes }) =>
        usbIdentity(description) === samIdentity ||
        isSerialAdapter(description) ||
        classes.includes(printerClass),
    )
    .map(({ description, node }) => ({
      id: `usb:${description.socket}:${usbIdentity(description)}`,
      transport: 'usb',
      path: usbIdentity(description),
      node,
      names: [usbIdentity(description), node],
      label: usbLabel(description, usbIdentity(description)),
      usb: description,
    }))
}
