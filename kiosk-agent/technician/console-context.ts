import type { Hall } from '../../config/schemas/hall.ts'
import type { TerminalSettings } from '../../config/schemas/terminal.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { DeviceHistory } from '../device-history.ts'
import type { DeviceHub } from '../device-hub.ts'
import type { Door } from '../entry/door-contract.ts'
import type { HallStore } from '../hall/hall-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Folders } from '../load-terminal.ts'
import type { Log } from '../log.ts'
import type { Keys } from '../privacy/keys.ts'
import type { DeviceSet } from './configure/device-set.ts'
import type { SettingsHistory } from './configure/settings-history.ts'
import type { DeviceWire } from './wire/device-wire.ts'

/** What all parts of the console work with. */
export interface ConsoleContext {
  readonly terminal: TerminalSettings
  readonly hall: Pick<Hall, 'utcOffsetMinutes'>
  /** The terminal as it would be without the site's settings. */
  readonly defaults: TerminalSettings
  readonly folders: Folders
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly store: HallStore
  readonly door: Door
  readonly hub: DeviceHub
  /** The devices with their settings; replaces them. */
  readonly devices: DeviceSet
  readonly history: SettingsHistory
  /** What travels between the devices and their drivers. */
  readonly wire: DeviceWire
  /** What devices told since the agent started; also where a part listens to them. */
  readonly past: DeviceHistory
  /** Something the console shows may have changed. */
  changed(): void
}
