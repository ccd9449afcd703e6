import './devices.css'
import type { ConsoleDevice } from '../../../kiosk-agent/api/technician-contract.ts'
import { Empty, Notice } from '../../components/technician/notice.tsx'
import { Press } from '../../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { agentTime, go } from '../../technician-state.ts'
import { chosenDevice } from './chosen-device.ts'
import { editDevice } from './configure-draft.ts'
import type { ViewProps } from './console-props.ts'
import { deviceName, isReady, momentOf, StateMark } from './device-marks.tsx'

/** Every device: how it is, since when, what went wrong, what it tells of itself. */
export function Devices({ state: { devices }, locale }: ViewProps) {
  const { words } = locale
  return (
    <div class="view">
      <div class="view-head">
        <h1>{words.devices.title}</h1>
        <p class="soft">{words.devices.summary(devices.filter(isReady).length, devices.length)}</p>
      </div>
      {devices.length === 0 && (
        <Empty icon="devices" title={words.devices.empty} hint={words.devices.emptyHint}>
          <Press label={words.views.identify} look="primary" icon="identify" onPress={() => go('identify')} />
        </Empty>
      )}
      <ul class="device-list">
        {devices.map((device) => (
          <Device key={device.id} device={device} locale={locale} />
        ))}
      </ul>
    </div>
  )
}

function Device({ device, locale }: { readonly device: ConsoleDevice; readonly locale: ConsoleLocale }) {
  const { words } = locale
  const told = (time: string) => momentOf(time, agentTime.value, locale)
  const lead = (view: 'test' | 'wire') => () => {
    chosenDevice.value = device.id
    go(view)
  }
  return (
    <li class="sheet device">
      <div class="sheet-head">
        <div>
          <h2>{deviceName(device, locale)}</h2>
          <p class="kind" lang="en">
            {device.label}
          </p>
        </div>
        <div>
          <StateMark state={device.state} locale={locale} />
          <p class="note">{words.devices.since(told(device.since))}</p>
        </div>
      </div>
      {device.error && (
        <Failure title={words.devices.error} failure={device.error} tone="red" locale={locale} />
      )}
      {device.last && (
        <Failure
          title={words.devices.lastError(told(device.last.at))}
          failure={device.last}
          tone="plain"
          locale={locale}
        />
      )}
      <Facts device={device} locale={locale} />
      <details>
        <summary>{words.devices.options}</summary>
        <pre>{JSON.stringify(device.options, null, 2)}</pre>
      </details>
      <div class="bar">
        {device.tests.length > 0 && <Press label={words.devices.test} icon="test" onPress={lead('test')} />}
        <Press label={words.devices.wire} icon="wire" onPress={lead('wire')} />
        <Press
          label={words.devices.change}
          icon="configure"
          onPress={() => {
            editDevice(device)
            go('configure')
          }}
        />
      </div>
    </li>
  )
}

interface FailureProps {
  /** When it was; left out where that is plain. */
  readonly title?: string
  readonly failure: { readonly code: string; readonly message: string }
  readonly tone: 'red' | 'plain'
  readonly locale: ConsoleLocale
}

/** What went wrong in the reader's words, and the details as the agent tells them. */
export function Failure({ title, failure, tone, locale }: FailureProps) {
  const told = wordOf(locale.devices.errors, failure.code)
  return (
    <Notice tone={tone} title={title ? `${title}: ${told}` : told}>
      <p class="mono" lang="en">
        {failure.message}
      </p>
    </Notice>
  )
}

function Facts({ device, locale }: { readonly device: ConsoleDevice; readonly locale: ConsoleLocale }) {
  const { words, devices, formats } = locale
  const facts = Object.entries(device.facts)
  const counters = Object.entries(device.counters)
  return (
    <>
      <dl class="facts">
        <div class="facts-wide">
          <dt>{words.devices.address}</dt>
          <dd class="mono">{device.address}</dd>
        </div>
        <div>
          <dt>{words.devices.driver}</dt>
          <dd class="mono">{device.driver}</dd>
        </div>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{wordOf(devices.facts, name)}</dt>
            <dd>{wordOf(devices.factValues, value)}</dd>
          </div>
        ))}
      </dl>
      {counters.length > 0 && (
        <section>
          <h3 class="note">{words.devices.counters}</h3>
          <dl class="facts">
            {counters.map(([name, count]) => (
              <div key={name}>
                <dt>{wordOf(devices.counters, name)}</dt>
                <dd>{formats.number(count)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  )
}
