import type { Language } from '../../kiosk-agent/api/contract.ts'

/** Halls stand in one time zone; the machine's own may be anything. */
const timeZone = 'Asia/Shanghai'

const tags: { readonly [L in Language]: string } = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-HK', en: 'en-GB' }

/** Numbers, times and dates as one language writes them. Times come in as ISO 8601 with offset. */
export interface Formats {
  /** "11:15" */
  clock(time: string | number): string
  /** "11:15:07.250", for what follows within a second */
  precise(time: string): string
  /** "11:30–12:00" */
  range(from: string, to: string): string
  /** "11月22日 周日" */
  day(time: string | number): string
  /** The day is told only where it is not the day of `now`. */
  moment(time: string, now: string): string
  number(value: number): string
  /** Tenths of a degree: "36.5 °C" */
  celsius(tenths: number): string
  /** Hundredths of a degree: "36.52 °C" */
  hundredths(centiCelsius: number): string
}

export function formatsFor(language: Language): Formats {
  const tag = tags[language]
  const clock = new Intl.DateTimeFormat(tag, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const precise = new Intl.DateTimeFormat(tag, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  })
  const day = new Intl.DateTimeFormat(tag, { timeZone, month: 'short', day: 'numeric', weekday: 'short' })
  const number = new Intl.NumberFormat(tag)
  const degrees = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const finely = new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const clockOf = (time: string | number) => clock.format(new Date(time))
  const dayOf = (time: string | number) =>
    // Some locales glue day and weekday: "11月22日周日".
    day.format(new Date(time)).replace(/日(?=[周週(（星])/, '日 ')
  return {
    clock: clockOf,
    precise: (time) => precise.format(new Date(time)),
    range: (from, to) => `${clockOf(from)}–${clockOf(to)}`,
    day: dayOf,
    moment: (time, now) => (dayOf(time) === dayOf(now) ? clockOf(time) : `${dayOf(time)} ${clockOf(time)}`),
    number: (value) => number.format(value),
    celsius: (tenths) => `${degrees.format(tenths / 10)} °C`,
    hundredths: (centiCelsius) => `${finely.format(centiCelsius / 100)} °C`,
  }
}

/** Chinese text that no line break may part: a word joiner between its characters. */
export function unbroken(text: string): string {
  return [...text].join('\u2060')
}
