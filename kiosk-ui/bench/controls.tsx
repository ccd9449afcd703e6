import type { ComponentChildren } from 'preact'

/** A titled part of the bench. */
export function BenchGroup({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}) {
  return (
    <section class="bench-group">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

interface ChoiceProps<Value extends string> {
  readonly labels: { readonly [V in Value]: string }
  readonly chosen: Value
  onChoose(value: Value): void
}

/** One of a few states a device can be put into. */
export function Choice<Value extends string>({ labels, chosen, onChoose }: ChoiceProps<Value>) {
  const values = Object.keys(labels) as Value[]
  return (
    <div class="bench-row">
      {values.map((value) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {labels[value]}
        </button>
      ))}
    </div>
  )
}

interface TickProps {
  readonly label: string
  readonly on: boolean
  onChange(on: boolean): void
}

export function Tick({ label, on, onChange }: TickProps) {
  return (
    <label class="bench-tick">
      <input type="checkbox" checked={on} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {label}
    </label>
  )
}
