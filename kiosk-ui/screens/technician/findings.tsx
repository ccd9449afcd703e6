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

/**
 * A sentence of the language with the values in it: "{seconds}" as it is, "{body:celsius}" from hundredths of a degree,
 * "{state:word}" as this language calls it. Values that the sentence does not mention follow it.
 */
export function findingText({ code, values }: Finding, locale: ConsoleLocale): string {
  const sentence = wordOf(locale.devices.findings, code)
  const mentioned = new Set<string>()
  const text = sentence.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, form?: string) => {
    mentioned.add(name)
    return valueText(values[name] ?? '', form, locale)
  })
  const rest = Object.entries(values).filter(([name]) => !mentioned.has(name))
  if (rest.length === 0) return text
  const told = rest.map(([name, value]) => {
    const known = name === 'error' ? wordOf(locale.devices.errors, value) : value
    return `${wordOf(locale.devices.values, name)}: ${known}`
  })
  return `${text} (${told.join(' · ')})`
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
