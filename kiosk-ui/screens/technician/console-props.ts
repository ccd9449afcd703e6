import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'

/** What every screen of the console is given. */
export interface ViewProps {
  readonly state: Console
  readonly locale: ConsoleLocale
}
