import './countdown.css'

interface CountdownProps {
  readonly seconds: number
  readonly full: number
  /** "剩余 48 秒", for those who hear the screen. */
  readonly label: string
  /** The seconds do not go by. */
  readonly paused: boolean
}

const radius = 44
const round = 2 * Math.PI * radius

/** The time that is left, as a ring that empties. */
export function Countdown({ seconds, full, label, paused }: CountdownProps) {
  const urgent = !paused && seconds <= 15
  return (
    <div class={`countdown ${urgent ? 'countdown-urgent' : ''}`} role="timer" aria-label={label}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle class="countdown-track" cx="50" cy="50" r={radius} />
        <circle
          class="countdown-left"
          cx="50"
          cy="50"
          r={radius}
          stroke-dasharray={round}
          stroke-dashoffset={round * (1 - seconds / full)}
        />
      </svg>
      {paused ? (
        <svg class="countdown-bars" viewBox="0 0 100 100" aria-hidden="true">
          <path d="M39 34v32M61 34v32" />
        </svg>
      ) : (
        <span aria-hidden="true">{seconds}</span>
      )}
    </div>
  )
}
