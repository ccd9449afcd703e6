import { join } from 'node:path'
import { namesIn, realPathOf, textOf } from './files.ts'
import type { PortRoots } from './roots.ts'

const ourRules = '70-hall-kiosk.rules'
const source = join(import.meta.dirname, '../../config/udev', ourRules)

/** Puts the rules of this software in force. */
export const installRules: readonly string[] = [
  `sudo cp ${source} /etc/udev/rules.d/`,
  'sudo udevadm control --reload',
  'sudo udevadm trigger',
]

/** Adds one line to the installed rules. */
export const addRule = (line: string): readonly string[] => [
  `echo '${line}' | sudo tee -a /etc/udev/rules.d/${ourRules}`,
  ...installRules.slice(1),
]

/** What the udev rules of this machine say about our devices. */
export interface UdevRules {
  readonly installed: boolean
  /** Whether some line of ours gives devices of this maker and product away. */
  covers(subsystem: 'hidraw' | 'usb', identity: { vendorId: number; productId: number }): boolean
  /** Whether ModemManager is told to leave serial adapters of this maker alone. */
  sparesModemManager(vendorId: number): boolean
  /** Whether a rule starts brltty for serial adapters, and nobody has masked it. */
  readonly startsBrltty: boolean
}

export async function readUdevRules(roots: PortRoots): Promise<UdevRules> {
  const ours = await textOf(join(roots.etc, 'udev/rules.d', ourRules))
  const lines = (ours ?? '').split('\n').filter((line) => !line.startsWith('#'))
  return {
    installed: ours !== undefined,
    covers: (subsystem, { vendorId, productId }) =>
      lines.some(
        (line) =>
          line.includes(`SUBSYSTEM=="${subsystem}"`) &&
          names(line, 'idVendor', vendorId) &&
          (!line.includes('{idProduct}') || names(line, 'idProduct', productId)),
      ),
    sparesModemManager: (vendorId) =>
      lines.some((line) => line.includes('ID_MM_DEVICE_IGNORE') && names(line, 'idVendor', vendorId)),
    startsBrltty: await startsBrltty(roots),
  }
}

function names(line: string, attribute: string, id: number): boolean {
  const value = line.match(new RegExp(`\\{${attribute}\\}=="([^"]*)"`))?.[1]
  return (value?.toLowerCase().split('|') ?? []).includes(id.toString(16).padStart(4, '0'))
}

async function startsBrltty(roots: PortRoots): Promise<boolean> {
  const rules = (await namesIn(join(roots.lib, 'udev/rules.d'))).filter((name) => name.includes('brltty'))
  const masks = await Promise.all(
    rules.map(async (name) => {
      const mask = join(roots.etc, 'udev/rules.d', name)
      return (await realPathOf(mask)) !== undefined && (await textOf(mask)) === undefined
    }),
  )
  return masks.includes(false)
}
