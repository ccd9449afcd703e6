import './notice.css'
import type { ComponentChildren } from 'preact'
import { ToolIcon, type ToolIconName } from './tool-icon.tsx'

export type Tone = 'plain' | 'blue' | 'green' | 'amber' | 'red'

const icons: { readonly [T in Tone]: ToolIconName } = {
  plain: 'info',
  blue: 'info',
  green: 'check',
  amber: 'alert',
  red: 'alert',
}

interface NoticeProps {
  readonly tone: Tone
  readonly title?: string | undefined
  readonly icon?: ToolIconName
  /** Spoken at once: `alert`; when there is time: `status`. */
  readonly role?: 'alert' | 'status'
  readonly children?: ComponentChildren
}

/** One thing to know, with its meaning in colour, drawing and words. */
export function Notice({ tone, title, icon = icons[tone], role, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={role}>
      <ToolIcon name={icon} />
      <div class="notice-words">
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

interface MarkProps {
  readonly tone: Tone
  readonly label: string
  readonly icon?: ToolIconName
}

/** A state as a word with its drawing. */
export function Mark({ tone, label, icon = icons[tone] }: MarkProps) {
  return (
    <span class={`mark mark-${tone}`}>
      <ToolIcon name={icon} />
      {label}
    </span>
  )
}

interface EmptyProps {
  readonly icon: ToolIconName
  readonly title: string
  readonly hint?: string
  readonly children?: ComponentChildren
}

/** Nothing is here yet, and what to do about it. */
export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div class="empty">
      <ToolIcon name={icon} />
      <p class="empty-title">{title}</p>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  )
}

/** Stands where lists will be. */
export function Skeleton({ label, rows = 4 }: { readonly label: string; readonly rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  )
}
