import type { DeviceState } from '../../../kiosk-agent/api/contract.ts'
import type { ConsoleDevice } from '../../../kiosk-agent/api/technician-contract.ts'
import { Mark, type Tone } from '../../components/technician/notice.tsx'
import type { ToolIconName } from '../../components/technician/tool-icon.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'

const looks: { readonly [S in DeviceState]: readonly [Tone, ToolIconName] } = {
  starting: ['blue', 'clock'],
  online: ['green', 'check'],
  deviceBusy: ['green', 'clock'],
  userError: ['amber', 'alert'],
  offline: ['red', 'cable'],
  powerOff: ['red', 'cross'],
  noDevice: ['red', 'cable'],
  hardwareError: ['red', 'alert'],
  fraudAttempt: ['red', 'alert'],
  potentialFraud: ['amber', 'alert'],
}

/** XFS4IoT's word for how a device is, in the reader's language. */
export function StateMark({
  state,
  locale,
}: {
  readonly state: DeviceState
  readonly locale: ConsoleLocale
}) {
  const [tone, icon] = looks[state]
  return <Mark tone={tone} icon={icon} label={locale.devices.states[state]} />
}

export const isReady = ({ state }: ConsoleDevice) => state === 'online' || state === 'deviceBusy'

/** "闸门 gate-1": what it is, and its name in the settings. */
export function deviceName({ id, kind }: Pick<ConsoleDevice, 'id' | 'kind'>, locale: ConsoleLocale): string {
  return `${wordOf(locale.devices.kinds, kind)} · ${id}`
}

/** A moment as told to somebody who works today. */
export function momentOf(time: string, now: number, { formats }: ConsoleLocale): string {
  return formats.moment(time, new Date(now).toISOString())
}
