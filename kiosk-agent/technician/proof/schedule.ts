import { startOfDay } from '../../entry/hall-time.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** When a daily time of the hall's own clock ("07:30") was last, Unix milliseconds; `now` itself counts. */
export function dueSince(
  now: number,
  { time, utcOffsetMinutes }: { readonly time: string; readonly utcOffsetMinutes: number },
): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const today = startOfDay(now, utcOffsetMinutes) + (hours * 60 + minutes) * MINUTE_MS
  return today <= now ? today : today - DAY_MS
}
