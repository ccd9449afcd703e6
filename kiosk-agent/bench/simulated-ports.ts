import { DeviceError } from '../../devices/errors.ts'
import { httpCable } from '../../devices/link/http-cable.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { ptyCable } from '../../devices/link/pty.ts'
import { tcpCable } from '../../devices/link/tcp-cable.ts'
import type { ConfiguredDevice } from '../../devices/registry.ts'
import type { AnySimulator } from '../../devices/simulation.ts'
import type { Log } from '../log.ts'
import { type PluggableDevice, simulatorOf } from './simulated-devices.ts'

export interface PortDevice extends PluggableDevice {
  /** Where its driver finds it: the path of a pseudo-terminal, or "127.0.0.1:9100". */
  readonly address: string
  close(): Promise<void>
}

/**
 * A simulated device on the very port its driver is configured for: a pseudo-terminal at the serial path, or a listening
 * TCP port. So a real configuration can be tried without hardware. `made` is a simulator set up otherwise than usual.
 */
export async function simulateOnPort(
  device: ConfiguredDevice,
  log: Log,
  made?: AnySimulator<unknown>,
): Promise<PortDevice> {
  const simulator = made ?? (await simulatorOf(device))
  const cable = await cableTo(device, simulator)
  let plugged = true
  // Plugging and unplugging take a moment; they happen in the order they were asked for.
  let turn: Promise<unknown> = Promise.resolve()
  return {
    id: device.id,
    kind: device.driver.kind,
    simulator,
    address: cable.address,
    get plugged() {
      return plugged
    },
    setPlugged(wanted) {
      if (wanted === plugged) return
      plugged = wanted
      turn = turn
        .then(() => (wanted ? cable.plug() : cable.unplug()))
        .catch((error) => log(`${device.id}: the cable is stuck`, { error }))
    },
    async close() {
      await turn
      await cable.unplug()
    },
  }
}

interface Cable {
  readonly address: string
  plug(): Promise<void>
  unplug(): Promise<void>
}

async function cableTo(device: ConfiguredDevice, simulator: AnySimulator<unknown>): Promise<Cable> {
  const link = device.driver.link(device.options)
  if (link.type === 'http' && simulator.linkKind === 'http') {
    const login = { username: link.username, password: await link.password() }
    const cable = await httpCable({ port: link.port, ...login }, (end) => simulator.attach(end))
    return { address: `http://${link.host}:${link.port}`, ...handles(cable) }
  }
  const isStream = simulator.linkKind === undefined || simulator.linkKind === 'stream'
  if (!isStream || link.type === 'hid' || link.type === 'usb' || link.type === 'http')
    throw new DeviceError(
      'unsupported',
      `device "${device.id}": a USB device cannot be played on a port; use a simulated terminal`,
    )
  const attach = (far: StreamLink) => simulator.attach(far)
  if (link.type === 'tcp')
    return { address: `${link.host}:${link.port}`, ...handles(await tcpCable(link.port, attach)) }
  return { address: link.path, ...(await serialCable(link.path, attach)) }
}

function handles(cable: Pick<Cable, 'plug' | 'unplug'>): Pick<Cable, 'plug' | 'unplug'> {
  return { plug: () => cable.plug(), unplug: () => cable.unplug() }
}

async function serialCable(path: string, attach: (far: StreamLink) => void) {
  const cable = ptyCable(path)
  const plug = async () => attach(await cable.plug())
  await plug()
  return { plug, unplug: () => cable.unplug() }
}
