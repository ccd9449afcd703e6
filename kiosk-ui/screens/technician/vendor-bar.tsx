import './vendor-bar.css'
import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import { Notice } from '../../components/technician/notice.tsx'
import { CommandPress } from '../../components/technician/press.tsx'
import { ToolIcon, type ToolIconName } from '../../components/technician/tool-icon.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { isOurs, sinceMs } from '../../technician-state.ts'
import type { ViewProps } from './console-props.ts'

type Mode = Console['vendorMode']['state']

const icons: { readonly [M in Mode]: ToolIconName } = {
  visitors: 'person',
  entering: 'clock',
  active: 'configure',
  exiting: 'clock',
}

/** Whose terminal it is now, and how to take it over or give it back. */
export function VendorBar({ state, locale }: ViewProps) {
  const { vendorMode, visitor } = state
  const { vendor } = locale.words
  const isHeldByOther = vendorMode.state === 'active' && !isOurs.value
  return (
    <section class={`vendor vendor-${vendorMode.state}`}>
      <div class="vendor-words" role="status">
        <p>
          <ToolIcon name={icons[vendorMode.state]} />
          {isHeldByOther ? vendor.heldBy(vendorMode.by ?? '') : vendor[vendorMode.state]}
        </p>
        <p>{secondLine(state, locale)}</p>
      </div>
      {vendorMode.state === 'active' ? (
        isOurs.value && <CommandPress command={{ type: 'leave' }} label={vendor.leave} icon="back" />
      ) : (
        <div class="bar">
          <TakeOver visitorIsHere={visitor !== null} mode={vendorMode.state} locale={locale} />
        </div>
      )}
    </section>
  )
}

function secondLine({ vendorMode, visitor }: Console, { words: { vendor }, language }: ConsoleLocale) {
  if (vendorMode.state === 'active') {
    return vendor.activeHint
  }
  if (vendorMode.state === 'exiting') {
    const waiting = vendorMode.waitingFor ?? []
    return waiting.length > 0 ? vendor.waitingFor(waiting.join(language === 'en' ? ', ' : '、')) : ''
  }
  if (visitor) return vendor.visitorHere(Math.max(0, Math.ceil((visitor.remainingMs - sinceMs.value) / 1000)))
  return vendor.visitorsHint
}

interface TakeOverProps {
  readonly visitorIsHere: boolean
  readonly mode: Exclude<Mode, 'active'>
  readonly locale: ConsoleLocale
}

function TakeOver({ visitorIsHere, mode, locale: { words } }: TakeOverProps) {
  const { vendor } = words
  const now = { type: 'enter', when: 'now' } as const
  if (mode === 'entering')
    return (
      <>
        <CommandPress command={now} label={vendor.endNow} look="danger" />
        <CommandPress command={{ type: 'leave' }} label={vendor.doNotWait} />
      </>
    )
  if (mode === 'exiting')
    return (
      <>
        <CommandPress command={{ type: 'leave', force: true }} label={vendor.leaveAnyway} />
        <CommandPress command={now} label={vendor.takeOver} />
      </>
    )
  if (!visitorIsHere)
    return <CommandPress command={now} label={vendor.takeOver} look="primary" icon="configure" />
  return (
    <>
      <CommandPress
        command={{ type: 'enter', when: 'after-visitor' }}
        label={vendor.afterVisitor}
        look="primary"
      />
      <CommandPress command={now} label={vendor.endNow} look="danger" />
    </>
  )
}

interface NeedsTerminalProps {
  readonly locale: ConsoleLocale
  /** What cannot be pressed, where that is one thing among others. */
  readonly about?: string
}

/** Beside what touches a device: why it cannot be pressed now. The way out stands in the bar above. */
export function NeedsTerminal({ locale: { words }, about }: NeedsTerminalProps) {
  if (isOurs.value) return null
  return (
    <Notice tone="amber" title={about ? `${about}: ${words.vendor.needed}` : words.vendor.needed}>
      <CommandPress command={{ type: 'enter', when: 'after-visitor' }} label={words.vendor.takeOver} />
    </Notice>
  )
}
