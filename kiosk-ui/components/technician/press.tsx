import './press.css'
import { useSignal } from '@preact/signals'
import type { Command } from '../../../kiosk-agent/api/technician-commands.ts'
import { consoleLocale } from '../../i18n/technician/locale.ts'
import { inFlight, isOurs, language, send } from '../../technician-state.ts'
import { ToolIcon, type ToolIconName } from './tool-icon.tsx'

type Look = 'primary' | 'plain' | 'danger' | 'quiet'

interface PressProps {
  readonly label: string
  readonly look?: Look
  readonly icon?: ToolIconName
  readonly disabled?: boolean | undefined
  onPress(): void
}

export function Press({ label, look = 'plain', icon, disabled = false, onPress }: PressProps) {
  return (
    <button type="button" class={`press press-${look}`} disabled={disabled} onClick={onPress}>
      {icon && <ToolIcon name={icon} />}
      <span>{label}</span>
    </button>
  )
}

interface CommandPressProps extends Omit<PressProps, 'onPress'> {
  readonly command: Command
  /** Touches a device: only once the terminal was taken over. */
  readonly ours?: boolean
  onDone?(): void
}

/** Sends one command; while one of its type is on its way it cannot be pressed again. */
export function CommandPress({ command, ours = false, disabled, onDone, ...looks }: CommandPressProps) {
  const press = async () => {
    if (await send(command)) onDone?.()
  }
  return (
    <Press
      {...looks}
      disabled={disabled || inFlight.value.has(command.type) || (ours && !isOurs.value)}
      onPress={() => void press()}
    />
  )
}

interface SureProps {
  readonly label: string
  readonly question: string
  readonly look?: Look
  readonly disabled?: boolean
  onYes(): void
}

/** Asks once more before what cannot be taken back lightly. */
export function Sure({ label, question, look = 'danger', disabled, onYes }: SureProps) {
  const asking = useSignal(false)
  const { words } = consoleLocale(language.value)
  if (!asking.value)
    return (
      <Press
        label={label}
        look={look}
        disabled={disabled}
        onPress={() => {
          asking.value = true
        }}
      />
    )
  const answer = (yes: boolean) => {
    asking.value = false
    if (yes) onYes()
  }
  return (
    <div class="sure" role="alert">
      <p>{question}</p>
      <Press label={words.yes} look="danger" onPress={() => answer(true)} />
      <Press label={words.no} onPress={() => answer(false)} />
    </div>
  )
}

const copiedShownMs = 3_000

/** A command to be copied into a terminal, whole. */
export function Copyable({ text }: { readonly text: string }) {
  const copied = useSignal(false)
  const { words } = consoleLocale(language.value)
  const copy = async () => {
    // Where the browser refuses, the text can still be selected by hand.
    copied.value = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    setTimeout(() => {
      copied.value = false
    }, copiedShownMs)
  }
  return (
    <div class="copyable">
      <code>{text}</code>
      <Press
        label={copied.value ? words.copied : words.copy}
        icon={copied.value ? 'check' : 'copy'}
        onPress={() => void copy()}
      />
    </div>
  )
}
