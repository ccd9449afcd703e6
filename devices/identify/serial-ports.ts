import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { usbIdentity } from '../link/usb-access.ts'
import { namesIn, realPathOf, textOf } from './files.ts'
import type { UsbDescription } from './found.ts'
import type { PortRoots } from './roots.ts'
import { type SeenPort, usbLabel } from './seen.ts'
import { usbAbove } from './usb-tree.ts'

/** Serial ports of the system's list, and whatever lies in the extra folders. */
export async function serialPorts(roots: PortRoots): Promise<SeenPort[]> {
  const [system, ...extra] = await Promise.all([systemPorts(roots), ...roots.extra.map(portsIn)])
  return [...system, ...extra.flat()]
}

interface Terminal {
  readonly name: string
  readonly usb: UsbDescription | undefined
}

async function systemPorts(roots: PortRoots): Promise<SeenPort[]> {
  const [names, byPath, byId] = await Promise.all([
    namesIn(join(roots.sys, 'class/tty')),
    linksIn(join(roots.dev, 'serial/by-path')),
    linksIn(join(roots.dev, 'serial/by-id')),
  ])
  const terminals = (await Promise.all(names.map((name) => terminal(roots, name)))).filter(
    (each) => each !== undefined,
  )
  return Promise.all(
    terminals.map(async ({ name, usb }) => {
      const node = join(roots.dev, name)
      const real = (await realPathOf(node)) ?? node
      const socket = shortest(byPath.get(real))
      const serial = shortest(byId.get(real))
      const ordered = usb && isTellingNumber(usb, terminals) ? [serial, socket] : [socket, serial]
      const known = [...ordered, node].filter((path) => path !== undefined)
      return {
        id: `serial:${baseOf(known[0] ?? node)}`,
        transport: 'serial',
        path: known[0] ?? node,
        node,
        names: known,
        label: usb ? usbLabel(usb, usbIdentity(usb)) : `serial port ${name}`,
        ...(usb && { usb }),
      } satisfies SeenPort
    }),
  )
}

/** A real port; undefined for consoles, and for the many names a PC keeps for ports it does not have. */
async function terminal(roots: PortRoots, name: string): Promise<Terminal | undefined> {
  if (/^(rfcomm|ttyGS|hvc)\d/.test(name)) return undefined
  const folder = join(roots.sys, 'class/tty', name)
  const device = await realPathOf(join(folder, 'device'))
  if (device === undefined) return undefined
  if (/^ttyS\d/.test(name)) {
    // Not everybody may read what the chip is; then the place tells: ports that nobody announced hang on "platform".
    const chip = await textOf(join(folder, 'type'))
    if (chip === '0' || (chip === undefined && device.includes('/platform/serial8250'))) return undefined
  }
  return { name, usb: await usbAbove(roots, device) }
}

/** Numbers that whole production runs share. */
const placeholders = /^(0*1?|0+|123456\d*|f+)$/i

/**
 * Whether the serial number tells this adapter from every other, in any socket. CH340 and PL2303 have none; where it is
 * missing or shared, only the socket is a name that lasts.
 */
function isTellingNumber({ serialNumber }: UsbDescription, all: readonly Terminal[]): boolean {
  if (serialNumber === undefined || placeholders.test(serialNumber)) return false
  const sockets = new Set(all.flatMap(({ usb }) => (usb?.serialNumber === serialNumber ? [usb.socket] : [])))
  return sockets.size === 1
}

/** By where they lead, the symbolic links of a folder. */
async function linksIn(folder: string): Promise<Map<string, string[]>> {
  const links = new Map<string, string[]>()
  for (const name of await namesIn(folder)) {
    const real = await realPathOf(join(folder, name))
    if (real) links.set(real, [...(links.get(real) ?? []), join(folder, name)])
  }
  return links
}

/** Newer systems give the same socket a second name with more in it; the old one is there on every system. */
const shortest = (paths: readonly string[] = []) =>
  paths.toSorted((left, right) => left.length - right.length)[0]

async function portsIn(folder: string): Promise<SeenPort[]> {
  const ports = await Promise.all(
    (await namesIn(folder)).map(async (name): Promise<SeenPort | undefined> => {
      const path = join(folder, name)
      const facts = await stat(path).catch(() => undefined)
      if (!facts?.isCharacterDevice()) return undefined
      const node = (await realPathOf(path)) ?? path
      const names = [...new Set([path, node])]
      return { id: `serial:${path}`, transport: 'serial', path, node, names, label: `port ${name}` }
    }),
  )
  return ports.filter((port) => port !== undefined)
}

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
