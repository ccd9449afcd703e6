import './keyboard.css'
import { signal } from '@preact/signals'
import { consoleLocale } from '../../i18n/technician/locale.ts'
import { language } from '../../technician-state.ts'
import { ToolIcon } from './tool-icon.tsx'

const letters = ['1234567890', 'qwertyuiop', 'asdfghjkl-', 'zxcvbnm./']
const symbols = ['1234567890', '@#%&*()_+=', '-:;"\'!?,<>', '[]{}\\|~^./']

export const keyboardOpen = signal(false)
const plane = signal<'letters' | 'capitals' | 'symbols'>('letters')

/** A kiosk's panel has no keyboard: one opens as soon as a field is touched there. */
export function openKeyboardOnTouch(): void {
  const isPanel = new URLSearchParams(location.search).has('diagonal')
  document.addEventListener('pointerup', ({ target, pointerType }) => {
    if (isPanel && pointerType === 'touch' && isTyped(target)) keyboardOpen.value = true
  })
}

function isTyped(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && target.type === 'text' && target.inputMode !== 'none'
}

/** Letters for account names, ports and addresses; types into whatever field has the focus. */
export function Keyboard() {
  const { keyboardKeys: words } = consoleLocale(language.value).words
  const rows = plane.value === 'symbols' ? symbols : letters
  const capital = plane.value === 'capitals'
  return (
    // Pressing a key must not take the focus out of the field that is typed into.
    <section
      class="keyboard"
      aria-label={consoleLocale(language.value).words.keyboard}
      onPointerDown={(event) => event.preventDefault()}
    >
      {rows.map((row) => (
        <div class="keyboard-row" key={row}>
          {[...row].map((sign) => {
            const typed = capital ? sign.toUpperCase() : sign
            return (
              <button key={sign} type="button" tabIndex={-1} onClick={() => type(typed)}>
                {typed}
              </button>
            )
          })}
        </div>
      ))}
      <div class="keyboard-row">
        <Plane name="capitals" label={words.shift} />
        <Plane name="symbols" label={words.symbols} />
        <button type="button" class="keyboard-wide" tabIndex={-1} onClick={() => type(' ')}>
          {words.space}
        </button>
        <button type="button" tabIndex={-1} aria-label={words.delete} onClick={remove}>
          <ToolIcon name="backspace" />
        </button>
        <button
          type="button"
          tabIndex={-1}
          onClick={() => {
            keyboardOpen.value = false
          }}
        >
          {words.done}
        </button>
      </div>
    </section>
  )
}

function Plane({ name, label }: { readonly name: 'capitals' | 'symbols'; readonly label: string }) {
  const on = plane.value === name
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-pressed={on}
      onClick={() => {
        plane.value = on ? 'letters' : name
      }}
    >
      {label}
    </button>
  )
}

function type(text: string): void {
  change((field, from, to) => field.setRangeText(text, from, to, 'end'))
}

function remove(): void {
  change((field, from, to) => field.setRangeText('', from === to ? Math.max(0, from - 1) : from, to, 'end'))
}

function change(
  edit: (field: HTMLInputElement | HTMLTextAreaElement, from: number, to: number) => void,
): void {
  const field = document.activeElement
  if (!isTyped(field)) return
  edit(field, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
