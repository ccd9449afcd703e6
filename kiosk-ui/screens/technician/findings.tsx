import './findings.css'
import type { Finding } from '../../../kiosk-agent/api/technician-contract.ts'
import { ToolIcon } from '../../components/technician/tool-icon.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'

interface FindingsProps {
  readonly findings: readonly Finding[]
  readonly locale: ConsoleLocale
}

/** What a test or a check found, as sentences. */
export function Findings({ findings, locale }: FindingsProps) {
  return (
    <ul class="findings">
      {findings.map((finding, index) => (
        <li key={index} class={finding.ok === undefined ? '' : finding.ok ? 'finding-good' : 'finding-bad'}>
          <ToolIcon name={finding.ok === undefined ? 'info' : finding.ok ? 'check' : 'cross'} />
          <span>{findingText(finding, locale)}</span>
        </li>
      ))}
    </ul>
  )
}

/** A finding as a sentence; values that the sentence does not mention follow it. */
export function findingText({ code, values }: Finding, locale: ConsoleLocale): string {
  const sentence = wordOf(locale.devices.findings, code)
  const text = filled(sentence, values, locale)
  const rest = Object.entries(values).filter(([name]) => !new RegExp(`\\{${name}[:}]`).test(sentence))
  if (rest.length === 0) return text
  const told = rest.map(([name, value]) => {
    const known = name === 'error' ? wordOf(locale.devices.errors, value) : value
    return `${wordOf(locale.devices.values, name)}: ${known}`
  })
  return `${text} (${told.join(' · ')})`
}

/**
 * A sentence of the language with the values in it: "{seconds}" as it is, "{body:celsius}" from hundredths of a degree,
 * "{state:word}" as this language calls it.
 */
export function filled(
  sentence: string,
  values: { readonly [name: string]: string },
  locale: ConsoleLocale,
): string {
  return sentence.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, form?: string) =>
    valueText(values[name] ?? '', form, locale),
  )
}

function valueText(value: string, form: string | undefined, { devices, formats }: ConsoleLocale): string {
  if (form === 'celsius') return degrees(Number(value), formats)
  if (form === 'word') return devices.kinds[value as never] ?? wordOf(devices.values, value)
  return value
}

/** Hundredths of a degree, to the hundredth: an offset of 0.05 matters. */
export function degrees(centiCelsius: number, formats: ConsoleLocale['formats']): string {
  return Number.isFinite(centiCelsius) ? formats.hundredths(centiCelsius) : '–'
}
