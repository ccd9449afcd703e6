import './button.css'
import type { Intent } from '../../kiosk-agent/api/contract.ts'
import type { Actions } from '../screens/screen-props.ts'
import { Icon, type IconName } from './icon.tsx'

interface ButtonProps {
  readonly intent: Intent
  readonly actions: Actions
  readonly label: string
  /** `primary`: the thing to do. `help`: calls a person, red by convention. */
  readonly look?: 'primary' | 'plain' | 'help' | 'on-blue'
  readonly icon?: IconName
}

/** Sends one intent; while that is on its way it cannot be pressed again. */
export function Button({ intent, actions, label, look = 'plain', icon }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${look}`}
      disabled={actions.sending(intent.type)}
      onClick={() => actions.send(intent)}
    >
      {icon && <Icon name={icon} />}
      <span>{label}</span>
    </button>
  )
}
