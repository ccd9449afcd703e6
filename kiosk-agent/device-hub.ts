import { DeviceError } from '../devices/errors.ts'
import type { Commands, DeviceEvent, Kind } from '../devices/kinds.ts'
import type { Clock } from '../devices/lib/clock.ts'
import type { ConfiguredDevice } from '../devices/registry.ts'
import type { DeviceState } from './api/contract.ts'
import type { OpenDeviceLink } from './job-links.ts'
import type { Log } from './log.ts'
import { type Supervised, supervise } from './supervised-device.ts'

/** One device as the hub sees it now. */
export interface HubDevice {
  readonly id: string
  readonly kind: Kind
  readonly state: DeviceState
  /** Unix milliseconds. */
  readonly since: number
  /** Why it is not online, in words for the technician. */
  readonly error?: DeviceError
}

export type KindEvent = { [K in Kind]: { readonly kind: K; readonly event: DeviceEvent<K> } }[Kind]

/** The commands of one device, with the kind that tells what they are. */
export type KindCommands = { [K in Kind]: { readonly kind: K; readonly commands: Commands<K> } }[Kind]

export interface DeviceHub {
  readonly devices: readonly HubDevice[]
  /** What is configured now, in the order of the settings. */
  readonly configured: readonly ConfiguredDevice[]
  /** The commands of the device of this kind; undefined while it is not online. */
  commands<K extends Kind>(kind: K): Commands<K> | undefined
  /** The commands of one device; undefined while it is not online. */
  commandsOf(deviceId: string): KindCommands | undefined
  /**
   * Replaces what is configured. A device that is the very same object as before keeps its connection; every other one is
   * ended first, so that its port is free, and then begun anew. Resolves when all are begun, before they are online.
   */
  configure(devices: readonly ConfiguredDevice[]): Promise<void>
  /** Ends the connection of a device, so that it is opened and greeted anew. */
  restart(deviceId: string): void
  /** Ends every connection and stops reconnecting. */
  close(): Promise<void>
}

export interface HubOptions {
  readonly devices: readonly ConfiguredDevice[]
  readonly openLink: OpenDeviceLink
  readonly clock: Clock
  readonly log: Log
  onEvent(event: KindEvent, deviceId: string): void
  onState(device: HubDevice): void
}

/** Keeps every configured device connected. */
export function startDeviceHub(options: HubOptions): DeviceHub {
  let supervised = options.devices.map((device) => supervise(device, options))
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  async function replace(devices: readonly ConfiguredDevice[]): Promise<void> {
    if (closed) return
    const former = supervised
    const kept = (device: ConfiguredDevice) => former.find((each) => each.device === device)
    const gone = former.filter(({ device }) => !devices.includes(device))
    supervised = former.filter((each) => !gone.includes(each))
    await end(gone, new DeviceError('link-closed', 'its settings were changed'))
    if (!closed) supervised = devices.map((device) => kept(device) ?? supervise(device, options))
  }

  const online = (wanted: (each: Supervised) => boolean) =>
    supervised.find((each) => wanted(each) && each.commands() !== undefined)

  return {
    get devices() {
      return supervised.map(({ view }) => view())
    },
    get configured() {
      return supervised.map(({ device }) => device)
    },
    commands<K extends Kind>(kind: K) {
      return online(({ device }) => device.driver.kind === kind)?.commands() as Commands<K> | undefined
    },
    commandsOf(deviceId) {
      const found = online(({ device }) => device.id === deviceId)
      // Kind and commands come from one driver; TypeScript cannot see that they belong together.
      return found && ({ kind: found.device.driver.kind, commands: found.commands() } as KindCommands)
    },
    configure(devices) {
      const done = turn.then(() => replace(devices))
      turn = done.catch(() => {})
      return done
    },
    restart(deviceId) {
      const device = supervised.find((each) => each.device.id === deviceId)
      device?.again(new DeviceError('link-closed', 'it is greeted anew'))
    },
    async close() {
      closed = true
      await end(supervised, new DeviceError('link-closed', 'the agent is stopping'))
      await turn
      await end(supervised, new DeviceError('link-closed', 'the agent is stopping'))
    },
  }
}

async function end(devices: readonly Supervised[], reason: DeviceError): Promise<void> {
  await Promise.all(devices.map((each) => each.end(reason)))
}
