import './identify.css'
import { signal } from '@preact/signals'
import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import { TextField } from '../../components/technician/field.tsx'
import { Empty, Skeleton } from '../../components/technician/notice.tsx'
import { CommandPress, Press } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { go, isOurs } from '../../technician-state.ts'
import { addDevice } from './configure-draft.ts'
import type { ViewProps } from './console-props.ts'
import { PortPart, TroublePart } from './port.tsx'
import { NeedsTerminal } from './vendor-bar.tsx'

const host = signal('')
const tcpPort = signal('9100')

/** What is plugged in, what stands in its way, and what it may be. */
export function Identify({ state: { identify }, locale }: ViewProps) {
  const { words } = locale
  const { ports, troubles } = identify
  const busy = identify.state !== 'idle'
  return (
    <div class="view">
      <h1>{words.identify.title}</h1>
      <p class="soft">{words.identify.hint}</p>
      <NeedsTerminal locale={locale} />
      {busy ? (
        <Running identify={identify} locale={locale} />
      ) : (
        <Ways hasPorts={ports.length > 0} locale={locale} />
      )}
      {troubles.length > 0 && (
        <section class="sheet">
          <h2>{words.identify.machine}</h2>
          {troubles.map((trouble) => (
            <TroublePart key={trouble.code + trouble.message} trouble={trouble} locale={locale} />
          ))}
        </section>
      )}
      <h2>{words.identify.ports}</h2>
      {ports.length === 0 && identify.state === 'listing' && <Skeleton label={words.loading} rows={3} />}
      {ports.length === 0 && identify.state !== 'listing' && (
        <Empty icon="cable" title={words.identify.empty} hint={words.identify.emptyHint}>
          <Press
            label={words.identify.byHand}
            onPress={() => {
              addDevice()
              go('configure')
            }}
          />
        </Empty>
      )}
      <ul class="device-list">
        {ports.map((port) => (
          <PortPart key={port.id} port={port} busy={busy} locale={locale} />
        ))}
      </ul>
    </div>
  )
}

/** What can be done to find a device; the first two are what a newcomer needs. */
function Ways({ hasPorts, locale }: { readonly hasPorts: boolean; readonly locale: ConsoleLocale }) {
  const words = locale.words.identify
  const port = Number(tcpPort.value)
  const isAddress = host.value !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535
  return (
    <section class="sheet">
      <div class="bar">
        <CommandPress
          command={{ type: 'list-ports' }}
          label={words.list}
          look={hasPorts ? 'plain' : 'primary'}
          icon="cable"
        />
        <CommandPress
          command={{ type: 'ask-all-ports' }}
          label={words.askAll}
          look={hasPorts ? 'primary' : 'plain'}
          icon="identify"
          ours
          disabled={!hasPorts}
        />
        <CommandPress command={{ type: 'scan-now' }} label={words.scanNow} ours />
        <CommandPress command={{ type: 'wait-for-plug' }} label={words.plug} />
      </div>
      <form class="identify-address" onSubmit={(event) => event.preventDefault()}>
        <TextField
          id="host"
          label={`${words.address}: ${words.host}`}
          mono
          placeholder="192.168.1.50"
          value={host.value}
          onInput={(value) => {
            host.value = value.trim()
          }}
        />
        <TextField
          id="tcp-port"
          label={words.port}
          numeric
          value={tcpPort.value}
          onInput={(value) => {
            tcpPort.value = value.trim()
          }}
        />
        <CommandPress
          command={{ type: 'ask-address', host: host.value, port }}
          label={words.askAddress}
          ours
          disabled={!isAddress || !isOurs.value}
        />
      </form>
    </section>
  )
}

function Running({
  identify,
  locale,
}: {
  readonly identify: Console['identify']
  readonly locale: ConsoleLocale
}) {
  const words = locale.words.identify
  const { state, done, total } = identify
  return (
    <section class="identify-now">
      <p role="status">
        {words.states[state]} {total > 0 && words.progress(done, total)}
      </p>
      <CommandPress command={{ type: 'stop-identify' }} label={words.stop} />
      {total > 0 && <progress value={done} max={total} aria-label={words.states[state]} />}
    </section>
  )
}
