import './header.css'
import type { Snapshot } from '../../kiosk-agent/api/contract.ts'
import type { Locale } from '../i18n/locale.ts'
import { Countdown } from './countdown.tsx'

interface HeaderProps {
  readonly snapshot: Snapshot
  readonly locale: Locale
  /** Unix milliseconds. */
  readonly minute: number
  readonly countdown: { readonly seconds: number; readonly full: number } | null
  /** The time stands still. */
  readonly paused: boolean
}

/** Whose door this is, whether the hall is open, how full it is, and the time that is left. */
export function Header({ snapshot, locale, minute, countdown, paused }: HeaderProps) {
  const { hall, terminal } = snapshot
  const { messages, formats, language } = locale
  return (
    <header class="header">
      <div class="header-hall">
        <p class="header-name">
          {hall.name[language]} <span class="header-terminal">{terminal.name[language]}</span>
        </p>
        <HallState snapshot={snapshot} locale={locale} />
      </div>
      <div class="header-time">
        <p class="header-clock">{formats.clock(minute)}</p>
        <p>{formats.day(minute)}</p>
      </div>
      {countdown && paused && <p class="header-paused">{messages.header.pausedShort}</p>}
      {countdown && (
        <Countdown
          {...countdown}
          label={paused ? messages.header.paused : messages.header.secondsLeft(countdown.seconds)}
          paused={paused}
        />
      )}
    </header>
  )
}

function HallState({
  snapshot: { hall },
  locale: { messages, formats },
}: Pick<HeaderProps, 'snapshot' | 'locale'>) {
  const words = messages.header
  const hours = hall.hours.map(({ from, to }) => `${from}–${to}`).join('  ')
  const fill = hall.inside === undefined ? 0 : Math.min(1, hall.inside / Math.max(1, hall.capacity))
  return (
    <ul class="header-state">
      <li class={hall.open ? 'header-open' : 'header-closed'}>
        <span class="header-dot" aria-hidden="true" />
        {hall.open ? words.open : words.closed} {hours || (hall.open ? '' : words.closedToday)}
      </li>
      <li>
        {hall.inside !== undefined && (
          <svg class="header-meter" viewBox="0 0 40 10" aria-hidden="true">
            <rect class="header-meter-track" width="40" height="10" rx="5" />
            <rect
              class="header-meter-fill"
              width={Math.max(10 * Math.sign(fill), 40 * fill)}
              height="10"
              rx="5"
            />
          </svg>
        )}
        {hall.inside === undefined
          ? words.insideUnknown
          : words.inside(formats.number(hall.inside), formats.number(hall.capacity))}
      </li>
    </ul>
  )
}
