import './app.css'
import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { Intent, Snapshot } from '../kiosk-agent/api/contract.ts'
import { type ScreenName, screenFor } from './choose-screen.ts'
import { Footer } from './components/footer.tsx'
import { Header } from './components/header.tsx'
import { type Locale, localeFor } from './i18n/locale.ts'
import { Admitted } from './screens/entry/admitted.tsx'
import { CardLeft } from './screens/entry/card-left.tsx'
import { Checklist } from './screens/entry/checklist.tsx'
import { ConnectionLost } from './screens/entry/connection-lost.tsx'
import { Emergency } from './screens/entry/emergency.tsx'
import { HelpComing } from './screens/entry/help-coming.tsx'
import { OutOfService } from './screens/entry/out-of-service.tsx'
import { Refused } from './screens/entry/refused.tsx'
import { TimeWarning } from './screens/entry/time-warning.tsx'
import { Welcome } from './screens/entry/welcome.tsx'
import type { Actions, ScreenProps } from './screens/screen-props.ts'
import { spokenText } from './spoken.ts'
import {
  countdown,
  inFlight,
  language,
  minute,
  notSent,
  screen,
  secondsLeft,
  send,
  snapshot,
} from './state.ts'

type PageName = ReturnType<typeof screenFor>

const pages: { readonly [P in PageName]?: ComponentType<ScreenProps> } = {
  welcome: Welcome,
  checklist: Checklist,
  'card-left': CardLeft,
  admitted: Admitted,
  refused: Refused,
  'help-coming': HelpComing,
  'out-of-service': OutOfService,
  maintenance: OutOfService,
  emergency: Emergency,
}

const actions: Actions = {
  send: (intent) => void send(intent),
  sending: (type) => inFlight.value.has(type),
}

/** The bench is not part of a visitor's page: it is fetched when a terminal says that it is simulated. */
const bench = signal<ComponentType<{ locale: Locale }> | null>(null)
let benchAsked = false

function wantBench() {
  if (benchAsked) return
  benchAsked = true
  void import('./bench/bench.tsx').then((loaded) => {
    bench.value = loaded.Bench
  })
}

export function App() {
  const current = snapshot.value
  const name = screen.value
  const locale = localeFor(language.value)
  const covered =
    name === 'connection-lost' || name === 'signed-out' || name === 'starting' ? name : undefined
  if (current?.terminal.simulated) wantBench()
  const Bench = current?.terminal.simulated ? bench.value : null
  return (
    // The version tells whoever watches from outside which snapshot is on the screen.
    <div class="kiosk" data-version={current?.version}>
      <div class="visitor">
        <div class="frame">
          {current?.terminal.simulated && <p class="ribbon">{locale.messages.simulated}</p>}
          {current && <Page snapshot={current} locale={locale} covered={covered !== undefined} />}
          {covered && <ConnectionLost language={locale.language} state={covered} />}
          {notSent.value && !covered && (
            <p class="not-sent" role="alert">
              {locale.messages.notSent}
            </p>
          )}
          <p class="unseen" role="status">
            {spokenText(name, current, locale)}
          </p>
        </div>
      </div>
      {Bench && <Bench locale={locale} />}
    </div>
  )
}

interface PageProps {
  readonly snapshot: Snapshot
  readonly locale: Locale
  /** Something lies over the page; nothing on it can be pressed. */
  readonly covered: boolean
}

function Page({ snapshot: current, locale, covered }: PageProps) {
  const name = screenFor(current)
  const Screen = pages[name]
  const warned = name === 'checklist' && current.session?.warning === true
  const props = { snapshot: current, locale, actions, minute: minute.value }
  const counts = name === 'checklist' || name === 'admitted' || name === 'refused'
  return (
    <>
      <div class="page" inert={covered || warned}>
        <Header
          snapshot={current}
          locale={locale}
          minute={minute.value}
          countdown={counts ? countdown.value : null}
          paused={name === 'checklist' && current.session?.paused === true}
        />
        <main class={`main main-${name} ${goesIn(current, name) ? 'main-admitted-go' : ''}`}>
          {Screen && <Screen {...props} />}
        </main>
        <Footer
          locale={locale}
          actions={actions}
          end={endOf(name, current, locale)}
          helpCalled={current.help !== null}
        />
      </div>
      {warned && !covered && <TimeWarning {...props} seconds={secondsLeft.value ?? 0} />}
    </>
  )
}

/** Green belongs to a gate that lets this visitor through, and to nothing else. */
function goesIn({ outcome }: Snapshot, name: ScreenName): boolean {
  return name === 'admitted' && outcome?.lane !== 'fault' && outcome?.lane !== 'timed-out'
}

function endOf(
  name: ScreenName,
  { session, outcome }: Snapshot,
  { messages }: Locale,
): { label: string; intent: Intent } | undefined {
  if (name === 'checklist' && session?.phase === 'collecting')
    return { label: messages.footer.cancel, intent: { type: 'cancel', about: session.id } }
  if ((name === 'admitted' || name === 'refused') && outcome)
    return { label: messages.footer.finish, intent: { type: 'dismiss-outcome', about: outcome.id } }
  return undefined
}
