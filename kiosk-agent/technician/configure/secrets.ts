import { z } from 'zod'
import type { Driver } from '../../../devices/driver.ts'
import type { DeviceSettings, SetDevice } from './device-set.ts'

/** Stands where a secret is kept that nobody is told: in the console, and in a file that leaves the terminal. */
export const KEPT_SECRET = '••••••'

const known = new WeakMap<Driver, readonly string[]>()

/** The options of a driver that its schema calls secret (`meta({ secret: true })`). */
function secretOptions(driver: Driver): readonly string[] {
  const remembered = known.get(driver)
  if (remembered) return remembered
  const { properties = {} } = z.toJSONSchema(driver.options, { io: 'input', unrepresentable: 'any' })
  const secrets = Object.keys(properties).filter((name) => {
    const property = properties[name]
    return typeof property === 'object' && property.secret === true
  })
  known.set(driver, secrets)
  return secrets
}

/** The settings of a device as they may be seen: every secret is a mark that it is there. */
export function withoutSecrets({ settings, configured }: SetDevice): DeviceSettings {
  const hidden = secretOptions(configured.driver).filter((name) => settings.options[name] !== undefined)
  if (hidden.length === 0) return settings
  const marks = Object.fromEntries(hidden.map((name) => [name, KEPT_SECRET]))
  return { ...settings, options: { ...settings.options, ...marks } }
}

/**
 * Settings that come back from whoever saw marks: each mark is the secret that `former` keeps. `unknown` names the options
 * whose secret is not kept here and must be typed again.
 */
export function withSecrets(
  device: DeviceSettings,
  former: DeviceSettings | undefined,
): { readonly device: DeviceSettings; readonly unknown: readonly string[] } {
  const marked = Object.keys(device.options).filter((name) => device.options[name] === KEPT_SECRET)
  if (marked.length === 0) return { device, unknown: [] }
  const kept = former?.driver === device.driver ? former.options : {}
  const secrets = Object.fromEntries(marked.map((name) => [name, kept[name]]))
  return {
    device: { ...device, options: { ...device.options, ...secrets } },
    unknown: marked.filter((name) => kept[name] === undefined),
  }
}

/** What to do about a secret that is not kept here. */
export function secretMissing(place: string, option: string): string {
  return `${place}.options.${option}: found "${KEPT_SECRET}"; expected the ${option} itself, which is not kept here`
}
