import './number-pad.css'
import { consoleLocale } from '../../i18n/technician/locale.ts'
import { language } from '../../technician-state.ts'
import { described, Field } from './field.tsx'
import { ToolIcon } from './tool-icon.tsx'

interface NumberPadProps {
  readonly id: string
  readonly label: string
  readonly note?: string | undefined
  readonly fault?: string | undefined
  readonly value: string
  readonly longest: number
  /** A PIN: dots instead of digits. */
  readonly secret?: boolean
  /** The key beside the zero. */
  readonly point?: string
  readonly disabled?: boolean
  onValue(value: string): void
  onEnter(): void
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** A number by touch; a keyboard types into the same field. */
export function NumberPad({ secret = false, point, disabled = false, ...pad }: NumberPadProps) {
  const { words } = consoleLocale(language.value)
  const { value, longest, onValue, onEnter } = pad
  const allowed = point ? /^[\d.]*$/ : /^\d*$/
  const take = (next: string) => {
    if (allowed.test(next) && next.length <= longest) onValue(next)
  }
  const key = (sign: string) => (
    <button key={sign} type="button" disabled={disabled} onClick={() => take(value + sign)}>
      {sign}
    </button>
  )
  return (
    <div class="pad">
      <Field {...pad}>
        <input
          {...described(pad)}
          {...(secret ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
          inputMode="none"
          autoComplete="off"
          disabled={disabled}
          value={value}
          onInput={(event) => {
            const typed = event.currentTarget.value
            take(typed)
            if (typed !== value && !allowed.test(typed)) event.currentTarget.value = value
          }}
          onKeyDown={(event) => event.key === 'Enter' && onEnter()}
        />
      </Field>
      {secret && (
        <p class="unseen" role="status">
          {words.signIn.entered(value.length)}
        </p>
      )}
      <div class="pad-keys">
        {digits.map(key)}
        {point ? key(point) : <span />}
        {key('0')}
        <button
          type="button"
          aria-label={words.keyboardKeys.delete}
          disabled={disabled || value === ''}
          onClick={() => onValue(value.slice(0, -1))}
        >
          <ToolIcon name="backspace" />
        </button>
      </div>
    </div>
  )
}
