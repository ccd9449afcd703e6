import type { Hall } from '../../config/schemas/hall.ts'

const DAY_MS = 86_400_000
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** When a hall is open, as this moment sees it. */
export interface OpeningState {
  readonly open: boolean
  /** Today's hours, "09:00". */
  readonly hours: readonly { readonly from: string; readonly to: string }[]
  /** When it opens next, Unix milliseconds; undefined while open, or when it does not open within eight days. */
  readonly opensAt?: number
}

/** ISO 8601 with the hall's own offset: "2020-03-02T10:30:00+08:00". */
export function isoTime(at: number, utcOffsetMinutes: number): string {
  const local = new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 19)
  const sign = utcOffsetMinutes < 0 ? '-' : '+'
  const pad = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.abs(utcOffsetMinutes)
  return `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/** "YYYYMMDD" of the hall's calendar day. */
export function dayOf(at: number, utcOffsetMinutes: number): string {
  return isoTime(at, utcOffsetMinutes).slice(0, 10).replaceAll('-', '')
}

/** Midnight that began the hall's day, Unix milliseconds. */
export function startOfDay(at: number, utcOffsetMinutes: number): number {
  const offset = utcOffsetMinutes * 60_000
  return Math.floor((at + offset) / DAY_MS) * DAY_MS - offset
}

/** A span includes its start and not its end. */
export function openingState(
  { hours, utcOffsetMinutes }: Pick<Hall, 'hours' | 'utcOffsetMinutes'>,
  at: number,
): OpeningState {
  const midnight = startOfDay(at, utcOffsetMinutes)
  const spansOf = (day: number) => {
    const weekday = weekdays[new Date(day + utcOffsetMinutes * 60_000).getUTCDay()] ?? 'sunday'
    return hours[weekday]
  }
  const today = spansOf(midnight)
  const open = today.some(({ from, to }) => at >= midnight + msOf(from) && at < midnight + msOf(to))
  if (open) return { open, hours: today }
  for (let day = midnight; day <= midnight + 8 * DAY_MS; day += DAY_MS) {
    const starts = spansOf(day).map(({ from }) => day + msOf(from))
    const opensAt = starts.filter((start) => start > at).sort((a, b) => a - b)[0]
    if (opensAt !== undefined) return { open, hours: today, opensAt }
  }
  return { open, hours: today }
}

function msOf(timeOfDay: string): number {
  const [hour = 0, minute = 0] = timeOfDay.split(':').map(Number)
  return (hour * 60 + minute) * 60_000
}
