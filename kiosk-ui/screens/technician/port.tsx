import { signal } from '@preact/signals'
import type { Candidate, Port, Trouble } from '../../../kiosk-agent/api/technician-contract.ts'
import { described, Field } from '../../components/technician/field.tsx'
import { Mark, Notice, type Tone } from '../../components/technician/notice.tsx'
import { CommandPress, Copyable, Press } from '../../components/technician/press.tsx'
import type { ToolIconName } from '../../components/technician/tool-icon.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { go } from '../../technician-state.ts'
import { proposeDevice } from './configure-draft.ts'
import { filled } from './findings.tsx'

interface PortProps {
  readonly port: Port
  readonly busy: boolean
  readonly locale: ConsoleLocale
}

const looks: { readonly [S in Port['state']]: readonly [Tone, ToolIconName] } = {
  unasked: ['plain', 'info'],
  asking: ['blue', 'clock'],
  known: ['green', 'check'],
  unknown: ['amber', 'alert'],
}

/** What the technician says hangs on which port, by the port's id. */
const saidKind = signal<{ readonly [port: string]: string }>({})

export function PortPart({ port, busy, locale }: PortProps) {
  const words = locale.words.identify
  const [tone, icon] = looks[port.state]
  return (
    <li class={`sheet port ${port.fresh ? 'port-fresh' : ''}`}>
      <div class="sheet-head">
        <div>
          <h3>{port.label}</h3>
          <p class="soft">
            {words.transports[port.transport]} <span class="mono">{port.path}</span>
          </p>
          {port.usb && <p class="mono soft">USB {identityOf(port.usb)}</p>}
        </div>
        <div class="bar">
          {port.fresh && <Mark tone="blue" icon="cable" label={words.fresh} />}
          {port.usedBy ? (
            <Mark tone="plain" icon="devices" label={words.usedBy(port.usedBy)} />
          ) : (
            <Mark tone={tone} icon={icon} label={words.portStates[port.state]} />
          )}
        </div>
      </div>
      {port.troubles.map((trouble) => (
        <TroublePart key={trouble.code} trouble={trouble} locale={locale} />
      ))}
      {port.candidates.map((candidate) => (
        <Proposal key={candidate.driver} candidate={candidate} locale={locale} />
      ))}
      {port.state === 'unknown' && <p class="note">{port.heard ? words.heardHint : words.unknownHint}</p>}
      {!port.usedBy && <Asking port={port} busy={busy} locale={locale} />}
    </li>
  )
}

function Asking({ port, busy, locale }: PortProps) {
  const words = locale.words.identify
  const kind = saidKind.value[port.id] ?? ''
  const id = `kind-${port.id}`
  const note = port.state === 'unknown' ? words.askAsHint : undefined
  return (
    <>
      {port.state === 'unknown' && port.withheld?.length !== 0 && (
        <Field id={id} label={words.askAs} note={note}>
          <select
            {...described({ id, note })}
            value={kind}
            onChange={({ currentTarget }) => {
              saidKind.value = { ...saidKind.value, [port.id]: currentTarget.value }
            }}
          >
            <option value="">—</option>
            {(port.withheld ?? Object.keys(locale.devices.kinds)).map((each) => (
              <option key={each} value={each}>
                {wordOf(locale.devices.kinds, each)}
              </option>
            ))}
          </select>
        </Field>
      )}
      <div class="bar">
        <CommandPress
          command={{ type: 'ask-port', port: port.id, ...(kind && { kind }) }}
          label={words.ask}
          ours
          disabled={busy}
        />
      </div>
    </>
  )
}

/** "This is probably a GM65", and straight on to its settings. */
function Proposal({ candidate, locale }: { readonly candidate: Candidate; readonly locale: ConsoleLocale }) {
  const words = locale.words.identify
  const toBeSet = (candidate.toBeSet ?? []).map((path) =>
    wordOf(locale.fields.names, path.slice(path.lastIndexOf('.') + 1)),
  )
  return (
    <div class="candidate">
      <div>
        <p class="candidate-name">{words.probably(candidate.label)}</p>
        <p>{wordOf(locale.devices.kinds, candidate.kind)}</p>
        <p class="note">{evidenceOf(candidate, locale)}</p>
        {toBeSet.length > 0 && <p>{words.toBeSet(toBeSet.join(', '))}</p>}
      </div>
      <Press
        label={words.useIt}
        look="primary"
        onPress={() => {
          proposeDevice(candidate)
          go('configure')
        }}
      />
    </div>
  )
}

/** Why it is taken for that, in the reader's language where its code is known. */
function evidenceOf({ certainty, evidence, evidenceCode, values }: Candidate, locale: ConsoleLocale): string {
  const known: { readonly [code: string]: string } = locale.devices.evidence
  const sentence = known[evidenceCode ?? '']
  if (sentence) return filled(sentence, values ?? {}, locale)
  return locale.language === 'en' ? evidence : locale.words.identify.certainty[certainty]
}

/** What is wrong, in the reader's words and in detail, and the command that cures it. */
export function TroublePart({
  trouble,
  locale,
}: {
  readonly trouble: Trouble
  readonly locale: ConsoleLocale
}) {
  return (
    <Notice tone="amber" title={wordOf(locale.devices.troubles, trouble.code)}>
      <p class="mono" lang="en">
        {trouble.message}
      </p>
      {trouble.cure && (
        <>
          <p class="note">{locale.words.identify.cure}</p>
          <Copyable text={trouble.cure} />
        </>
      )}
    </Notice>
  )
}

function identityOf({
  vendorId,
  productId,
  manufacturer,
  product,
  serialNumber,
}: NonNullable<Port['usb']>): string {
  const hex = (number: number) => number.toString(16).padStart(4, '0')
  const names = [manufacturer, product, serialNumber].filter(Boolean).join(' · ')
  return `${hex(vendorId)}:${hex(productId)} ${names}`
}
