import './refused.css'
import type { Outcome } from '../../../kiosk-agent/api/contract.ts'
import { Button } from '../../components/button.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import { SlipHelp } from '../../components/slip-help.tsx'
import type { Locale } from '../../i18n/locale.ts'
import type { NextStep, Reason, Saying } from '../../i18n/messages.ts'
import { reasonSaying } from '../../i18n/sayings.ts'
import type { ScreenProps } from '../screen-props.ts'

const icons: { readonly [N in NextStep]: IconName } = {
  'come-back-in-time': 'clock',
  'book-appointment': 'calendar',
  'book-again': 'calendar',
  'see-staff': 'person',
  'wait-for-a-place': 'door',
  'come-when-open': 'clock',
  'show-own-code': 'phone',
  'rest-and-measure-again': 'thermometer',
  clinic: 'clinic',
}

/** Not now: the fact as a sentence, what it means, and the ways forward. Amber, because the visitor did nothing wrong. */
export function Refused({ snapshot, locale, actions }: ScreenProps) {
  const { outcome } = snapshot
  if (!outcome) return null
  const words = locale.messages.outcome
  const [first, ...others] = outcome.reasons.map((reason) => reasonSaying(reason, locale))
  const assist = outcome.decision === 'assist'
  return (
    <div class={`refused ${others.length > 0 ? '' : 'refused-one'}`}>
      <div class="refused-facts">
        <Panel
          tone="amber"
          icon={others.length > 0 ? undefined : about(outcome.reasons[0])}
          eyebrow={assist && first ? words.assist.title : undefined}
          saying={first ?? words.assist}
        />
        {others.length > 0 && <OtherReasons sayings={others} also={words.also} />}
      </div>
      <section class="refused-next">
        <h2>{words.youCan}</h2>
        <ul>
          {outcome.next.map((step, index) => (
            <li key={step} class="way">
              <span class="way-icon">
                <Icon name={icons[step]} />
              </span>
              <div class="way-words">
                <h3>{words.next[step].title}</h3>
                <p>{words.next[step].body}</p>
              </div>
              {step === 'see-staff' && (
                <Button
                  intent={{ type: 'call-help' }}
                  actions={actions}
                  label={words.callNow}
                  look={assist || index === 0 ? 'primary' : 'plain'}
                  icon="bell"
                />
              )}
            </li>
          ))}
        </ul>
        {outcome.slipHelp ? (
          <SlipHelp
            outcome={outcome}
            help={outcome.slipHelp}
            text={words.slip[outcome.slip]}
            locale={locale}
            actions={actions}
          />
        ) : (
          <SlipCode outcome={outcome} locale={locale} />
        )}
      </section>
    </div>
  )
}

/** What a reason is about, as a sign. */
function about(reason: Reason | undefined): IconName {
  if (!reason) return 'person'
  return signs[reason.code] ?? (reason.code.startsWith('health-') ? 'phone' : 'calendar')
}

const signs: { readonly [Code in Reason['code']]?: IconName } = {
  'hall-closed': 'clock',
  'card-not-readable': 'card',
  'card-expired': 'card',
  'too-early': 'clock',
  'too-late': 'clock',
  'hall-full': 'door',
  'no-phone': 'phone',
  'temperature-high': 'thermometer',
  'temperature-unavailable': 'thermometer',
  'store-unavailable': 'cable',
  'gate-unavailable': 'door',
}

function OtherReasons({ sayings, also }: { readonly sayings: readonly Saying[]; readonly also: string }) {
  return (
    <section class="refused-others">
      <h2>{also}</h2>
      <ol>
        {sayings.map(({ title, body }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{body}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function SlipCode({ outcome, locale }: { readonly outcome: Outcome; readonly locale: Locale }) {
  const words = locale.messages.outcome
  return (
    <div class="slip-code">
      <Icon name="slip" />
      <p>{words.slip[outcome.slip]}</p>
      <p class="slip-code-number">
        <span>{words.code}</span> <strong>{outcome.slipCode}</strong>
      </p>
    </div>
  )
}
