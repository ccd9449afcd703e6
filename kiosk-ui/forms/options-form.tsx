import './options-form.css'
import { described, Field, FieldNotes, Options, TextField } from '../components/technician/field.tsx'
import { Press } from '../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../i18n/technician/locale.ts'
import { below, type Draft, draftOf, type Fault, isGroup, isUnion } from './draft.ts'
import type { FieldForm, GroupForm, NumberForm, Part, Scalar } from './field-of.ts'

interface FormProps {
  readonly path: string
  readonly draft: Draft
  /** Shown beside the fields they are about. */
  readonly faults: readonly Fault[]
  readonly locale: ConsoleLocale
  onDraft(draft: Draft): void
}

interface GroupProps extends FormProps {
  readonly group: GroupForm
}

/** The options of one driver: what must be said first, what usually stays as it is behind a fold. */
export function OptionsForm({ group, ...form }: GroupProps) {
  const { faults, locale } = form
  const must = group.parts.filter(({ needed, field }) => needed || field.form === 'group')
  const may = group.parts.filter((part) => !must.includes(part))
  const faulty = may.some(({ key }) =>
    faults.some(({ path }) => path === below(form.path, key) || path.startsWith(`${below(form.path, key)}/`)),
  )
  if (must.length === 0 || may.length < 3) return <Parts {...form} parts={group.parts} />
  return (
    <div class="form">
      <PartFields {...form} parts={must} />
      <details class="form-more" open={faulty || undefined}>
        <summary>{locale.words.form.more}</summary>
        <Parts {...form} parts={may} />
      </details>
    </div>
  )
}

interface PartsProps extends FormProps {
  readonly parts: readonly Part[]
}

function Parts(props: PartsProps) {
  return (
    <div class="form">
      <PartFields {...props} />
    </div>
  )
}

function PartFields({ parts, draft, path, onDraft, ...form }: PartsProps) {
  const values = isGroup(draft) ? draft.parts : {}
  return parts.map((part) => (
    <PartField
      {...form}
      key={part.key}
      part={part}
      path={below(path, part.key)}
      draft={values[part.key]}
      onDraft={(next) => onDraft({ parts: { ...values, [part.key]: next } })}
    />
  ))
}

interface PartProps extends FormProps {
  readonly part: Part
}

function PartField({ part: { key, field, needed }, ...form }: PartProps) {
  const label = wordOf(form.locale.fields.names, key)
  return <AnyField {...form} field={field} label={label} needed={needed} />
}

interface AnyProps extends FormProps {
  readonly field: FieldForm
  readonly label: string
  readonly needed: boolean
}

function AnyField(props: AnyProps) {
  const { field } = props
  switch (field.form) {
    case 'fixed':
      return field.value === true ? <TickField {...props} /> : null
    case 'switch':
      return <TickField {...props} />
    case 'choice':
      return <ChoiceField {...props} values={field.values} />
    case 'group':
      return <GroupField {...props} group={field} />
    case 'union':
      return <UnionField {...props} alternatives={field.alternatives} />
    case 'list':
      return <ListField {...props} item={field.item} />
    default:
      return <TypedField {...props} />
  }
}

/** "needed · 1 to 8 · usual: 1" and what the driver says of it. */
function noteOf({ field, needed, locale }: AnyProps): string {
  const { form } = locale.words
  const description = field.description
    ? (locale.fields.descriptions[field.description] ?? field.description)
    : ''
  const usual = scalarText(field.usual, locale)
  const limits = field.form === 'number' ? limitsOf(field, locale) : ''
  const duty = needed ? form.required : usual === undefined ? form.optional : form.usual(usual)
  return [description, [duty, limits].filter(Boolean).join(' · ')].filter(Boolean).join(' — ')
}

function limitsOf({ least, most, above, whole }: NumberForm, { words, formats }: ConsoleLocale): string {
  const from = least ?? (whole && above !== undefined ? above + 1 : undefined)
  if (from === undefined || most === undefined) return ''
  return words.form.between(formats.number(from), formats.number(most))
}

function scalarText(value: unknown, locale: ConsoleLocale): string | undefined {
  const { form } = locale.words
  if (value === undefined || value === '' || (typeof value === 'object' && value !== null)) return undefined
  if (value === null) return form.none
  if (typeof value === 'boolean') return value ? form.on : form.off
  return wordOf(locale.fields.values, String(value))
}

function faultOf({ faults, path, locale }: FormProps): string | undefined {
  const fault = faults.find((each) => each.path === path)
  if (!fault) return undefined
  const words = locale.words.form.faults
  const limit = fault.limit === undefined ? '' : locale.formats.number(fault.limit)
  const told = words[fault.code]
  return typeof told === 'string' ? told : told(limit)
}

const idOf = (path: string) => `option-${path.replaceAll(/[^\w]/g, '-')}`

function TypedField(props: AnyProps) {
  const { path, label, draft, field, onDraft } = props
  return (
    <TextField
      id={idOf(path)}
      label={label}
      note={noteOf(props)}
      fault={faultOf(props)}
      mono={field.form !== 'number'}
      numeric={field.form === 'number'}
      secret={field.form === 'text' && field.secret}
      required={props.needed}
      value={typeof draft === 'string' ? draft : ''}
      // An emptied text is a text; an emptied number is none.
      onInput={(typed) =>
        onDraft(typed === '' && (field.form !== 'text' || field.shortest > 0) ? undefined : typed)
      }
    />
  )
}

function TickField(props: AnyProps) {
  const { path, label, draft, onDraft } = props
  const [note, fault, id] = [noteOf(props), faultOf(props), idOf(path)]
  return (
    <div class="field">
      <label class="tick" for={id}>
        <input
          {...described({ id, note, fault })}
          type="checkbox"
          checked={draft === true}
          onChange={(event) => onDraft(event.currentTarget.checked)}
        />
        {label}
      </label>
      <FieldNotes id={id} note={note} fault={fault} />
    </div>
  )
}

function ChoiceField({ values, ...props }: AnyProps & { readonly values: readonly Scalar[] }) {
  const { path, label, draft, locale, needed, onDraft } = props
  const [note, fault, id] = [noteOf(props), faultOf(props), idOf(path)]
  return (
    <Field id={id} label={label} note={note} fault={fault}>
      <select
        {...described({ id, note, fault })}
        value={typeof draft === 'string' ? draft : ''}
        onChange={({ currentTarget }) => onDraft(currentTarget.value || undefined)}
      >
        {(draft === undefined || !needed) && props.field.usual === undefined && (
          <option value="">{locale.words.form.notSet}</option>
        )}
        {values.map((value) => (
          <option key={String(value)} value={JSON.stringify(value)}>
            {scalarText(value, locale) ?? '""'}
          </option>
        ))}
      </select>
    </Field>
  )
}

function GroupField({ group, ...props }: AnyProps & { readonly group: GroupForm }) {
  const { label, draft, locale, path, onDraft } = props
  const used = isGroup(draft)
  const mayBeLeftOut = !props.needed && group.usual === undefined
  return (
    <fieldset class="form-group">
      <legend>{label}</legend>
      {group.description && (
        <p class="field-note">{locale.fields.descriptions[group.description] ?? group.description}</p>
      )}
      {mayBeLeftOut && (
        <label class="tick" for={`${idOf(path)}-use`}>
          <input
            id={`${idOf(path)}-use`}
            type="checkbox"
            checked={used}
            onChange={({ currentTarget }) => onDraft(currentTarget.checked ? draftOf(group, {}) : undefined)}
          />
          {locale.words.form.use(label)}
        </label>
      )}
      {(used || !mayBeLeftOut) && <Parts {...props} parts={group.parts} />}
    </fieldset>
  )
}

function UnionField({ alternatives, ...props }: AnyProps & { readonly alternatives: readonly FieldForm[] }) {
  const { label, draft, path, locale, onDraft } = props
  const fault = faultOf(props)
  const chosen = isUnion(draft) ? alternatives[draft.chosen] : undefined
  return (
    <fieldset class="form-group">
      <legend>{label}</legend>
      <Options
        legend={label}
        hidden
        options={alternatives.map((each, index) => ({ value: String(index), label: nameOf(each, locale) }))}
        chosen={isUnion(draft) ? String(draft.chosen) : undefined}
        onChoose={(index) => {
          const alternative = alternatives[Number(index)]
          if (alternative) onDraft({ chosen: Number(index), value: draftOf(alternative, undefined) })
        }}
      />
      <FieldNotes id={idOf(path)} note={noteOf(props)} fault={fault} />
      {chosen && isUnion(draft) && (
        <div class="form">
          <UnionValue
            {...props}
            field={chosen}
            path={below(path, '?')}
            draft={draft.value}
            onDraft={(value) => onDraft({ chosen: draft.chosen, value })}
          />
        </div>
      )}
    </fieldset>
  )
}

/** A group's fields stand in the union's own frame; anything else is one field. */
function UnionValue(props: AnyProps) {
  const { field } = props
  return field.form === 'group' ? (
    <PartFields {...props} parts={field.parts} />
  ) : (
    <AnyField {...props} needed />
  )
}

/** An alternative goes by its fixed part ("type": "tcp"), by its only value, or by what is typed there. */
function nameOf(field: FieldForm, locale: ConsoleLocale): string {
  if (field.form === 'fixed') return scalarText(field.value, locale) ?? ''
  if (field.form === 'number') return locale.words.form.number
  if (field.form !== 'group') return field.form
  const telling = field.parts.flatMap(({ field: part }) => (part.form === 'fixed' ? [part.value] : []))
  return (
    telling.map((value) => scalarText(value, locale)).join(' ') ||
    field.parts.map(({ key }) => key).join(', ')
  )
}

function ListField({ item, ...props }: AnyProps & { readonly item: FieldForm }) {
  const { label, draft, locale, path, onDraft } = props
  const items: readonly Draft[] = Array.isArray(draft) ? draft : []
  return (
    <fieldset class="form-group">
      <legend>{label}</legend>
      <FieldNotes id={idOf(path)} note={noteOf(props)} fault={faultOf(props)} />
      {items.map((each, index) => (
        <div class="form" key={index}>
          <AnyField
            {...props}
            needed
            field={item}
            label={`${label} ${index + 1}`}
            path={below(path, String(index))}
            draft={each}
            onDraft={(next) => onDraft(items.with(index, next))}
          />
          <Press
            label={locale.words.form.removeItem(index + 1)}
            onPress={() => onDraft(items.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Press
        label={locale.words.form.add(label)}
        onPress={() => onDraft([...items, draftOf(item, undefined)])}
      />
    </fieldset>
  )
}
