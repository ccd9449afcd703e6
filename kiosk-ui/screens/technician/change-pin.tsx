import './sign-in.css'
import { useSignal } from '@preact/signals'
import { Notice } from '../../components/technician/notice.tsx'
import { NumberPad } from '../../components/technician/number-pad.tsx'
import { Press } from '../../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { comeIn, inFlight, refusal, send } from '../../technician-state.ts'
import { ChoosePin } from './choose-pin.tsx'

/** A PIN that somebody else set is changed before anything else. */
export function ChangePin({ locale }: { readonly locale: ConsoleLocale }) {
  const { changePin, setUp } = locale.words
  return (
    <div class="entry">
      <h1>{changePin.title}</h1>
      <p class="soft">{changePin.hint}</p>
      {refusal.value && (
        <Notice tone="red" role="alert" title={wordOf(locale.words.refusals, refusal.value.error)} />
      )}
      <OwnPin locale={locale} label={setUp.next} onDone={() => void comeIn()} />
    </div>
  )
}

interface OwnPinProps {
  readonly locale: ConsoleLocale
  readonly label: string
  onDone(): void
}

/** The PIN one has now, then the new one twice. */
export function OwnPin({ locale, label, onDone }: OwnPinProps) {
  const { changePin, setUp, signIn } = locale.words
  const old = useSignal('')
  const known = useSignal(false)
  const next = () => {
    known.value = old.value.length >= 6
  }
  const change = async (newPin: string) => {
    if (await send({ type: 'change-own-pin', pin: old.value, newPin })) return onDone()
    old.value = ''
    known.value = false
  }
  if (known.value)
    return (
      <ChoosePin
        locale={locale}
        label={label}
        busy={inFlight.value.has('change-own-pin')}
        onChosen={(pin) => void change(pin)}
      />
    )
  return (
    <>
      <NumberPad
        id="old-pin"
        label={changePin.old}
        note={signIn.pinHint}
        secret
        longest={12}
        value={old.value}
        onValue={(value) => {
          old.value = value
        }}
        onEnter={next}
      />
      <Press label={setUp.next} look="primary" disabled={old.value.length < 6} onPress={next} />
    </>
  )
}
