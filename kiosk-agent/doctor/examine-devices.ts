import { dirname, join, resolve } from 'node:path'
import type { TerminalSettings } from '../../config/schemas/terminal.ts'
import { asDeviceError } from '../../devices/errors.ts'
import { realPathOf } from '../../devices/identify/files.ts'
import type { FoundPort } from '../../devices/identify/found.ts'
import { permissionOf } from '../../devices/identify/permission.ts'
import { type PortRoots, userName } from '../../devices/identify/roots.ts'
import { installRules, readUdevRules } from '../../devices/identify/udev.ts'
import type { LinkOptions } from '../../devices/link/link.ts'
import { usbIdentity } from '../../devices/link/usb-access.ts'
import { configureDevice } from '../../devices/registry.ts'
import { type Finding, fault, note, ok } from './finding.ts'

export interface Surroundings {
  readonly ports: readonly FoundPort[]
  readonly roots: PortRoots
  /** The folder below which the configuration's absolute paths lie. */
  readonly root: string
}

type StreamPath = Extract<LinkOptions, { type: 'serial' | 'file' }>

export interface ExaminedDevices {
  readonly findings: readonly Finding[]
  /** What the terminal's devices are reached over. */
  readonly transports: readonly LinkOptions['type'][]
  /** Ids of the listed ports on which they hang. */
  readonly used: ReadonlySet<string>
}

/** Whether each configured device can be what the settings say, and is where they say. */
export async function examineDevices(
  terminal: TerminalSettings,
  surroundings: Surroundings,
): Promise<ExaminedDevices> {
  const findings: Finding[] = []
  const transports: LinkOptions['type'][] = []
  const used = new Set<string>()
  for (const device of terminal.devices) {
    try {
      const { driver, options } = await configureDevice(device)
      const link = driver.link(options)
      transports.push(link.type)
      const port = await portOf(link, surroundings)
      if (port) used.add(port.id)
      findings.push(
        terminal.simulated ? ok(device.id, 'simulated') : await examineDevice(device.id, link, surroundings),
      )
    } catch (error) {
      findings.push(fault(device.id, asDeviceError(error, 'bad-config', device.id).message))
    }
  }
  if (!terminal.simulated) findings.push(...(await examineRules(transports, surroundings.roots)))
  return { findings, transports, used }
}

/** Folders of the configured ports that are not in the system's list, as those of simulated devices. */
export async function portFolders(terminal: TerminalSettings, root: string): Promise<string[]> {
  const folders = new Set<string>()
  for (const device of terminal.simulated ? [] : terminal.devices) {
    const configured = await configureDevice(device).catch(() => undefined)
    const link = configured?.driver.link(configured.options)
    if (link?.type === 'serial' && !link.path.startsWith('/dev/'))
      folders.add(dirname(below(root, link.path)))
  }
  return [...folders]
}

/** The listed port that a link leads to. */
async function portOf(link: LinkOptions, { ports, root }: Surroundings): Promise<FoundPort | undefined> {
  if (link.type === 'tcp' || link.type === 'http') return undefined
  if (link.type === 'serial' || link.type === 'file') {
    const place = below(root, link.path)
    const node = await realPathOf(place)
    return ports.find(({ names, node: each }) => names.includes(place) || each === node)
  }
  return ports.find(
    ({ transport, path, usb }) =>
      transport === link.type &&
      path === usbIdentity(link) &&
      (link.serialNumber === undefined || usb?.serialNumber === link.serialNumber),
  )
}

async function examineDevice(id: string, link: LinkOptions, near: Surroundings): Promise<Finding> {
  switch (link.type) {
    case 'serial':
    case 'file':
      return examinePath(id, link, near)
    case 'hid':
    case 'usb': {
      const identity = usbIdentity(link)
      if (await portOf(link, near)) return ok(id, `${identity} is plugged in`)
      return fault(
        id,
        `no ${link.type.toUpperCase()} device ${identity} is plugged in; check cable and power`,
        ['lsusb'],
      )
    }
    case 'tcp':
    case 'http':
      return note(id, `at ${link.host}:${link.port} in the network, which is not looked at here`)
  }
}

async function examinePath(id: string, link: StreamPath, near: Surroundings): Promise<Finding> {
  const { path } = link
  const node = await realPathOf(below(near.root, path))
  if (node === undefined)
    return fault(id, `${path} is not there; check cable and power, or name another port`, [
      'ls -l /dev/serial/by-path /dev/usb',
    ])
  const port = await portOf(link, near)
  if (port) return ok(id, `${path} is there${port.heldBy?.kiosk ? ', and the agent has it open' : ''}`)
  // What is wrong with a port of the list is told with the list.
  const permission = await permissionOf(near.roots, node)
  if (permission?.allowed !== false) return ok(id, `${path} is there`)
  return fault(id, `${path}: ${userName(near.roots)} may not use it`, [`ls -l ${node}`])
}

/** A device that is plugged in later would belong to root. */
async function examineRules(transports: readonly string[], roots: PortRoots): Promise<Finding[]> {
  if (!transports.includes('hid') && !transports.includes('usb')) return []
  const { installed } = await readUdevRules(roots)
  if (installed) return [ok('udev rules', 'installed')]
  return [fault('udev rules', 'not installed: HID and USB devices belong to root without them', installRules)]
}

/** Relative paths are the agent's, which is started in the project's folder. */
function below(root: string, path: string): string {
  return path.startsWith('/') && !path.startsWith(`${root}/`) ? join(root, path) : resolve(path)
}
