import './sign-in.css'
import { signal } from '@preact/signals'
import { TextField } from '../../components/technician/field.tsx'
import { Notice } from '../../components/technician/notice.tsx'
import { Press } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { type SignInAnswer, setUp } from '../../technician-client.ts'
import { comeIn, setUpToken } from '../../technician-state.ts'
import { ChoosePin } from './choose-pin.tsx'
import { failureWords } from './sign-in.tsx'

const name = signal('')
const account = signal('')
const named = signal(false)
const busy = signal(false)
const failure = signal<NonNullable<SignInAnswer> | null>(null)

/** The first account of a terminal, by the one-time link that its agent printed. */
export function SetUp({ locale }: { readonly locale: ConsoleLocale }) {
  const { setUp: words, signIn } = locale.words
  const whole = name.value.trim() !== '' && /^[a-z0-9-]{1,32}$/.test(account.value)
  return (
    <div class="entry">
      <h1>{words.title}</h1>
      <p class="soft">{words.hint}</p>
      {failure.value && <Notice tone="red" role="alert" title={failureWords(failure.value, locale)} />}
      {named.value ? (
        <>
          <ChoosePin
            locale={locale}
            label={words.create}
            busy={busy.value}
            onChosen={(pin) => void create(pin)}
          />
          <Press label={words.back} onPress={() => turnBack()} />
        </>
      ) : (
        <>
          <TextField
            id="name"
            label={words.name}
            note={words.nameHint}
            value={name.value}
            onInput={(value) => {
              name.value = value.slice(0, 40)
            }}
          />
          <TextField
            id="account"
            label={signIn.account}
            note={signIn.accountHint}
            value={account.value}
            onInput={(value) => {
              account.value = value.trim().toLowerCase()
            }}
          />
          <Press
            label={words.next}
            look="primary"
            disabled={!whole}
            onPress={() => {
              named.value = true
            }}
          />
        </>
      )}
    </div>
  )
}

function turnBack(): void {
  named.value = false
  failure.value = null
}

async function create(pin: string): Promise<void> {
  const token = setUpToken.value
  if (!token || busy.value) return
  busy.value = true
  const request = { token, account: account.value, name: name.value.trim(), pin }
  const answer = await setUp(request)
  busy.value = false
  failure.value = answer ?? null
  if (!answer) await comeIn()
  // A spent link leads nowhere: whoever has an account signs in.
  else if (answer.error === 'token') setUpToken.value = undefined
}
