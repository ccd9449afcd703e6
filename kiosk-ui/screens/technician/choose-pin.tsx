import { useSignal } from '@preact/signals'
import { NumberPad } from '../../components/technician/number-pad.tsx'
import { Press } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'

interface ChoosePinProps {
  readonly locale: ConsoleLocale
  /** What pressing the last button does. */
  readonly label: string
  readonly busy?: boolean
  onChosen(pin: string): void
}

const shortest = 6

/** A new PIN, typed twice: nobody sees what the first typing was. */
export function ChoosePin({ locale, label, busy = false, onChosen }: ChoosePinProps) {
  const { words } = locale
  const first = useSignal('')
  const repeating = useSignal(false)
  const typed = useSignal('')
  const differs = useSignal(false)
  const next = () => {
    if (typed.value.length < shortest || busy) return
    if (!repeating.value) {
      first.value = typed.value
      typed.value = ''
      differs.value = false
      repeating.value = true
    } else if (typed.value === first.value) onChosen(typed.value)
    else {
      typed.value = ''
      differs.value = true
      repeating.value = false
    }
  }
  return (
    <>
      <NumberPad
        id="new-pin"
        label={repeating.value ? words.setUp.repeat : words.setUp.choose}
        note={words.signIn.pinHint}
        fault={differs.value ? words.setUp.differs : undefined}
        secret
        longest={12}
        value={typed.value}
        onValue={(value) => {
          typed.value = value
        }}
        onEnter={next}
      />
      <Press
        label={repeating.value ? label : words.setUp.next}
        look="primary"
        disabled={typed.value.length < shortest || busy}
        onPress={next}
      />
    </>
  )
}
