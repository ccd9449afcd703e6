import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { ConfigError, checkConfig } from '../../../config/read-config.ts'
import { terminalSchema } from '../../../config/schemas/terminal.ts'
import { type SettingsFile, type SettingsReview, settingsFileSchema } from '../../api/technician-contract.ts'
import type { Settings } from '../../settings.ts'
import type { DeviceSet, DeviceSettings, SetDevice } from './device-set.ts'
import { secretMissing, withSecrets } from './secrets.ts'

/** The whole settings of this terminal, as they are in force. */
export interface InForce {
  readonly terminal: string
  readonly devices: readonly DeviceSettings[]
  readonly panel: NonNullable<Settings['panel']>
}

export function exportedSettings({ terminal, devices, panel }: InForce, at: number): SettingsFile {
  return {
    format: 'hall-kiosk-settings-1',
    terminal,
    exportedAt: new Date(at).toISOString(),
    settings: { devices: [...devices], panel },
  }
}

/** A file that was looked through: what it would change, and, when nothing is wrong with it, how. */
export interface Reviewed {
  readonly review: SettingsReview
  readonly wanted?: { readonly settings: Settings; readonly devices: readonly SetDevice[] }
}

/** What is asked of all devices together: each has an id of its own. */
const devicesInFile = z.object({ settings: z.object({ devices: terminalSchema.shape.devices }) })

/** Looks at everything in the file and names everything that is wrong with it, each with place, found and expected. */
export async function reviewSettings(file: unknown, inForce: InForce, set: DeviceSet): Promise<Reviewed> {
  const { value, faults } = attempt(() => checkConfig('file', file, settingsFileSchema))
  if (!value) return { review: nothingBut(faults) }
  const { settings } = value
  const wrongTerminal =
    value.terminal === inForce.terminal
      ? []
      : [
          `file: terminal: found "${value.terminal}"; expected "${inForce.terminal}": this file is of another terminal. ` +
            'To use it here all the same, write this terminal’s name into it.',
        ]
  const revealed = (settings.devices ?? inForce.devices).map((device) =>
    withSecrets(
      device,
      inForce.devices.find(({ id }) => id === device.id),
    ),
  )
  const devices = revealed.map(({ device }) => device)
  const secrets = revealed.flatMap(({ unknown }, at) =>
    unknown.map((name) => secretMissing(`file: settings.devices[${at}]`, name)),
  )
  const doubled = attempt(() => checkConfig('file', { settings: { devices } }, devicesInFile)).faults
  const checked = await Promise.all(devices.map((device, at) => checkedAlone(device, at, set)))
  const all = [...wrongTerminal, ...doubled, ...secrets, ...checked.flatMap((each) => each.faults)]
  if (all.length > 0) return { review: nothingBut(all) }
  return {
    review: { ...differences(inForce, devices), panel: changesPanel(settings.panel, inForce), faults: [] },
    wanted: {
      settings: { ...settings, ...(settings.devices ? { devices } : {}) } as Settings,
      devices: checked.flatMap(({ value }) => value ?? []),
    },
  }
}

/** One wrong device must not hide what is wrong with the next. */
async function checkedAlone(device: DeviceSettings, at: number, set: DeviceSet) {
  try {
    return { value: await set.checked(device, `file: settings.devices[${at}]`), faults: [] }
  } catch (error) {
    return { value: undefined, faults: faultsOf(error) }
  }
}

function attempt<Value>(check: () => Value): { value?: Value; faults: string[] } {
  try {
    return { value: check(), faults: [] }
  } catch (error) {
    return { faults: faultsOf(error) }
  }
}

/** Lines for the technician; what is no fault of the file goes on as it is. */
export function faultsOf(error: unknown): string[] {
  if (error instanceof ConfigError) return error.message.split('\n')
  throw error
}

const nothingBut = (faults: readonly string[]): SettingsReview => ({
  ...{ added: [], changed: [], removed: [], panel: false },
  faults: [...faults],
})

function changesPanel(panel: Settings['panel'], inForce: InForce): boolean {
  return panel !== undefined && !isDeepStrictEqual(panel, inForce.panel)
}

function differences({ devices: former }: InForce, devices: readonly DeviceSettings[]) {
  const known = (id: string) => former.find((each) => each.id === id)
  const stays = new Set(devices.map(({ id }) => id))
  return {
    added: devices.filter(({ id }) => !known(id)).map(({ id }) => id),
    changed: devices
      .filter((device) => known(device.id) && !isDeepStrictEqual(known(device.id), device))
      .map(({ id }) => id),
    removed: former.filter(({ id }) => !stays.has(id)).map(({ id }) => id),
  }
}
