import './welcome.css'
import type { Check } from '../../../kiosk-agent/api/contract.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import type { SceneName } from '../../components/scene.tsx'
import type { Locale } from '../../i18n/locale.ts'
import type { ScreenProps } from '../screen-props.ts'

type Name = Check['check']
type View = Pick<ScreenProps, 'snapshot' | 'locale'>

const icons: { readonly [N in Name]: IconName } = {
  identity: 'card',
  appointment: 'calendar',
  health: 'phone',
  temperature: 'thermometer',
  mask: 'mask',
}

/** Checks that begin with something the visitor does, and the drawing that shows it. */
const invitations = [
  ['identity', 'card'],
  ['health', 'phone'],
  ['temperature', 'face'],
  ['mask', 'mask'],
] as const satisfies readonly (readonly [Name, SceneName])[]

/** Nobody is here: what this door is, whether one can enter now, and how to begin. */
export function Welcome({ snapshot, locale }: ScreenProps) {
  const { messages } = locale
  const asked = snapshot.asks.filter((ask): ask is Name => ask in icons)
  return (
    <div class="welcome">
      <div class="welcome-first">
        <Invitation snapshot={snapshot} locale={locale} />
        <Notices snapshot={snapshot} locale={locale} />
      </div>
      {asked.length > 0 && (
        <section class="welcome-needed">
          <h2>{messages.welcome.needed}</h2>
          <ul>
            {asked.map((name) => (
              <Needed key={name} name={name} locale={locale} />
            ))}
          </ul>
          <p class="welcome-order">
            {messages.welcome.anyOrder}
            {asked.includes('health') && ` ${messages.welcome.noPhone}`}
          </p>
        </section>
      )}
    </div>
  )
}

function Invitation({ snapshot, locale }: View) {
  const { hall, asks, at } = snapshot
  const { welcome } = locale.messages
  if (!hall.open) {
    const when = hall.opensAt && locale.formats.moment(hall.opensAt, at)
    const body = `${when ? welcome.closed.opens(when) : welcome.closed.unknown} ${welcome.closedNext}`
    return <Panel tone="amber" scene="closed" saying={{ title: welcome.closed.title, body }} />
  }
  if (asks.includes('capacity') && hall.inside !== undefined && hall.inside >= hall.capacity) {
    const body = welcome.full.body(locale.formats.number(hall.capacity))
    return <Panel tone="amber" scene="full" saying={{ title: welcome.full.title, body }} />
  }
  const [first, scene] = invitations.find(([name]) => asks.includes(name)) ?? (['none', 'walk'] as const)
  return <Panel tone="blue" scene={scene} eyebrow={welcome.greeting} saying={welcome.invitation[first]} />
}

function Notices({ snapshot, locale }: View) {
  const { notices } = snapshot.service
  if (notices.length === 0) return null
  return (
    <ul class="welcome-notices">
      {notices.map((notice) => (
        <li key={notice}>
          <Icon name="alert" />
          <span>{locale.messages.notices[notice]}</span>
        </li>
      ))}
    </ul>
  )
}

function Needed({ name, locale }: { readonly name: Name; readonly locale: Locale }) {
  const { title, body } = locale.messages.welcome.bring[name]
  return (
    <li class="needed">
      <span class="needed-icon">
        <Icon name={icons[name]} />
      </span>
      <div>
        <h3>{title}</h3>
        <p>{body}</p>
      </div>
    </li>
  )
}
