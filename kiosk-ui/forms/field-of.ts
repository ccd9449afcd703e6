/**
 * A JSON Schema (draft 2020-12) as drivers describe their options, read as fields of a form. What a form cannot show
 * better is a field of free JSON, so that no setting is out of reach.
 */
export interface Schema {
  readonly [keyword: string]: unknown
}

export type Scalar = string | number | boolean | null

interface Common {
  readonly description: string | undefined
  /** What counts where nothing is set. */
  readonly usual: unknown
}

export interface TextForm extends Common {
  readonly form: 'text'
  readonly shortest: number
  readonly longest: number | undefined
  readonly pattern: RegExp | undefined
  /** Not to be read over somebody's shoulder. */
  readonly secret: boolean
}

export interface NumberForm extends Common {
  readonly form: 'number'
  readonly whole: boolean
  readonly least: number | undefined
  readonly most: number | undefined
  /** The bounds themselves are not allowed. */
  readonly above: number | undefined
  readonly below: number | undefined
  readonly step: number | undefined
}

export interface GroupForm extends Common {
  readonly form: 'group'
  readonly parts: readonly Part[]
}

export interface Part {
  readonly key: string
  readonly needed: boolean
  readonly field: FieldForm
}

export type FieldForm =
  | TextForm
  | NumberForm
  | GroupForm
  | (Common & { readonly form: 'choice'; readonly values: readonly Scalar[] })
  | (Common & { readonly form: 'switch' })
  /** The only value there is: a boolean must be confirmed by hand, anything else goes without saying. */
  | (Common & { readonly form: 'fixed'; readonly value: Scalar })
  | (Common & { readonly form: 'list'; readonly item: FieldForm })
  | (Common & { readonly form: 'union'; readonly alternatives: readonly FieldForm[] })
  | (Common & { readonly form: 'json' })

export function fieldOf(schema: Schema): FieldForm {
  const common = { description: textOf(schema.description), usual: schema.default }
  const alternatives = listOf(schema.anyOf) ?? listOf(schema.oneOf)
  if (alternatives) return unionOf(alternatives, common)
  if (Array.isArray(schema.enum)) return { ...common, form: 'choice', values: schema.enum.filter(isScalar) }
  if (isScalar(schema.const)) return { ...common, form: 'fixed', value: schema.const }
  if (schema.type === 'null') return { ...common, form: 'fixed', value: null }
  if (schema.type === 'boolean') return { ...common, form: 'switch' }
  if (schema.type === 'string') return textForm(schema, common)
  if (schema.type === 'number' || schema.type === 'integer') return numberForm(schema, common)
  if (schema.type === 'array' && isSchema(schema.items))
    return { ...common, form: 'list', item: fieldOf(schema.items) }
  if (isSchema(schema.properties)) return groupForm(schema, schema.properties, common)
  return { ...common, form: 'json' }
}

/** Alternatives that are single values are one choice; others are chosen first and filled in then. */
function unionOf(schemas: readonly Schema[], common: Common): FieldForm {
  const alternatives = schemas.map(fieldOf)
  const values = alternatives.flatMap((each) => (each.form === 'fixed' ? [each.value] : []))
  if (values.length === alternatives.length) return { ...common, form: 'choice', values }
  return { ...common, form: 'union', alternatives }
}

function textForm(schema: Schema, common: Common): TextForm {
  return {
    ...common,
    form: 'text',
    shortest: numberOf(schema.minLength) ?? 0,
    longest: numberOf(schema.maxLength),
    pattern: typeof schema.pattern === 'string' ? new RegExp(schema.pattern, 'u') : undefined,
    secret: schema.secret === true,
  }
}

function numberForm(schema: Schema, common: Common): NumberForm {
  return {
    ...common,
    form: 'number',
    whole: schema.type === 'integer',
    least: bound(schema.minimum),
    most: bound(schema.maximum),
    above: bound(schema.exclusiveMinimum),
    below: bound(schema.exclusiveMaximum),
    step: numberOf(schema.multipleOf),
  }
}

function groupForm(schema: Schema, properties: Schema, common: Common): GroupForm {
  const needed = Array.isArray(schema.required) ? schema.required : []
  const parts = Object.entries(properties).flatMap(([key, each]) =>
    isSchema(each) ? [{ key, needed: needed.includes(key), field: fieldOf(each) }] : [],
  )
  return { ...common, form: 'group', parts }
}

/** Schemas bound whole numbers by what a double can hold; nobody needs to be told. */
function bound(value: unknown): number | undefined {
  const number = numberOf(value)
  return number !== undefined && Math.abs(number) < Number.MAX_SAFE_INTEGER ? number : undefined
}

function listOf(value: unknown): readonly Schema[] | undefined {
  return Array.isArray(value) ? value.filter(isSchema) : undefined
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)
