import type { Commands, Kind, TemperatureSample } from '../../../devices/kinds.ts'
import type { Clock } from '../../../devices/lib/clock.ts'
import type { DeviceState } from '../../api/contract.ts'
import type { KindEvent } from '../../device-hub.ts'
import { type Check, check, type Notes } from './check.ts'

export interface ProvenDevice {
  readonly id: string
  readonly kind: Kind
  readonly state: DeviceState
  readonly error?: { readonly code: string } | undefined
}

export interface DeviceCheckNeeds {
  readonly clock: Clock
  devices(): readonly ProvenDevice[]
  /** Undefined while it is not online. */
  commands(id: string): Commands | undefined
  /** Ends the device's connection, so that it is greeted anew. */
  restart(id: string): void
  listen(listener: (event: KindEvent) => void): () => void
  /** Prints a test slip; undefined where none is wanted. Resolves with what became of it. */
  printSlip?: ((device: string) => Promise<string>) | undefined
}

/** A device is greeted within this, or it is not there. */
const GREETED_MS = 10_000
const SAMPLE_MS = 5000
const LOOK_EVERY_MS = 100
/** Rooms are between these, and a sensor that works sees nothing else. Hundredths of a degree. */
const ROOM = [-1000, 5000] as const
/** Without these nobody can be let in by machine. */
const needed: readonly Kind[] = ['id-card-reader', 'gate']

/** Every configured device, one after the other: asked, never moved; nothing is printed unless somebody wants it. */
export async function checkDevices(needs: DeviceCheckNeeds): Promise<Check[]> {
  const checks: Check[] = []
  for (const { id, kind } of needs.devices())
    checks.push(await check({ check: 'device', device: id }, (notes) => look(needs, { id, kind }, notes)))
  for (const kind of needed)
    if (!needs.devices().some((device) => device.kind === kind))
      checks.push(await check({ check: 'device' }, ({ bad }) => bad('not-configured', { kind })))
  return checks
}

type Target = Pick<ProvenDevice, 'id' | 'kind'>

async function look(needs: DeviceCheckNeeds, device: Target, notes: Notes): Promise<void> {
  if (needs.commands(device.id) && greetedAnew.includes(device.kind)) await greetAnew(needs, device.id)
  const commands = needs.commands(device.id)
  if (!commands) return notOnline(needs, device, notes)
  notes.good('online')
  if (device.kind === 'receipt-printer') await printer(needs, device.id, notes)
  if (device.kind === 'thermometer') await thermometer(needs, commands as Commands<'thermometer'>, notes)
  if (device.kind === 'gate') gate(commands as Commands<'gate'>, notes)
}

/** What may have forgotten its greeting over night. A gate is polled all the time, and is never brought down. */
const greetedAnew: readonly Kind[] = ['id-card-reader', 'code-scanner']

async function greetAnew({ clock, commands, restart }: DeviceCheckNeeds, id: string): Promise<void> {
  const before = commands(id)
  restart(id)
  for (let waited = 0; waited < GREETED_MS; waited += LOOK_EVERY_MS) {
    await clock.sleep(LOOK_EVERY_MS)
    const now = commands(id)
    if (now && now !== before) return
  }
}

function notOnline(needs: DeviceCheckNeeds, { id, kind }: Target, notes: Notes): void {
  const { state = 'offline', error } = needs.devices().find((each) => each.id === id) ?? {}
  const values = { state, ...(error ? { error: error.code } : {}) }
  if (needed.includes(kind)) notes.bad('not-online', values)
  else notes.limited('not-online', values)
}

async function printer(needs: DeviceCheckNeeds, id: string, notes: Notes): Promise<void> {
  const commands = needs.commands(id) as Commands<'receipt-printer'>
  const { fault, paper, cover } = await commands.check()
  if (cover === 'open') notes.limited('cover-open')
  if (paper === 'out') notes.limited('paper-out')
  if (paper === 'low') notes.limited('paper-low')
  if (fault) notes.limited('printer-fault', { fault })
  else notes.good('printer-ready')
  if (fault || !needs.printSlip) return
  const state = await needs.printSlip(id)
  if (['printed', 'in-hand', 'held-out', 'not-taken'].includes(state)) notes.good('slip-printed', { state })
  else notes.limited('slip-not-printed', { state })
}

async function thermometer(
  needs: DeviceCheckNeeds,
  { attend }: Commands<'thermometer'>,
  notes: Notes,
): Promise<void> {
  attend?.(true)
  const sample = await nextSample(needs).finally(() => attend?.(false))
  // A camera tells of faces alone, and nobody is here.
  if (!sample) return notes.note('no-temperature')
  const { ambientCentiCelsius: ambient, rawCentiCelsius: raw, head } = sample
  const values = { ambient: String(ambient), ...(raw === undefined ? {} : { raw: String(raw) }) }
  const plausible = [ambient, raw ?? ambient].every((value) => value >= ROOM[0] && value <= ROOM[1])
  if (plausible) notes.good('room-measured', values)
  else notes.limited('sample-implausible', values)
  if (head === 'frozen') notes.limited('frozen')
  if (head === 'warming-up') notes.note('warming-up')
}

async function nextSample({ clock, listen }: DeviceCheckNeeds): Promise<TemperatureSample | undefined> {
  const found = Promise.withResolvers<TemperatureSample>()
  const stop = listen(({ event }) => event.type === 'temperature' && found.resolve(event.sample))
  const over = new AbortController()
  const limit = clock.sleep(SAMPLE_MS, over.signal).catch(() => {})
  try {
    return (await Promise.race([found.promise, limit])) ?? undefined
  } finally {
    over.abort()
    stop()
  }
}

/** Online says that inputs and relay were read a moment ago. */
function gate({ seesFire, seesPassage, fire }: Commands<'gate'>, notes: Notes): void {
  notes.good('gate-readable')
  if (!seesFire) notes.note('fire-not-wired')
  else if (fire()) notes.limited('fire-active')
  if (!seesPassage) notes.note('passage-not-wired')
}
