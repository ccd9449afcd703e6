import { isDeepStrictEqual } from 'node:util'
import { ConfigError, checkConfig } from '../../../config/read-config.ts'
import type { TerminalSettings } from '../../../config/schemas/terminal.ts'
import type { LinkOptions } from '../../../devices/link/link.ts'
import { type ConfiguredDevice, findDriver } from '../../../devices/registry.ts'
import type { DeviceHub } from '../../device-hub.ts'

export type DeviceSettings = TerminalSettings['devices'][number]

/** A device as the settings have it, and as it runs. */
export interface SetDevice {
  readonly settings: DeviceSettings
  readonly configured: ConfiguredDevice
}

export interface DeviceSetOptions {
  readonly hub: Pick<DeviceHub, 'configured' | 'configure'>
  /** The settings of what the hub runs now, in its order. */
  readonly settings: readonly DeviceSettings[]
  /** Gives a new device of a simulated terminal its simulator. */
  prepare(device: ConfiguredDevice): Promise<void>
  /** Devices were replaced. */
  onChange(): void
}

/** The devices of the terminal as they run, changed with the least disturbance. */
export interface DeviceSet {
  readonly running: readonly SetDevice[]
  /**
   * Checks a device without running it; one that is as it runs now is the same object. Rejects with a ConfigError that
   * names what is wrong, and where: `place` is "devices[2]".
   */
  checked(device: DeviceSettings, place: string): Promise<SetDevice>
  /** Runs these devices. Those that are the same objects keep their connections. */
  run(devices: readonly SetDevice[]): Promise<void>
}

export function createDeviceSet(options: DeviceSetOptions): DeviceSet {
  const { hub } = options
  let running: readonly SetDevice[] = hub.configured.flatMap((configured) => {
    const settings = options.settings.find(({ id }) => id === configured.id)
    return settings ? [{ settings, configured }] : []
  })

  return {
    get running() {
      return running
    },
    async checked(settings, place) {
      const known = running.find((each) => isDeepStrictEqual(each.settings, settings))
      return known ?? { settings, configured: await configured(settings, place) }
    },
    async run(devices) {
      await Promise.all(devices.map(({ configured }) => options.prepare(configured)))
      running = devices
      await hub.configure(devices.map(({ configured }) => configured))
      options.onChange()
    },
  }
}

async function configured(
  { id, driver: name, options }: DeviceSettings,
  place: string,
): Promise<ConfiguredDevice> {
  const driver = await findDriver(name)
  if (!driver)
    throw new ConfigError(
      `${place} "${id}": driver: found "${name}"; expected the id of a model of this software`,
    )
  return { id, driver, options: checkConfig(`${place} "${id}": options`, options, driver.options) }
}

/** Where a device hangs, in words: "serial /dev/ttyUSB0", "tcp 10.1.2.3:9100", "hid 0c2e:0b6a". */
export function addressOf({ driver, options }: ConfiguredDevice): string {
  const link: LinkOptions = driver.link(options)
  switch (link.type) {
    case 'serial':
    case 'file':
      return `${link.type} ${link.path}`
    case 'tcp':
      return `tcp ${link.host}:${link.port}`
    case 'hid':
    case 'usb': {
      const identity = [link.vendorId, link.productId].map((part) => part.toString(16).padStart(4, '0'))
      return [link.type, identity.join(':'), link.serialNumber].filter((part) => part !== undefined).join(' ')
    }
    case 'http':
      return `http ${link.host}:${link.port}`
  }
}
