import './help-coming.css'
import { Button } from '../../components/button.tsx'
import { Panel } from '../../components/panel.tsx'
import type { ScreenProps } from '../screen-props.ts'

/** Staff were called: somebody comes, since when they know, and how to take it back. */
export function HelpComing({ snapshot, locale, actions, minute }: ScreenProps) {
  const { help, hall } = snapshot
  if (!help) return null
  const words = locale.messages.help
  const minutes = Math.max(0, Math.floor((minute - Date.parse(help.since)) / 60_000))
  return (
    <div class="help-coming">
      <Panel tone="blue" scene="staff" eyebrow={words.since(minutes)} saying={words}>
        <Button intent={{ type: 'cancel-help' }} actions={actions} label={words.notNeeded} look="on-blue" />
      </Panel>
      {hall.phone && <p class="help-coming-phone">{words.phone(hall.phone)}</p>}
    </div>
  )
}
