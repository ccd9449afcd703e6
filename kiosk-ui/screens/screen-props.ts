import type { Intent, Snapshot } from '../../kiosk-agent/api/contract.ts'
import type { Locale } from '../i18n/locale.ts'

/** What every screen is given; a screen keeps nothing of its own. */
export interface ScreenProps {
  readonly snapshot: Snapshot
  readonly locale: Locale
  /** The hall's time in whole minutes, Unix milliseconds. */
  readonly minute: number
  readonly actions: Actions
}

export interface Actions {
  send(intent: Intent): void
  /** True while an intent of this type is on its way. */
  sending(type: Intent['type']): boolean
}
