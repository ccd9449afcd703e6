import { onTestFinished } from 'vitest'
import type { TerminalSettings } from '../../../config/schemas/terminal.ts'
import type { Commands, DeviceEvent, IdCard, Kind, PrintJob, PrintResult } from '../../../devices/kinds.ts'
import type { Intent, Outcome } from '../../../kiosk-agent/api/contract.ts'
import type { HubDevice } from '../../../kiosk-agent/device-hub.ts'
import { createDoor } from '../../../kiosk-agent/entry/door.ts'
import type { HealthResult } from '../../../kiosk-agent/gateways/health/health-adapter.ts'
import type { ClaimAnswer, HallStore } from '../../../kiosk-agent/hall/hall-store.ts'
import { type Entry, entrySchema, type StoredEntry } from '../../../kiosk-agent/ledger/entries.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import {
  appointment,
  demoHall,
  epidemicRules,
  healthOf,
  MONDAY_1030,
  resident,
  sample,
} from '../../support/visitor.ts'
import { FakeAround } from './around-fake.ts'
import { FakeGate } from './gate-fake.ts'

export const li = resident()
export const wang = resident('王芳', '128')
const people = [li, wang]

const text = { 'zh-Hans': '入口', 'zh-Hant': '入口', en: 'Entrance' }
const terminal: TerminalSettings = {
  id: 'demo-1',
  role: 'entry',
  name: text,
  hall: 'demo',
  simulated: true,
  port: 0,
  panel: { diagonalInches: 21.5, widthPx: 1080, heightPx: 1920 },
  camera: true,
  language: 'zh-Hans',
  lane: { id: 'lane-1', profile: 'single', grantSeconds: 15, passageSeconds: 8 },
  slips: { print: 'always' },
  devices: [],
}

/** A whole door with everything around it in memory: what it wrote, sent and showed stands in `happened`, in order. */
export function doorBench({ start = true, camera = true } = {}) {
  const clock = fakeClock(MONDAY_1030)
  const wall = { shiftMs: 0 }
  const gate = new FakeGate(clock)
  const happened: string[] = []
  const entries: Entry[] = []
  const told: string[] = []
  const logged: string[] = []
  const ledger = { broken: false as boolean | Entry['type'], delayMs: 0 }
  const store = {
    away: false,
    delayMs: 0,
    claim: { claimed: true } as ClaimAnswer,
    claims: new Map<string, string>(),
    nobodyBooked: false,
  }
  const printer = {
    print: async (_job: PrintJob): Promise<PrintResult> => ({ outcome: 'printed', paperLow: false }),
  }
  const screen = { throws: false }
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))

  async function ask<Answer>(answer: () => Answer): Promise<Answer> {
    const away = store.away
    if (store.delayMs > 0) await clock.sleep(store.delayMs)
    if (away) throw new Error('unreachable')
    return answer()
  }
  const end = (how: string) => async (nonce: string) => {
    told.push(`${how} ${nonce}`)
    return ask(() => {
      if (how === 'inside' || store.claims.get(nonce) === 'granted') store.claims.set(nonce, how)
    })
  }
  const fakeStore: Partial<HallStore> = {
    headCount: () =>
      ask(() => ({ capacity: 300, inside: 10, unconfirmed: 0, granted: 0, free: 290, over: 0 })),
    appointmentsOf: (holder) =>
      ask(() => (store.nobodyBooked ? [] : [appointment({ id: `a-${holder}`, holder })])),
    claim: ({ nonce }) =>
      ask(() => {
        store.claims.set(nonce, store.claim.claimed ? 'granted' : 'lost')
        return store.claim
      }),
    claimOf: () => ask(() => undefined),
    confirm: end('inside'),
    confirmUnseen: end('unconfirmed'),
    release: end('released'),
    slippedIn: async ({ nonce }) => void (await ask(() => told.push(`slipped in ${nonce}`))),
    putSalt: () => ask(() => undefined),
  }

  async function record(...written: Entry[]) {
    const broken = ledger.broken
    if (ledger.delayMs > 0) await clock.sleep(ledger.delayMs)
    if (broken === true || written.some(({ type }) => type === broken)) throw new Error('disk full')
    for (const entry of written) {
      entries.push(entrySchema.parse(entry))
      happened.push(`ledger ${entry.type}`)
    }
  }

  const online = new Set<Kind>(['id-card-reader', 'code-scanner', 'thermometer', 'gate', 'receipt-printer'])
  const attended: boolean[] = []
  const around = new FakeAround()
  const thermometer = { attend: (somebody: boolean) => void attended.push(somebody) }
  const commandsOf: { [K in Kind]?: () => Commands<K> | undefined } = {
    gate: gate.commands,
    thermometer: () => thermometer,
    'id-card-reader': () => around.reader,
    'code-scanner': () => around.scanner,
    auxiliaries: () => around.board,
    'receipt-printer': () => ({
      check: async () => ({ paper: 'full', cover: 'closed' }),
      async print(job) {
        await job.beforeFirstByte()
        happened.push('paper')
        return printer.print(job)
      },
    }),
  }
  const device = (id: string, kind: Kind): HubDevice => ({ id, kind, state: 'online', since: 0 })
  const devices = (): HubDevice[] => [
    ...[...online].filter((kind) => kind !== 'gate' || gate.online).map((kind) => device(kind, kind)),
    ...(around.second ? [device('second', 'auxiliaries')] : []),
  ]

  const door = createDoor({
    terminal: { ...terminal, camera },
    hall: demoHall,
    rules: { set: epidemicRules, version: 1 },
    build: 'test',
    epoch: 'e',
    store: fakeStore as HallStore,
    health: {
      recognises: (code) => code.startsWith('YKM:'),
      async verify(code): Promise<HealthResult> {
        return healthOf(people.find(({ idNumber }) => code.endsWith(idNumber)) ?? li)
      },
    },
    hub: () => ({
      devices: devices(),
      commands: <K extends Kind>(kind: K) => (online.has(kind) ? commandsOf[kind]?.() : undefined),
      commandsOf(id) {
        const board = id === 'second' ? around.second : online.has('auxiliaries') ? around.board : undefined
        return board && { kind: 'auxiliaries', commands: board }
      },
    }),
    blindIndex: (idNumber) => idNumber.slice(-6),
    commit: () => ({ commitment: 'ab'.repeat(32), salt: 'cd' }),
    record,
    clock: { ...clock, now: () => clock.now() + wall.shiftMs },
    log: (message) => logged.push(message),
    onChange() {
      if (screen.throws) throw new Error('a bug of the screen')
      const { outcome } = door.view(clock.now())
      const shown = `screen ${outcome?.decision}`
      if (outcome && happened.findLast((each) => each.startsWith('screen')) !== shown) happened.push(shown)
    },
  })
  gate.onPulse = () => happened.push('gate pulse')

  const view = () => door.view(clock.now() + wall.shiftMs)
  const send = (intent: Intent) => door.intent(intent)
  const layCard = (card: IdCard) => door.onDevice({ kind: 'id-card-reader', event: { type: 'card', card } })
  const showCode = (card: IdCard) =>
    door.onDevice({
      kind: 'code-scanner',
      event: { type: 'code', bytes: new TextEncoder().encode(`YKM:${card.idNumber}`) },
    })
  async function stand(centiCelsius = 3650) {
    for (let look = 0; look < 5; look++) {
      await clock.advance(100)
      door.onDevice({ kind: 'thermometer', event: { type: 'temperature', sample: sample(centiCelsius) } })
    }
  }
  const attest = () => send({ type: 'attest-mask', about: view().session?.id ?? null })
  /** Everything a visitor does; the last evidence is the mask, so that the decision is made now. */
  async function visit(card: IdCard = li) {
    layCard(card)
    showCode(card)
    await stand()
    attest()
  }
  async function outcome(): Promise<Outcome | null> {
    await clock.advance(50)
    return view().outcome
  }
  const auxiliary = (event: DeviceEvent<'auxiliaries'>) => door.onDevice({ kind: 'auxiliaries', event })
  const walk = () => door.onDevice({ kind: 'gate', event: { type: 'passed' } })
  const fire = (active: boolean) => door.onDevice({ kind: 'gate', event: { type: 'fire', active } })
  const types = () => entries.map(({ type }) => type)
  const started = async (former: readonly StoredEntry[] = []) => {
    await clock.until(door.start(former))
    await clock.advance(10)
  }

  return {
    ...{
      clock,
      wall,
      gate,
      happened,
      entries,
      told,
      logged,
      ledger,
      store,
      printer,
      screen,
      unhandled,
      attended,
      around,
      online,
    },
    ...{ door, view, send, layCard, showCode, stand, attest, visit, outcome, walk, fire, auxiliary, types },
    ready: start ? started() : Promise.resolve(),
    started,
  }
}

/** A door that has started. */
export async function openDoor() {
  const bench = doorBench()
  await bench.ready
  return bench
}
