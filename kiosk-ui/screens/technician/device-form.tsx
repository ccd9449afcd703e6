import type { Model } from '../../../kiosk-agent/api/technician-contract.ts'
import { described, Field, Options, TextField } from '../../components/technician/field.tsx'
import { Notice } from '../../components/technician/notice.tsx'
import { Press } from '../../components/technician/press.tsx'
import { OptionsForm } from '../../forms/options-form.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { inFlight, isOurs } from '../../technician-state.ts'
import {
  chooseKind,
  chooseModel,
  choosePlace,
  draft,
  editing,
  faults,
  form,
  idIsFree,
  placesOf,
  tryIt,
} from './configure-draft.ts'

interface DeviceFormProps {
  readonly models: readonly Model[]
  readonly locale: ConsoleLocale
  readonly busy: boolean
}

/** What it is, where it goes, and the options of its driver. */
export function DeviceForm({ models, locale, busy }: DeviceFormProps) {
  const words = locale.words.configure
  const now = editing.value
  if (!now) return null
  const kinds = [...new Set(models.map(({ kind }) => kind))]
  const nameIsGood = now.existing || (/^[a-z0-9-]{1,32}$/.test(now.id) && idIsFree(now.id))
  const submit = () => void tryIt().then((tried) => (tried ? showTrial() : showFirstFault()))
  return (
    <form
      class="view"
      onSubmit={(event) => {
        event.preventDefault()
        if (isOurs.value && nameIsGood) submit()
      }}
    >
      {!now.existing && !now.proposed && (
        <Options
          legend={words.kind}
          options={kinds.map((kind) => ({ value: kind, label: wordOf(locale.devices.kinds, kind) }))}
          chosen={now.kind}
          onChoose={chooseKind}
        />
      )}
      {now.kind && <ModelField models={models.filter(({ kind }) => kind === now.kind)} locale={locale} />}
      {now.driver && <PlaceField locale={locale} />}
      {form.value && (
        <OptionsForm
          group={form.value}
          path=""
          draft={draft.value}
          faults={faults.value}
          locale={locale}
          onDraft={(next) => {
            draft.value = next
          }}
        />
      )}
      {faults.value.length > 0 && (
        <Notice tone="red" role="alert" title={words.needsWork(faults.value.length)} />
      )}
      {form.value && (
        <div class="bar">
          <Press
            label={words.try}
            look="primary"
            disabled={!isOurs.value || !nameIsGood || busy || inFlight.value.has('try-device')}
            onPress={submit}
          />
        </div>
      )}
    </form>
  )
}

function ModelField({ models, locale }: Pick<DeviceFormProps, 'models' | 'locale'>) {
  const { words } = locale
  const now = editing.value
  return (
    <Field id="model" label={words.configure.model}>
      <select
        {...described({ id: 'model' })}
        lang="en"
        value={now?.driver ?? ''}
        onChange={({ currentTarget }) => currentTarget.value && chooseModel(currentTarget.value)}
      >
        {!now?.driver && <option value="">{words.form.faults.choose}</option>}
        {models.map(({ driver, label }) => (
          <option key={driver} value={driver}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  )
}

/** A new device may take the place of one that is set up: a hall that changes brands has one scanner, not two. */
function PlaceField({ locale }: Pick<DeviceFormProps, 'locale'>) {
  const words = locale.words.configure
  const now = editing.value
  if (!now || (now.existing && !now.proposed)) return null
  const places = placesOf(now.kind)
  return (
    <>
      {places.length > 0 && (
        <Options
          legend={words.place}
          options={[
            ...places.map(({ id }) => ({ value: id, label: words.insteadOf(id) })),
            { value: '', label: words.asNew },
          ]}
          chosen={now.existing ? now.id : ''}
          onChoose={(id) => choosePlace(id || undefined)}
        />
      )}
      {!now.existing && (
        <TextField
          id="device-id"
          label={words.id}
          note={words.idHint}
          fault={idIsFree(now.id) ? undefined : words.idTaken}
          mono
          value={now.id}
          onInput={(id) => {
            editing.value = { ...now, id: id.trim().toLowerCase(), options: editing.peek()?.options }
          }}
        />
      )}
    </>
  )
}

const paintedMs = 60

function showTrial(): void {
  setTimeout(() => document.querySelector('.console-main')?.scrollTo(0, 0), paintedMs)
}

function showFirstFault(): void {
  setTimeout(
    () => document.querySelector<HTMLElement>('.console-main [aria-invalid="true"]')?.focus(),
    paintedMs,
  )
}
