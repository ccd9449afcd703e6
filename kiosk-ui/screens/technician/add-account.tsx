import { useSignal } from '@preact/signals'
import type { Role } from '../../../kiosk-agent/api/technician-contract.ts'
import { Options, TextField } from '../../components/technician/field.tsx'
import { Press } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { inFlight, send } from '../../technician-state.ts'
import { ChoosePin } from './choose-pin.tsx'

interface AddAccountProps {
  readonly locale: ConsoleLocale
  onDone(): void
}

/** Who it is, then a first PIN that the person must change. */
export function AddAccount({ locale, onDone }: AddAccountProps) {
  const { accounts: words, signIn, setUp } = locale.words
  const name = useSignal('')
  const account = useSignal('')
  const role = useSignal<Role>('technician')
  const named = useSignal(false)
  const whole = name.value.trim() !== '' && /^[a-z0-9-]{1,32}$/.test(account.value)
  const add = async (pin: string) => {
    const who = { account: account.value, name: name.value.trim(), role: role.value, pin }
    if (await send({ type: 'add-account', ...who })) onDone()
    else named.value = false
  }
  if (named.value)
    return (
      <>
        <h2>
          {words.firstPin}: {name.value}
        </h2>
        <ChoosePin
          locale={locale}
          label={words.create}
          busy={inFlight.value.has('add-account')}
          onChosen={(pin) => void add(pin)}
        />
      </>
    )
  return (
    <>
      <h2>{words.add}</h2>
      <TextField
        id="new-name"
        label={words.name}
        value={name.value}
        onInput={(value) => {
          name.value = value.slice(0, 40)
        }}
      />
      <TextField
        id="new-account"
        label={words.id}
        note={signIn.accountHint}
        value={account.value}
        onInput={(value) => {
          account.value = value.trim().toLowerCase()
        }}
      />
      <Options
        legend={words.role}
        options={[
          { value: 'technician', label: words.roles.technician },
          { value: 'staff', label: words.roles.staff },
        ]}
        chosen={role.value}
        onChoose={(chosen) => {
          role.value = chosen
        }}
      />
      <Press
        label={setUp.next}
        look="primary"
        disabled={!whole}
        onPress={() => {
          named.value = true
        }}
      />
    </>
  )
}
