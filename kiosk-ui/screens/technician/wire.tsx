import './wire.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { WireFrame } from '../../../kiosk-agent/api/technician-contract.ts'
import { Options } from '../../components/technician/field.tsx'
import { Empty, Mark } from '../../components/technician/notice.tsx'
import { CommandPress, Press } from '../../components/technician/press.tsx'
import { ToolIcon } from '../../components/technician/tool-icon.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { followWire } from '../../technician-client.ts'
import { go } from '../../technician-state.ts'
import { chosenDevice } from './chosen-device.ts'
import type { ViewProps } from './console-props.ts'
import { deviceName } from './device-marks.tsx'
import { Traces } from './traces.tsx'
import { NeedsTerminal } from './vendor-bar.tsx'

const longest = 300

/** Newest first, so that what just happened needs no scrolling. */
const frames = signal<readonly WireFrame[]>([])
/** Held back while the technician reads; null: nothing is held back. */
const held = signal<readonly WireFrame[] | null>(null)

function take(more: readonly WireFrame[]): void {
  const into = held.value ? held : frames
  into.value = [...more.toReversed(), ...(into.value ?? [])].slice(0, longest)
}

function resume(): void {
  frames.value = [...(held.value ?? []), ...frames.value].slice(0, longest)
  held.value = null
}

/** What goes over one device's line, both ways, as bytes and as what they say. */
export function Wire({ state, locale }: ViewProps) {
  const words = locale.words.wire
  const { devices, recording, traces } = state
  const device = devices.find(({ id }) => id === chosenDevice.value) ?? devices[0]
  const id = device?.id
  useEffect(() => {
    frames.value = []
    held.value = null
    return id === undefined ? undefined : followWire(id, take)
  }, [id])
  if (!device)
    return (
      <div class="view">
        <h1>{words.title}</h1>
        <Empty icon="wire" title={words.noDevice}>
          <Press label={locale.words.views.identify} onPress={() => go('identify')} />
        </Empty>
      </div>
    )
  const records = recording.includes(device.id)
  return (
    <div class="view">
      <h1>{words.title}</h1>
      <p class="soft">{words.hint}</p>
      <NeedsTerminal locale={locale} about={words.record} />
      <Options
        legend={words.choose}
        options={devices.map((each) => ({ value: each.id, label: deviceName(each, locale) }))}
        chosen={device.id}
        onChoose={(chosen) => {
          chosenDevice.value = chosen
        }}
      />
      <div class="bar">
        <Press label={held.value ? words.resume : words.pause} onPress={held.value ? resume : pause} />
        <Press label={words.clear} disabled={frames.value.length === 0} onPress={clear} />
        <CommandPress
          command={{ type: 'record', device: device.id, on: !records }}
          label={records ? words.stopRecording : words.record}
          look={records ? 'danger' : 'plain'}
          ours
        />
        {records && <Mark tone="red" icon="clock" label={words.recording(device.id)} />}
        {held.value && <Mark tone="amber" icon="clock" label={words.held(held.value.length)} />}
      </div>
      {frames.value.length === 0 ? (
        <Empty icon="wire" title={words.empty} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse must be able to scroll it
        <ol class="frames" tabIndex={0} aria-label={words.title}>
          {frames.value.map((frame, index) => (
            <Frame key={frames.value.length - index} frame={frame} locale={locale} />
          ))}
        </ol>
      )}
      <Traces traces={traces} locale={locale} />
    </div>
  )
}

function pause(): void {
  held.value = []
}

function clear(): void {
  frames.value = []
}

function Frame({ frame, locale }: { readonly frame: WireFrame; readonly locale: ConsoleLocale }) {
  const words = locale.words.wire
  const { direction, at, hex, text, masked } = frame
  return (
    <li class={`frame-line frame-${direction}`}>
      <ToolIcon name={direction === 'to-device' ? 'leaves' : 'arrives'} />
      <time dateTime={at}>{locale.formats.precise(at)}</time>
      <code>{hex}</code>
      <p>
        <span class="unseen">{words[direction]}: </span>
        {text === undefined ? words.unexplained : <span lang="en">{text}</span>}
        {masked && <span class="frame-masked">{words.masked}</span>}
      </p>
    </li>
  )
}
