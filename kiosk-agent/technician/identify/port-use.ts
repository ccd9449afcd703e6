import type { FoundPort } from '../../../devices/identify/found.ts'
import type { LinkOptions } from '../../../devices/link/link.ts'
import type { SetDevice } from '../configure/device-set.ts'

/** The configured device that hangs on this port, or waits for it: nobody else may open it. */
export function usedBy(port: FoundPort, devices: readonly SetDevice[]): string | undefined {
  const user = devices.find(({ configured: { driver, options } }) => isAt(port, driver.link(options)))
  return user?.settings.id
}

function isAt({ transport, path, node, names, usb }: FoundPort, link: LinkOptions): boolean {
  switch (link.type) {
    case 'serial':
    case 'file':
      return link.path === path || link.path === node || names.includes(link.path)
    case 'hid':
    case 'usb':
      return (
        (transport === 'hid' || transport === 'usb') &&
        usb?.vendorId === link.vendorId &&
        usb.productId === link.productId &&
        (link.serialNumber === undefined || usb.serialNumber === link.serialNumber)
      )
    case 'tcp':
    case 'http':
      return false
  }
}
