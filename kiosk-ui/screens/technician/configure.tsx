import './configure.css'
import { Notice, Skeleton } from '../../components/technician/notice.tsx'
import { CommandPress, Press, Sure } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { fetchModels, go, isOurs, models, send } from '../../technician-state.ts'
import { Changes } from './changes.tsx'
import { chosenDevice } from './chosen-device.ts'
import { addDevice, editDevice, editing, kept, stopEditing } from './configure-draft.ts'
import type { ViewProps } from './console-props.ts'
import { DeviceForm } from './device-form.tsx'
import { deviceName, StateMark } from './device-marks.tsx'
import { SettingsFilePart } from './settings-file.tsx'
import { TrialPart } from './trial.tsx'
import { NeedsTerminal } from './vendor-bar.tsx'

/** Devices and their settings: filled in, tried, kept, undone. */
export function Configure({ state, locale }: ViewProps) {
  const words = locale.words.configure
  return (
    <div class="view">
      <h1>{words.title}</h1>
      <NeedsTerminal locale={locale} />
      {state.trial && <TrialPart trial={state.trial} locale={locale} />}
      {kept.value && !state.trial && <Kept device={kept.value} locale={locale} />}
      {editing.value ? <Editor state={state} locale={locale} /> : <Choice state={state} locale={locale} />}
      {!editing.value && (
        <>
          <Changes changes={state.changes} locale={locale} />
          <SettingsFilePart state={state} locale={locale} />
        </>
      )}
    </div>
  )
}

function Kept({ device, locale }: { readonly device: string; readonly locale: ConsoleLocale }) {
  const words = locale.words.configure
  return (
    <Notice tone="green" role="status" title={`${words.kept} ${words.keptNext}`}>
      <div class="bar">
        <Press
          label={words.toTest}
          look="primary"
          icon="test"
          onPress={() => {
            chosenDevice.value = device
            go('test')
          }}
        />
      </div>
    </Notice>
  )
}

/** Nothing is being set up: which device is it to be? */
function Choice({ state: { devices }, locale }: ViewProps) {
  const words = locale.words.configure
  return (
    <section class="sheet">
      <h2>{words.choose}</h2>
      <ul class="changes">
        {devices.map((device) => (
          <li key={device.id}>
            <span>{deviceName(device, locale)}</span>
            <span class="bar">
              <StateMark state={device.state} locale={locale} />
              <Press label={locale.words.devices.change} onPress={() => editDevice(device)} />
            </span>
          </li>
        ))}
      </ul>
      <div class="bar">
        <Press label={words.add} look="primary" onPress={addDevice} />
        <Press label={locale.words.views.identify} icon="identify" onPress={() => go('identify')} />
      </div>
      <p class="note">{words.addHint}</p>
    </section>
  )
}

function Editor({ state, locale }: ViewProps) {
  const { words } = locale
  const now = editing.value
  if (!now) return null
  return (
    <section class="sheet">
      <div class="sheet-head">
        <h2>{now.existing && !now.proposed ? words.configure.edit(now.id) : words.configure.add}</h2>
        <Press label={words.cancel} onPress={stopEditing} />
      </div>
      {now.proposed && <Notice tone="blue" title={words.configure.proposal} />}
      {models.value === undefined && <Skeleton label={words.loading} rows={2} />}
      {models.value === null && (
        <Notice tone="red" role="alert" title={words.failedToLoad}>
          <Press label={words.tryAgain} onPress={() => void fetchModels()} />
        </Notice>
      )}
      {models.value && (
        <DeviceForm models={models.value} locale={locale} busy={state.trial?.state === 'trying'} />
      )}
      {now.existing && !now.proposed && (
        <div class="bar">
          <Sure
            label={words.configure.remove}
            question={words.configure.removeSure(now.id)}
            disabled={!isOurs.value}
            onYes={() => void remove(now.id)}
          />
          <CommandPress
            command={{ type: 'list-ports' }}
            label={words.views.identify}
            icon="identify"
            onDone={() => go('identify')}
          />
        </div>
      )}
    </section>
  )
}

async function remove(device: string): Promise<void> {
  if (await send({ type: 'remove-device', device })) stopEditing()
}
