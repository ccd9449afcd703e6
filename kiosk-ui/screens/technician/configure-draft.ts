import { computed, effect, signal } from '@preact/signals'
import type { Candidate, ConsoleDevice, Model } from '../../../kiosk-agent/api/technician-contract.ts'
import { type Draft, draftOf, type Fault, settle } from '../../forms/draft.ts'
import { fieldOf, type GroupForm } from '../../forms/field-of.ts'
import { current, models, send } from '../../technician-state.ts'

/** What is being set up. Its fields are in `draft`, because they change with every key. */
interface Editing {
  readonly id: string
  /** The device has its place in the settings already. */
  readonly existing: boolean
  readonly kind: string | undefined
  readonly driver: string | undefined
  readonly options: unknown
  /** Filled in from what was recognised. */
  readonly proposed: boolean
}

export const editing = signal<Editing | null>(null)
export const draft = signal<Draft>(undefined)
export const faults = signal<readonly Fault[]>([])
/** The device that was kept last, until something else is set up. */
export const kept = signal<string | null>(null)

export const model = computed<Model | undefined>(() =>
  models.value?.find(({ driver }) => driver === editing.value?.driver),
)

/** The driver's options as a form; drivers describe them as one group. */
export const form = computed<GroupForm | undefined>(() => {
  const field = model.value && fieldOf(model.value.options)
  return field?.form === 'group' ? field : undefined
})

// The models may come later than the wish to set something up.
effect(() => {
  faults.value = []
  draft.value = form.value && draftOf(form.value, editing.value?.options ?? {})
})

export function editDevice({ id, driver, kind, options }: ConsoleDevice): void {
  begin({ id, existing: true, kind, driver, options, proposed: false })
}

export function addDevice(): void {
  begin({ id: '', existing: false, kind: undefined, driver: undefined, options: {}, proposed: false })
}

/** From what was recognised. A device of this kind that does not work is most likely the one that is replaced. */
export function proposeDevice({ kind, driver, options }: Candidate): void {
  const same = placesOf(kind)
  const [only] = same
  const place = same.length === 1 && only && only.state !== 'online' ? only.id : undefined
  begin({ id: place ?? freeId(kind), existing: place !== undefined, kind, driver, options, proposed: true })
}

export function chooseKind(kind: string): void {
  if (editing.value) editing.value = { ...editing.value, kind, driver: undefined, id: freeId(kind) }
}

export function chooseModel(driver: string): void {
  if (editing.value) editing.value = { ...editing.value, driver, options: {} }
}

/** Where this device goes: the place of another one, or undefined for a place of its own. */
export function choosePlace(id: string | undefined): void {
  const now = editing.peek()
  if (!now?.kind) return
  editing.value = { ...now, id: id ?? freeId(now.kind), existing: id !== undefined, options: optionsNow() }
}

export function stopEditing(): void {
  editing.value = null
}

/** The devices of this kind that are set up. */
export function placesOf(kind: string | undefined): ConsoleDevice[] {
  return current.value?.devices.filter((device) => device.kind === kind) ?? []
}

export const idIsFree = (id: string) => !current.value?.devices.some((device) => device.id === id)

/** Tries what the form says on the device. False: something in the form must be mended first. */
export async function tryIt(): Promise<boolean> {
  const now = editing.value
  if (!now?.driver || !form.value) return false
  const settled = settle(form.value, draft.value)
  faults.value = settled.faults
  if (settled.faults.length > 0) return false
  const device = { id: now.id, driver: now.driver, options: settled.value as Record<string, unknown> }
  return send({ type: 'try-device', device })
}

function begin(next: Editing): void {
  kept.value = null
  editing.value = next
}

function optionsNow(): unknown {
  return form.value ? settle(form.value, draft.value).value : {}
}

const shortNames: { readonly [kind: string]: string } = {
  'id-card-reader': 'reader',
  'code-scanner': 'scanner',
  'receipt-printer': 'printer',
  auxiliaries: 'lights',
}

/** "scanner", or the next one that is free: "scanner-2". */
function freeId(kind: string): string {
  const name = shortNames[kind] ?? kind
  const taken = new Set(current.value?.devices.map(({ id }) => id))
  let id = name
  for (let count = 2; taken.has(id); count++) id = `${name}-${count}`
  return id
}
