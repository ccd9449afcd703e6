import './test.css'
import { signal } from '@preact/signals'
import type { ConsoleDevice, TestName } from '../../../kiosk-agent/api/technician-contract.ts'
import { Empty } from '../../components/technician/notice.tsx'
import { NumberPad } from '../../components/technician/number-pad.tsx'
import { CommandPress, Press } from '../../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { go, isOurs } from '../../technician-state.ts'
import { chosenDevice } from './chosen-device.ts'
import type { ViewProps } from './console-props.ts'
import { deviceName, StateMark } from './device-marks.tsx'
import { isOver, RunPart } from './test-run.tsx'
import { NeedsTerminal } from './vendor-bar.tsx'

/** The thermometer whose reference is being typed. */
const comparing = signal<string | null>(null)
const reference = signal('')

/** Each device's own tests: one runs at a time, says what to do, and tells what it found. */
export function Test({ state, locale }: ViewProps) {
  const words = locale.words.test
  const testable = state.devices.filter(({ tests }) => tests.length > 0)
  // The device the technician came for stands first.
  const ordered = testable.toSorted(
    (a, b) => Number(b.id === chosenDevice.value) - Number(a.id === chosenDevice.value),
  )
  const running = state.test !== null && !isOver(state.test)
  return (
    <div class="view">
      <h1>{words.title}</h1>
      <p class="soft">
        {words.choose} {words.recorded}
      </p>
      <NeedsTerminal locale={locale} />
      {state.test && <RunPart run={state.test} devices={state.devices} locale={locale} />}
      {testable.length === 0 && (
        <Empty icon="test" title={words.empty} hint={words.emptyHint}>
          <Press label={locale.words.views.identify} onPress={() => go('identify')} />
        </Empty>
      )}
      <ul class="device-list">
        {ordered.map((device) => (
          <DeviceTests key={device.id} device={device} running={running} locale={locale} />
        ))}
      </ul>
    </div>
  )
}

interface DeviceTestsProps {
  readonly device: ConsoleDevice
  readonly running: boolean
  readonly locale: ConsoleLocale
}

function DeviceTests({ device, running, locale }: DeviceTestsProps) {
  const words = locale.words.test
  return (
    <li class="sheet">
      <div class="sheet-head">
        <h2>{deviceName(device, locale)}</h2>
        <StateMark state={device.state} locale={locale} />
      </div>
      <ul class="test-list">
        {device.tests.map((test) => (
          <li key={test}>
            <span>{wordOf(words.names, test)}</span>
            {test === 'compare-temperature' ? (
              <Press
                label={words.run}
                disabled={running || !isOurs.value}
                onPress={() => {
                  comparing.value = device.id
                  reference.value = ''
                }}
              />
            ) : (
              <CommandPress
                command={{ type: 'run-test', device: device.id, test: test as TestName }}
                label={words.run}
                ours
                disabled={running}
              />
            )}
          </li>
        ))}
      </ul>
      {comparing.value === device.id && !running && <Reference device={device.id} locale={locale} />}
    </li>
  )
}

/** What a clinical thermometer shows, typed before the kiosk's own measures. */
function Reference({ device, locale }: { readonly device: string; readonly locale: ConsoleLocale }) {
  const { words } = locale
  const centiCelsius = Math.round(Number(reference.value) * 100)
  const plausible = centiCelsius >= 3000 && centiCelsius <= 4500
  return (
    <div class="view test-reference">
      <NumberPad
        id="reference"
        label={`${words.test.reference} (°C)`}
        note={words.test.referenceHint}
        longest={5}
        point="."
        value={reference.value}
        onValue={(value) => {
          reference.value = value
        }}
        onEnter={() => {}}
      />
      <div class="bar">
        <CommandPress
          command={{
            type: 'run-test',
            device,
            test: 'compare-temperature',
            referenceCentiCelsius: plausible ? centiCelsius : undefined,
          }}
          label={words.test.run}
          look="primary"
          ours
          disabled={!plausible}
          onDone={close}
        />
        <Press label={words.cancel} onPress={close} />
      </div>
    </div>
  )
}

function close(): void {
  comparing.value = null
}
