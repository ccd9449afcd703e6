import { join } from 'node:path'
import { missingLibrary } from '../link/usb-access.ts'
import { accessTrouble } from './access-trouble.ts'
import { textOf } from './files.ts'
import type { FoundPort, Trouble } from './found.ts'
import {
  isKeyboard,
  isOfInterest,
  isPosScanner,
  isSerialAdapter,
  looksLikeScanner,
  samIdentity,
} from './known-usb.ts'
import { lookAtProcesses, type Processes } from './processes.ts'
import type { PortRoots } from './roots.ts'
import type { SeenPort } from './seen.ts'
import { trouble } from './troubles.ts'
import { readUdevRules, type UdevRules } from './udev.ts'

/** What is known about the machine while its ports are looked at. */
interface Circumstances {
  readonly processes: Processes
  readonly rules: UdevRules
  readonly consoles: readonly string[]
  readonly all: readonly SeenPort[]
}

/** Says of every port who holds it and what stands in its way. Opens nothing. */
export async function diagnose(roots: PortRoots, all: readonly SeenPort[]): Promise<FoundPort[]> {
  const [processes, rules, consoles] = await Promise.all([
    lookAtProcesses(roots),
    readUdevRules(roots),
    textOf(join(roots.sys, 'class/tty/console/active')),
  ])
  const circumstances = { processes, rules, all, consoles: consoles?.split(/\s+/) ?? [] }
  return Promise.all(
    all.map(async (port) => {
      const heldBy = processes.holderOf(port.node)
      const found = [
        heldBy && !heldBy.kiosk ? held(port, heldBy) : undefined,
        ...ownTroubles(port, circumstances),
        isToBeUsed(port) ? await accessTrouble(roots, rules, port) : undefined,
      ].filter((each) => each !== undefined)
      const troubles = found.filter(({ code }, at) => found.findIndex((each) => each.code === code) === at)
      return { ...port, ...(heldBy && { heldBy }), troubles }
    }),
  )
}

/** What is wrong with the machine as a whole, as far as its ports are concerned. `packages` load what HID and USB need. */
export async function diagnoseMachine(roots: PortRoots, packages = nativePackages): Promise<Trouble[]> {
  const [processes, rules] = await Promise.all([lookAtProcesses(roots), readUdevRules(roots)])
  const found: Trouble[] = []
  if (processes.runs('brltty') || rules.startsBrltty) found.push(trouble.brltty('this machine'))
  if (processes.runs('ModemManager') && !rules.sparesModemManager(commonAdapter))
    found.push(trouble.modemManager('this machine'))
  for (const [name, load] of Object.entries(packages)) {
    const { library, cure } = (await whatIsMissing(name, load)) ?? {}
    if (library && cure && !found.some(({ values }) => values.library === library))
      found.push(trouble.libraryMissing(library, cure))
  }
  return found
}

/** WCH's, in every second adapter: rules that spare it spare the others. */
const commonAdapter = 0x1a86

/** Loading the package alone would not do: what is native of it is loaded by its first use. Nothing is opened. */
const nativePackages: Readonly<Record<string, () => Promise<unknown>>> = {
  serialport: () => import('serialport'),
  async 'node-hid'() {
    const { default: hid } = await import('node-hid')
    if (process.platform === 'linux') hid.setDriverType('hidraw')
    await hid.devicesAsync()
  },
  async usb() {
    const { usb } = await import('usb')
    await usb.getDevices()
  },
}

async function whatIsMissing(name: string, load: () => Promise<unknown>) {
  try {
    await load()
  } catch (cause) {
    const missing = missingLibrary(cause)
    if (missing) return missing
    if ((cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND')
      return { library: `the package ${name}`, cure: 'npm ci' }
    // A machine without any USB bus cannot list its devices, and misses nothing.
  }
  return undefined
}

function held({ label }: SeenPort, holder: NonNullable<FoundPort['heldBy']>): Trouble {
  if (holder.program === 'brltty') return trouble.brltty(label)
  return holder.program === 'ModemManager' ? trouble.modemManager(label) : trouble.portHeld(label, holder)
}

function ownTroubles(port: SeenPort, circumstances: Circumstances): (Trouble | undefined)[] {
  const { all, consoles, processes, rules } = circumstances
  const { label, usb } = port
  switch (port.transport) {
    case 'serial': {
      const name = port.node.slice(port.node.lastIndexOf('/') + 1)
      const asked = usb && processes.runs('ModemManager') && !rules.sparesModemManager(usb.vendorId)
      return [
        consoles.includes(name) ? trouble.systemConsole(label, name) : undefined,
        asked ? trouble.modemManager(label) : undefined,
      ]
    }
    case 'hid':
      return [isWedge(port, all) ? trouble.keyboardWedge(label) : sameIdentity(port, all)]
    case 'usb':
      if (port.path === samIdentity) return [sameIdentity(port, all)]
      if (!usb || !isSerialAdapter(usb)) return [trouble.printerWithoutFile(label)]
      return [
        processes.runs('brltty') || rules.startsBrltty
          ? trouble.brltty(label)
          : trouble.adapterWithoutPort(label),
      ]
    case 'file':
      return []
  }
}

/** A scanner whose only voice is a keyboard. One that is something else as well is read by its other interface. */
function isWedge({ usb, hid }: SeenPort, all: readonly SeenPort[]): boolean {
  if (!usb || !isKeyboard(hid) || !looksLikeScanner(usb)) return false
  return !all.some(
    (other) => other.usb?.socket === usb.socket && (isPosScanner(other.hid) || other.transport === 'serial'),
  )
}

/** Settings name HID and USB devices by identity and serial number: two alike cannot be told apart. */
function sameIdentity(port: SeenPort, all: readonly SeenPort[]): Trouble | undefined {
  if (port.transport === 'hid' && !isOfInterest(port.hid)) return undefined
  const twin = all.some(
    ({ transport, path, usb }) =>
      transport === port.transport &&
      path === port.path &&
      usb?.socket !== port.usb?.socket &&
      usb?.serialNumber === port.usb?.serialNumber,
  )
  return twin ? trouble.sameIdentity(port.label) : undefined
}

/** Nobody needs permission for a mouse, or for a device that has no driver here. */
function isToBeUsed({ transport, hid, path }: SeenPort): boolean {
  if (transport === 'hid') return isOfInterest(hid)
  return transport !== 'usb' || path === samIdentity
}
