import './console.css'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Keyboard, keyboardOpen } from '../../components/technician/keyboard.tsx'
import { Notice, Skeleton } from '../../components/technician/notice.tsx'
import { Press } from '../../components/technician/press.tsx'
import { ToolIcon } from '../../components/technician/tool-icon.tsx'
import { languageNames, languages } from '../../i18n/languages.ts'
import { type ConsoleLocale, consoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import {
  connection,
  current,
  language,
  leave,
  me,
  refusal,
  setUpToken,
  speak,
  view,
  visitorAddress,
} from '../../technician-state.ts'
import { type ViewName, viewNames } from '../../technician-views.ts'
import { Accounts } from './accounts.tsx'
import { ChangePin } from './change-pin.tsx'
import { Configure } from './configure.tsx'
import type { ViewProps } from './console-props.ts'
import { Devices } from './devices.tsx'
import { Identify } from './identify.tsx'
import { Proof } from './proof.tsx'
import { SetUp } from './set-up.tsx'
import { SignIn } from './sign-in.tsx'
import { Test } from './test.tsx'
import { VendorBar } from './vendor-bar.tsx'
import { Wire } from './wire.tsx'

const views: { readonly [V in ViewName]: ComponentType<ViewProps> } = {
  devices: Devices,
  identify: Identify,
  configure: Configure,
  test: Test,
  wire: Wire,
  proof: Proof,
  accounts: Accounts,
}

/** The technician's page: who is there, whose terminal it is, and one of its screens. */
export function ConsoleApp() {
  const locale = consoleLocale(language.value)
  const { words } = locale
  const state = current.value
  return (
    // The version tells whoever watches from outside which state is on the screen.
    <div class="console" data-version={state?.version}>
      {state?.terminal.simulated && <p class="console-ribbon">{words.simulated}</p>}
      <Head locale={locale} />
      {connection.value === 'lost' && (
        <div class="lost-bar">
          <Notice tone="red" icon="cable" title={words.lost.title} role="alert">
            <p>{words.lost.body}</p>
          </Notice>
        </div>
      )}
      <Body locale={locale} />
      {keyboardOpen.value && <Keyboard />}
    </div>
  )
}

function Head({ locale: { words } }: { readonly locale: ConsoleLocale }) {
  const terminal = current.value?.terminal
  return (
    <header class="console-head">
      <div class="console-name">
        <p>{words.title}</p>
        {terminal && (
          <p>
            {terminal.name[language.value]} · {terminal.id}
          </p>
        )}
      </div>
      <div class="console-tools">
        <fieldset class="options">
          <legend class="unseen">{words.language}</legend>
          {languages.map((each) => (
            <button
              key={each}
              type="button"
              lang={each}
              class="press"
              aria-pressed={each === language.value}
              onClick={() => speak(each)}
            >
              {languageNames[each]}
            </button>
          ))}
        </fieldset>
        <span class="console-keyboard">
          <button
            type="button"
            class="press"
            aria-label={words.keyboard}
            aria-pressed={keyboardOpen.value}
            onClick={() => {
              keyboardOpen.value = !keyboardOpen.value
            }}
          >
            <ToolIcon name="keyboard" />
          </button>
        </span>
        <a class="press console-back" href={visitorAddress()}>
          <ToolIcon name="back" />
          <span>{words.visitorScreen}</span>
        </a>
        {me.value && <Press label={words.signOut} onPress={() => void leave()} />}
      </div>
    </header>
  )
}

function Body({ locale }: { readonly locale: ConsoleLocale }) {
  const who = me.value
  const { words } = locale
  if (who === undefined)
    return (
      <main class="console-main">
        <div class="view">
          <Skeleton label={words.loading} />
        </div>
      </main>
    )
  if (who === null)
    return (
      <main class="console-main">
        {setUpToken.value ? <SetUp locale={locale} /> : <SignIn locale={locale} />}
      </main>
    )
  if (who.mustChangePin)
    return (
      <main class="console-main">
        <ChangePin locale={locale} />
      </main>
    )
  return <Working locale={locale} />
}

/** Signed in: whose terminal it is, the screens, and one of them. */
function Working({ locale }: { readonly locale: ConsoleLocale }) {
  const { words } = locale
  const state = current.value
  const View = views[view.value]
  const main = useRef<HTMLElement>(null)
  const name = view.value
  // A new screen is read from its beginning, by eyes and by ears.
  useEffect(() => {
    main.current?.scrollTo(0, 0)
    if (document.activeElement?.closest('.console-nav')) return
    main.current?.focus()
  }, [name])
  return (
    <>
      {state && <VendorBar state={state} locale={locale} />}
      <div class="console-body">
        <Navigation locale={locale} />
        <main class="console-main" ref={main} tabIndex={-1} aria-label={words.views[name]}>
          {refusal.value && (
            <Notice tone="red" role="alert" title={wordOf(words.refusals, refusal.value.error)}>
              {'message' in refusal.value && (
                <p class="mono" lang="en">
                  {refusal.value.message}
                </p>
              )}
            </Notice>
          )}
          {state ? (
            <View state={state} locale={locale} />
          ) : (
            <div class="view">
              <h1>{words.views[name]}</h1>
              <Skeleton label={words.loading} />
            </div>
          )}
        </main>
      </div>
    </>
  )
}

function Navigation({ locale: { words } }: { readonly locale: ConsoleLocale }) {
  return (
    <nav class="console-nav" aria-label={words.screens}>
      <ul>
        {viewNames.map((name) => (
          <li key={name}>
            <a href={`#/${name}`} aria-current={name === view.value ? 'page' : undefined}>
              <ToolIcon name={name} />
              {words.views[name]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
