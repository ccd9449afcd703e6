import type { DeviceErrorCode } from '../../../devices/errors.ts'
import type { Clock } from '../../../devices/lib/clock.ts'
import type { Console } from '../../api/technician-contract.ts'
import type { DeviceHub } from '../../device-hub.ts'
import type { DeviceSettings } from './device-set.ts'

type TrialView = NonNullable<Console['trial']>

/** Nobody keeps it for so long: the former device comes back by itself. */
const TRIAL_LIMIT_MS = 5 * 60_000
/** A model that comes with one of several baud rates needs a few tries before it is a failure. */
const PATIENCE_MS = 4000

/** Trying longer changes nothing about these. */
const hopeless: readonly DeviceErrorCode[] = [
  'bad-config',
  'not-found',
  'no-permission',
  'port-busy',
  'unsupported',
]

export interface TrialOptions {
  readonly device: DeviceSettings
  readonly clock: Clock
  readonly hub: Pick<DeviceHub, 'devices'>
  factsOf(deviceId: string): Record<string, string>
  onTimeOut(): void
  onChange(): void
}

/** One device that runs with settings nobody has kept yet. Ending it puts nothing back: its owner does. */
export interface Trial {
  readonly device: DeviceSettings
  view(): TrialView
  end(): void
}

export function startTrial({ device, clock, hub, factsOf, ...options }: TrialOptions): Trial {
  const startedAt = clock.monotonic()
  const over = new AbortController()
  clock.sleep(TRIAL_LIMIT_MS, over.signal).then(options.onTimeOut, () => {})
  clock.sleep(PATIENCE_MS, over.signal).then(options.onChange, () => {})

  return {
    device,
    view() {
      const found = hub.devices.find(({ id }) => id === device.id)
      const age = clock.monotonic() - startedAt
      const error = found?.error && { code: found.error.code, message: found.error.message }
      const works = found?.state === 'online'
      const failed = found?.error && (age >= PATIENCE_MS || hopeless.includes(found.error.code))
      return {
        device,
        state: works ? 'works' : failed ? 'failed' : 'trying',
        ...(error && !works ? { error } : {}),
        facts: works ? factsOf(device.id) : {},
        remainingMs: Math.max(0, Math.round(TRIAL_LIMIT_MS - age)),
      }
    },
    end: () => over.abort(new Error('the trial is over')),
  }
}
