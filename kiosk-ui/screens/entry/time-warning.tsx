import './time-warning.css'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import type { ScreenProps } from '../screen-props.ts'

/** Asked before the time is over; one touch for more. */
export function TimeWarning({
  snapshot,
  locale,
  actions,
  seconds,
}: ScreenProps & { readonly seconds: number }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector('button')?.focus(), [])
  const words = locale.messages.timeWarning
  const about = snapshot.session?.id ?? null
  return (
    <div class="overlay">
      <div
        ref={box}
        class="time-warning"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="time-warning-title"
        aria-describedby="time-warning-body"
      >
        <Icon name="clock" />
        <h2 id="time-warning-title">{words.title}</h2>
        <p id="time-warning-body">{words.body(seconds)}</p>
        <div class="time-warning-answers">
          <Button intent={{ type: 'more-time', about }} actions={actions} label={words.more} look="primary" />
          <Button intent={{ type: 'cancel', about }} actions={actions} label={words.end} />
        </div>
      </div>
    </div>
  )
}
