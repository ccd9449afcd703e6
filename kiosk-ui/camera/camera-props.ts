import type { SessionView } from '../../kiosk-agent/api/contract.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Actions } from '../screens/screen-props.ts'

export interface CameraProps {
  readonly session: SessionView
  readonly locale: Locale
  readonly actions: Actions
  /** Back to the step as it was. */
  putAway(): void
}
