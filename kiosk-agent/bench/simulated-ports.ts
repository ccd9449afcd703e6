import { DeviceError } from '../../devices/errors.ts'
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
  const link = device.driver.link(device.options)
  if (
    simulator.linkKind === 'report' ||
    simulator.linkKind === 'pipes' ||
    link.type === 'hid' ||
    link.type === 'usb'
  )
    throw new DeviceError(
      'unsupported',
      `device "${device.id}": a USB device cannot be played on a port; use a simulated terminal`,
    )
  const attach = simulator.attach.bind(simulator)
  const cable =
    link.type === 'tcp'
      ? { address: `${link.host}:${link.port}`, ...(await networkCable(link.port, attach)) }
      : { address: link.path, ...(await serialCable(link.path, attach)) }
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

type Attach = Parameters<typeof tcpCable>[1]

async function networkCable(port: number, attach: Attach) {
  const cable = await tcpCable(port, attach)
  return { plug: () => cable.plug(), unplug: () => cable.unplug() }
}

async function serialCable(path: string, attach: Attach) {
  const cable = ptyCable(path)
  const plug = async () => attach(await cable.plug())
  await plug()
  return { plug, unplug: () => cable.unplug() }
}
