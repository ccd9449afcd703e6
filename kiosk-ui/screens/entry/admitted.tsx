import './admitted.css'
import type { Outcome } from '../../../kiosk-agent/api/contract.ts'
import { Button } from '../../components/button.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import { Scene } from '../../components/scene.tsx'
import { SlipHelp } from '../../components/slip-help.tsx'
import type { Locale } from '../../i18n/locale.ts'
import type { Actions, ScreenProps } from '../screen-props.ts'

/** Go in. Readable from three metres: one word, a check mark, a person walking through a door. */
export function Admitted({ snapshot, locale, actions }: ScreenProps) {
  const { outcome } = snapshot
  if (!outcome) return null
  const lane = outcome.lane ?? 'opening'
  const saying = locale.messages.admitted.lane[lane]
  const help = slipHelp(outcome, locale, actions)
  if (lane === 'timed-out' || lane === 'fault')
    return (
      <div class="admitted-held">
        <Panel tone="amber" icon="alert" saying={saying}>
          <Button
            intent={{ type: 'call-help' }}
            actions={actions}
            label={locale.messages.outcome.callNow}
            look="primary"
            icon="bell"
          />
        </Panel>
        {help}
        <Reminders snapshot={snapshot} outcome={outcome} locale={locale} />
      </div>
    )
  return (
    <div class="admitted">
      <div class="admitted-sign">
        <span class="admitted-tick">
          <Icon name="check" />
        </span>
        <h1>{saying.title}</h1>
      </div>
      <p class="admitted-lane">{saying.body}</p>
      <div class="admitted-scene">{help ?? <Scene name="walk" />}</div>
      <Reminders snapshot={snapshot} outcome={outcome} locale={locale} />
    </div>
  )
}

function slipHelp(outcome: Outcome, locale: Locale, actions: Actions) {
  const { slip, slipHelp: help } = outcome
  if (!help || slip === 'none') return null
  const text = locale.messages.admitted.slip[slip]
  return <SlipHelp outcome={outcome} help={help} text={text} locale={locale} actions={actions} />
}

interface RemindersProps extends Pick<ScreenProps, 'snapshot' | 'locale'> {
  readonly outcome: Outcome
}

function Reminders({ snapshot: { cardLeft }, outcome, locale }: RemindersProps) {
  const words = locale.messages.admitted
  return (
    <ul class="admitted-reminders">
      {outcome.persons > 1 && <Reminder icon="person" text={words.persons(outcome.persons)} />}
      <Reminder icon="card" text={cardLeft ? words.cardStill : words.takeCard} urgent={cardLeft} />
      {outcome.slip !== 'none' && !outcome.slipHelp && (
        <Reminder icon="slip" text={words.slip[outcome.slip]} />
      )}
    </ul>
  )
}

interface ReminderProps {
  readonly icon: IconName
  readonly text: string
  readonly urgent?: boolean
}

function Reminder({ icon, text, urgent = false }: ReminderProps) {
  return (
    <li class={urgent ? 'admitted-urgent' : undefined}>
      <Icon name={icon} />
      <span>{text}</span>
    </li>
  )
}
