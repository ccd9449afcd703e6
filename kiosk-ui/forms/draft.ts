import type { FieldForm, NumberForm, Part, Scalar, TextForm } from './field-of.ts'

/**
 * What stands in a form while it is being filled in: numbers as they are typed, a union with what is chosen in it.
 * Undefined: not set.
 */
export type Draft = undefined | string | boolean | readonly Draft[] | DraftGroup | DraftUnion
export interface DraftGroup {
  readonly parts: { readonly [key: string]: Draft }
}
export interface DraftUnion {
  readonly chosen: number
  readonly value: Draft
}

export type FaultCode =
  | 'missing'
  | 'not-a-number'
  | 'not-whole'
  | 'too-small'
  | 'too-large'
  | 'not-multiple'
  | 'pattern'
  | 'not-ticked'
  | 'choose'

export interface Fault {
  /** Keys, list places and "?" for what a union has chosen: "transport/?/host". */
  readonly path: string
  readonly code: FaultCode
  readonly limit?: number
}

/** Fills a form with options as the settings hold them; what they leave out is shown as its usual value. */
export function draftOf(field: FieldForm, value: unknown): Draft {
  const given = value === undefined ? field.usual : value
  switch (field.form) {
    case 'text':
      return typeof given === 'string' ? given : undefined
    case 'number':
      return typeof given === 'number' ? String(given) : undefined
    case 'choice':
      return field.values.includes(given as Scalar) ? JSON.stringify(given) : undefined
    case 'switch':
      return given === true
    case 'fixed':
      return field.value === true ? given === true : undefined
    case 'list':
      return Array.isArray(given) ? given.map((each) => draftOf(field.item, each)) : []
    case 'json':
      return given === undefined ? undefined : JSON.stringify(given)
    case 'union':
      return draftOfUnion(field.alternatives, given)
    case 'group':
      return { parts: Object.fromEntries(field.parts.map((part) => [part.key, draftOfPart(part, given)])) }
  }
}

function draftOfPart({ key, needed, field }: Part, group: unknown): Draft {
  const value = isRecord(group) ? group[key] : undefined
  // A whole group that may be left out is shown as left out.
  const leftOut = value === undefined && field.usual === undefined && !needed
  return leftOut && field.form !== 'switch' && field.form !== 'list' ? undefined : draftOf(field, value)
}

function draftOfUnion(alternatives: readonly FieldForm[], given: unknown): Draft {
  if (given === undefined) return undefined
  const whole = alternatives.findIndex((each) => fits(each, given))
  const chosen = whole === -1 ? alternatives.findIndex((each) => looksLike(each, given)) : whole
  const alternative = alternatives[chosen]
  return alternative ? { chosen, value: draftOf(alternative, given) } : undefined
}

function fits(field: FieldForm, given: unknown): boolean {
  if (field.form === 'fixed') return field.value === given
  if (field.form === 'group' && !looksLike(field, given)) return false
  const { value, faults } = settle(field, draftOf(field, given))
  return value !== undefined && faults.length === 0
}

/** Whether what tells alternatives apart (a fixed part such as "type") fits, though the rest does not yet. */
function looksLike(field: FieldForm, given: unknown): boolean {
  if (field.form !== 'group' || !isRecord(given)) return false
  return field.parts.every(({ key, field: part }) => part.form !== 'fixed' || part.value === given[key])
}

export interface Settled {
  /** Undefined where nothing is set. */
  readonly value: unknown
  readonly faults: readonly Fault[]
}

/** What a form says, as the settings hold it: usual values are left out. */
export function settle(field: FieldForm, draft: Draft, path = ''): Settled {
  switch (field.form) {
    case 'text':
      return settleText(field, draft, path)
    case 'number':
      return settleNumber(field, draft, path)
    case 'choice':
      return typeof draft === 'string' ? good(JSON.parse(draft)) : good(undefined)
    case 'switch':
      return good(draft === true)
    case 'fixed':
      return field.value !== true || draft === true ? good(field.value) : bad(path, 'not-ticked')
    case 'json':
      return settleJson(draft, path)
    case 'list':
      return settleList(field.item, Array.isArray(draft) ? draft : [], path)
    case 'union':
      return settleUnion(field.alternatives, draft, path)
    case 'group':
      return settleGroup(field.parts, draft, path)
  }
}

const good = (value: unknown): Settled => ({ value, faults: [] })
const bad = (path: string, code: FaultCode, limit?: number): Settled => ({
  value: undefined,
  faults: [{ path, code, ...(limit !== undefined && { limit }) }],
})

function settleText({ shortest, longest, pattern }: TextForm, draft: Draft, path: string): Settled {
  if (typeof draft !== 'string' || (draft === '' && shortest > 0)) return good(undefined)
  if (draft.length < shortest) return bad(path, 'pattern')
  if (longest !== undefined && draft.length > longest) return bad(path, 'pattern')
  return pattern && !pattern.test(draft) ? bad(path, 'pattern') : good(draft)
}

function settleNumber(field: NumberForm, draft: Draft, path: string): Settled {
  if (typeof draft !== 'string' || draft.trim() === '') return good(undefined)
  const number = Number(draft)
  if (!Number.isFinite(number)) return bad(path, 'not-a-number')
  if (field.whole && !Number.isInteger(number)) return bad(path, 'not-whole')
  const least = field.least ?? (field.whole && field.above !== undefined ? field.above + 1 : field.above)
  const most = field.most ?? (field.whole && field.below !== undefined ? field.below - 1 : field.below)
  if (least !== undefined && (number < least || number === field.above)) return bad(path, 'too-small', least)
  if (most !== undefined && (number > most || number === field.below)) return bad(path, 'too-large', most)
  if (field.step && number % field.step !== 0) return bad(path, 'not-multiple', field.step)
  return good(number)
}

function settleJson(draft: Draft, path: string): Settled {
  if (typeof draft !== 'string' || draft.trim() === '') return good(undefined)
  try {
    return good(JSON.parse(draft))
  } catch {
    return bad(path, 'pattern')
  }
}

function settleList(item: FieldForm, drafts: readonly Draft[], path: string): Settled {
  const settled = drafts.map((draft, index) => needed(item, draft, below(path, String(index))))
  return {
    value: settled.length > 0 ? settled.map(({ value }) => value) : undefined,
    faults: settled.flatMap(({ faults }) => faults),
  }
}

function settleUnion(alternatives: readonly FieldForm[], draft: Draft, path: string): Settled {
  if (!isUnion(draft)) return good(undefined)
  const alternative = alternatives[draft.chosen]
  return alternative ? needed(alternative, draft.value, below(path, '?')) : bad(path, 'choose')
}

function settleGroup(parts: readonly Part[], draft: Draft, path: string): Settled {
  if (!isGroup(draft)) return good(undefined)
  const value: Record<string, unknown> = {}
  const faults: Fault[] = []
  for (const part of parts) {
    const there = below(path, part.key)
    const settled = part.needed
      ? needed(part.field, draft.parts[part.key], there)
      : settle(part.field, draft.parts[part.key], there)
    faults.push(...settled.faults)
    if (settled.value !== undefined && (part.needed || !isUsual(part.field, settled.value)))
      value[part.key] = settled.value
  }
  return { value, faults }
}

/** Like `settle`, but nothing is not enough. */
function needed(field: FieldForm, draft: Draft, path: string): Settled {
  // A group that is needed is there, however empty: what it lacks is told beside its own fields.
  const whole = field.form === 'group' && !isGroup(draft) ? { parts: {} } : draft
  const settled = settle(field, whole, path)
  if (settled.value !== undefined || settled.faults.length > 0) return settled
  return bad(path, field.form === 'union' || field.form === 'choice' ? 'choose' : 'missing')
}

/** A switch that is off and has no usual value says nothing; a group full of usual values neither. */
function isUsual(field: FieldForm, value: unknown): boolean {
  if (field.form === 'switch' && field.usual === undefined) return value === false
  if (JSON.stringify(field.usual) === JSON.stringify(value)) return true
  return (
    field.form === 'group' && field.usual !== undefined && isRecord(value) && Object.keys(value).length === 0
  )
}

export const below = (path: string, key: string) => (path ? `${path}/${key}` : key)
export const isGroup = (draft: Draft): draft is DraftGroup => typeof draft === 'object' && 'parts' in draft
export const isUnion = (draft: Draft): draft is DraftUnion => typeof draft === 'object' && 'chosen' in draft
const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
