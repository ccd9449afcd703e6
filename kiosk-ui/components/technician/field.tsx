import './field.css'
import type { ComponentChildren } from 'preact'
import { ToolIcon } from './tool-icon.tsx'

interface AroundProps {
  readonly id: string
  readonly label: string
  readonly note?: string | undefined
  readonly fault?: string | undefined
  readonly children: ComponentChildren
}

/** Label, what to know, the control itself, and beside it what is wrong. */
export function Field({ id, label, note, fault, children }: AroundProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <FieldNotes id={id} note={note} fault={fault} />
    </div>
  )
}

export function FieldNotes({ id, note, fault }: Pick<AroundProps, 'id' | 'note' | 'fault'>) {
  return (
    <>
      {note && (
        <p class="field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
      {fault && (
        <p class="field-fault" id={`${id}-fault`}>
          <ToolIcon name="alert" />
          {fault}
        </p>
      )}
    </>
  )
}

/** What a control needs so that its notes and its fault are read out with it. */
export function described({ id, note, fault }: Pick<AroundProps, 'id' | 'note' | 'fault'>) {
  const by = [note && `${id}-note`, fault && `${id}-fault`].filter(Boolean).join(' ')
  return {
    id,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': by || undefined,
  } as const
}

interface TextFieldProps extends Omit<AroundProps, 'children'> {
  readonly value: string
  readonly placeholder?: string | undefined
  /** Ports, bytes and names of settings stand in letters of one width. */
  readonly mono?: boolean
  readonly numeric?: boolean
  readonly secret?: boolean
  readonly autofocus?: boolean
  readonly required?: boolean
  onInput(value: string): void
}

export function TextField({
  value,
  placeholder,
  mono = false,
  numeric = false,
  secret = false,
  onInput,
  ...around
}: TextFieldProps) {
  return (
    <Field {...around}>
      <input
        {...described(around)}
        {...(secret ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
        class={mono ? 'field-mono' : ''}
        inputMode={numeric ? 'numeric' : 'text'}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        required={around.required}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Field>
  )
}

interface OptionsProps<Value extends string> {
  readonly legend: string
  readonly hidden?: boolean
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly chosen: Value | undefined
  onChoose(value: Value): void
}

/** One of a few, all of them to be seen. */
export function Options<Value extends string>({
  legend,
  hidden,
  options,
  chosen,
  onChoose,
}: OptionsProps<Value>) {
  return (
    <fieldset class="options">
      <legend class={hidden ? 'unseen' : ''}>{legend}</legend>
      {options.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          class="press"
          aria-pressed={value === chosen}
          onClick={() => onChoose(value)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}
