import './sign-in.css'
import { signal } from '@preact/signals'
import { TextField } from '../../components/technician/field.tsx'
import { Notice } from '../../components/technician/notice.tsx'
import { NumberPad } from '../../components/technician/number-pad.tsx'
import { Press } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { type SignInAnswer, signIn } from '../../technician-client.ts'
import { comeIn, ended, now } from '../../technician-state.ts'

const account = signal('')
const pin = signal('')
const busy = signal(false)
const failure = signal<NonNullable<SignInAnswer> | null>(null)
/** On the page's own clock. */
const possibleFrom = signal(0)

/** Who is there? A wrong PIN delays the next try, and says for how long. */
export function SignIn({ locale }: { readonly locale: ConsoleLocale }) {
  const words = locale.words.signIn
  const waitSeconds = Math.max(0, Math.ceil((possibleFrom.value - now.value) / 1000))
  const ready = account.value !== '' && pin.value.length >= 6 && !busy.value && waitSeconds === 0
  const enter = () => {
    if (ready) void tryToSignIn()
  }
  return (
    <form
      class="entry"
      onSubmit={(event) => {
        event.preventDefault()
        enter()
      }}
    >
      <h1>{words.title}</h1>
      <p class="soft">{words.hint}</p>
      {ended.value && (
        <Notice tone="blue" role="status" title={ended.value === 'pressed' ? words.pressed : words.byAgent} />
      )}
      {failure.value && (
        <Notice tone="red" role="alert" title={failureWords(failure.value, locale)}>
          {waitSeconds > 0 && <p>{words.wait(waitSeconds)}</p>}
        </Notice>
      )}
      <TextField
        id="account"
        label={words.account}
        note={words.accountHint}
        value={account.value}
        onInput={(value) => {
          account.value = value.trim().toLowerCase()
        }}
      />
      <NumberPad
        id="pin"
        label={words.pin}
        note={words.pinHint}
        secret
        longest={12}
        value={pin.value}
        disabled={waitSeconds > 0}
        onValue={(value) => {
          pin.value = value
        }}
        onEnter={enter}
      />
      <Press label={words.enter} look="primary" disabled={!ready} onPress={enter} />
      <p class="note">{words.forgotten}</p>
    </form>
  )
}

async function tryToSignIn(): Promise<void> {
  busy.value = true
  const answer = await signIn({ account: account.value, pin: pin.value })
  busy.value = false
  pin.value = ''
  failure.value = answer ?? null
  if (answer && 'waitMs' in answer && answer.waitMs) possibleFrom.value = performance.now() + answer.waitMs
  if (answer) return
  account.value = ''
  ended.value = null
  await comeIn()
}

/** Why somebody could not come in. */
export function failureWords({ error }: NonNullable<SignInAnswer>, { words }: ConsoleLocale): string {
  const { wrong, locked, disabled, noAccounts, token, exists, notTechnician, unreachable } = words.signIn
  const told: { readonly [code: string]: string } = {
    wrong,
    locked,
    disabled,
    'no-accounts': noAccounts,
    token,
    exists,
    'not-technician': notTechnician,
  }
  return told[error] ?? unreachable
}
