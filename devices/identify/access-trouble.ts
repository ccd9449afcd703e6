import { usbRule } from '../link/usb-access.ts'
import type { Trouble } from './found.ts'
import { permissionOf } from './permission.ts'
import { type PortRoots, userName } from './roots.ts'
import type { SeenPort } from './seen.ts'
import { trouble } from './troubles.ts'
import type { UdevRules } from './udev.ts'

/** What stands between the kiosk's user and a device file, or nothing. */
export async function accessTrouble(
  roots: PortRoots,
  rules: UdevRules,
  port: SeenPort,
): Promise<Trouble | undefined> {
  const permission = await permissionOf(roots, port.node)
  if (!permission || permission.allowed) return undefined
  const user = userName(roots)
  const { group, member } = permission
  const { transport, usb, label } = port
  if ((transport === 'hid' || transport === 'usb') && usb) {
    const subsystem = transport === 'hid' ? 'hidraw' : 'usb'
    if (!rules.installed) return trouble.ruleMissing(label, user)
    if (!rules.covers(subsystem, usb)) return trouble.ruleIncomplete(label, usbRule(subsystem, usb))
    if (group === undefined) return trouble.replugNeeded(label)
  }
  const wanted = group ?? (transport === 'file' ? 'lp' : 'dialout')
  return member ? trouble.signInAgain(label, wanted, user) : trouble.groupMissing(label, wanted, user)
}
