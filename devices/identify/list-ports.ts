import { diagnose } from './diagnose.ts'
import type { FoundPort } from './found.ts'
import { hidPorts } from './hid-ports.ts'
import { type PortRoots, rootsUnder } from './roots.ts'
import type { SeenPort } from './seen.ts'
import { serialPorts } from './serial-ports.ts'
import { barePorts, printerFiles } from './usb-ports.ts'
import { usbDevices } from './usb-tree.ts'

/** Every place of this machine where a device hangs or may hang, and what stands in the way of using it. Opens nothing. */
export async function listPorts(roots: PortRoots = rootsUnder()): Promise<FoundPort[]> {
  return diagnose(roots, await seePorts(roots))
}

/** The same without asking what is wrong: cheap enough to be repeated while somebody plugs and unplugs. */
export async function seePorts(roots: PortRoots = rootsUnder()): Promise<SeenPort[]> {
  const [all, ...ported] = await Promise.all([
    usbDevices(roots),
    serialPorts(roots),
    printerFiles(roots),
    hidPorts(roots),
  ])
  const ports = ported.flat()
  return [...ports, ...barePorts(all, ports)]
}
