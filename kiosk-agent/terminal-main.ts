import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, systemClock } from '../devices/lib/clock.ts'
import type { AnyLink, LinkOptions } from '../devices/link/link.ts'
import { openLink } from '../devices/link/open-link.ts'
import { type ConfiguredDevice, configureDevice } from '../devices/registry.ts'
import { type Api, startApi } from './api/server.ts'
import { createSignIn } from './api/sign-in.ts'
import type { SimulatedTerminal } from './bench/simulated-terminal.ts'
import { type DeviceHub, startDeviceHub } from './device-hub.ts'
import { createDoor } from './entry/door.ts'
import type { Door } from './entry/door-contract.ts'
import { stillOpen } from './entry/settlement.ts'
import type { HealthAdapter } from './gateways/health/health-adapter.ts'
import { httpGateway } from './gateways/health/http-gateway.ts'
import { openEmbeddedHallStore } from './hall/embedded-hall-store.ts'
import type { HallStore } from './hall/hall-store.ts'
import { governingDocuments } from './hall-documents.ts'
import type { StoredEntry } from './ledger/entries.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { type LoadedTerminal, loadTerminal } from './load-terminal.ts'
import type { Log } from './log.ts'
import { closeLeft, followSlips, type LeftSlips, noSlips } from './paper/left-slips.ts'
import { blindIndex } from './privacy/blind-index.ts'
import { commit } from './privacy/commitment.ts'
import { openKeys } from './privacy/keys.ts'

export interface TerminalOptions {
  readonly terminalFile: string
  readonly dataFolder: string
  /** Folder of the built screens, and the name of that build. */
  readonly screens: { readonly folder: string; readonly build: string }
  readonly log: Log
  /** Instead of the port in the configuration. */
  readonly port?: number
  readonly clock?: Clock
}

export interface RunningTerminal {
  readonly port: number
  readonly terminalId: string
  /** An address that signs one browser in, once, within five minutes. */
  launchUrl(): string
  /** Aborts when the ledger can never be written again in this process: only a new one may go on. */
  readonly failed: AbortSignal
  /** Ends visits properly, then devices, ledger and store. */
  close(): Promise<void>
}

/** Starts the agent of one terminal. Rejects, with nothing left running, when something is missing or wrong. */
export async function startTerminal(options: TerminalOptions): Promise<RunningTerminal> {
  const { log, clock = systemClock } = options
  const cleanUp = new AsyncDisposableStack()
  try {
    const loaded = await loadTerminal(options.terminalFile, options.dataFolder)
    const { terminal } = loaded
    const [configured, keys] = await Promise.all([
      Promise.all(terminal.devices.map(configureDevice)),
      openKeys(options.dataFolder),
    ])
    const { ledger, store } = await openFiles(loaded, options.screens.build, cleanUp)
    let why = 'did not start'
    cleanUp.defer(async () => {
      await ledger.append({ type: 'agent-stopped', why }).catch(() => {})
    })
    const documents = await governingDocuments(store, loaded, clock.now())
    const indexKey = keys.derive('appointment-index')
    const index = (idNumber: string) => blindIndex(indexKey, idNumber)

    const running: { door?: Door; api?: Api; hub?: DeviceHub; simulation?: SimulatedTerminal } = {}
    const changed = () => running.api?.changed()
    const simulation = terminal.simulated
      ? await startSimulation({ configured, store, index, running, clock, log })
      : undefined
    if (simulation) {
      running.simulation = simulation
      cleanUp.defer(() => simulation.close())
    }
    const door = createDoor({
      terminal,
      ...documents,
      build: options.screens.build,
      // The whole of it: a nonce met before in the hall store would be answered as it was then.
      epoch: ledger.epoch.replaceAll('-', ''),
      store,
      health: simulation?.health ?? (await healthAdapter(loaded, clock)),
      hub: () => running.hub ?? { devices: [], commands: () => undefined },
      blindIndex: index,
      commit,
      record: (...entries) => ledger.append(...entries),
      clock,
      log,
      onChange: changed,
    })
    running.door = door
    ledger.onTrouble((trouble) => {
      if (trouble) log('the ledger cannot write', { error: trouble })
      door.setBroken(trouble !== undefined)
    })

    const signIn = createSignIn({
      terminalId: terminal.id,
      key: keys.derive(`screen-cookie ${terminal.id}`),
      now: () => clock.now(),
    })
    const api = await startApi({
      port: options.port ?? terminal.port,
      screens: options.screens.folder,
      signIn,
      log,
      view: (now) => door.view(now),
      intent: (intent) => door.intent(intent),
      bench: simulation?.bench,
      now: () => clock.now(),
    })
    running.api = api
    cleanUp.defer(() => api.close())
    running.hub = startHub({ configured, simulation, door, ledger, clock, log })
    cleanUp.defer(() => running.hub?.close())
    cleanUp.defer(() => door.close())

    const { former, slips } = await leftOpen(ledger)
    if (slips.open.length > 0) await ledger.append(...closeLeft(slips))
    await simulation?.bench.seed()
    await door.start(former, slips)
    cleanUp.use(purgeSaltsHourly(store, clock, log))

    const stack = cleanUp.move()
    let closing: Promise<void> | undefined
    return {
      port: api.port,
      terminalId: terminal.id,
      failed: ledger.failed,
      launchUrl: () => {
        // On a real panel millimetres are millimetres; a demo fits itself to whatever window it gets.
        const panel = terminal.simulated ? '' : `?diagonal=${terminal.panel.diagonalInches}`
        return `http://127.0.0.1:${api.port}/${panel}#token=${signIn.mint()}`
      },
      close() {
        why = 'asked to'
        closing ??= stack.disposeAsync()
        return closing
      },
    }
  } catch (error) {
    await cleanUp.disposeAsync()
    throw error
  }
}

interface SimulationNeeds {
  readonly configured: readonly ConfiguredDevice[]
  readonly store: HallStore
  index(idNumber: string): string
  readonly running: { door?: Door; api?: Api }
  readonly clock: Clock
  readonly log: Log
}

/** Loaded only here: a real terminal never has simulators in memory. */
async function startSimulation({ configured, store, index, running, clock, log }: SimulationNeeds) {
  const { startSimulatedTerminal } = await import('./bench/simulated-terminal.ts')
  return startSimulatedTerminal({
    devices: configured,
    store,
    blindIndex: index,
    now: () => clock.now(),
    log,
    attestMask() {
      const session = running.door?.view(clock.now()).session
      if (session) running.door?.intent({ type: 'attest-mask', about: session.id })
    },
    onChange: () => running.api?.benchChanged(),
  })
}

async function healthAdapter({ terminal, folders }: LoadedTerminal, clock: Clock): Promise<HealthAdapter> {
  const { health } = terminal
  if (!health)
    return { recognises: () => false, verify: () => Promise.reject(new Error('no health gateway is set')) }
  const token = await readFile(join(folders.data, health.tokenFile), 'utf8').catch((cause) => {
    throw new Error(
      `The health gateway's token is missing: put it into ${join(folders.data, health.tokenFile)} (one line).`,
      { cause },
    )
  })
  return httpGateway({ ...health, token: token.trim(), now: () => clock.now() })
}

interface HubNeeds {
  readonly configured: readonly ConfiguredDevice[]
  readonly simulation: SimulatedTerminal | undefined
  readonly door: Door
  readonly ledger: Ledger
  readonly clock: Clock
  readonly log: Log
}

function startHub({ configured, simulation, door, ledger, clock, log }: HubNeeds): DeviceHub {
  const open = async (id: string, link: LinkOptions, signal: AbortSignal): Promise<AnyLink> =>
    simulation ? simulation.openLink(id) : openLink(link, signal)
  return startDeviceHub({
    devices: configured,
    openLink: open,
    clock,
    log,
    onEvent: (event) => door.onDevice(event),
    onState({ id, state, error }) {
      ledger
        .append({ type: 'device', device: id, state, ...(error ? { error: error.code } : {}) })
        .catch((failure) => log('a device state was not recorded', { error: failure }))
      door.refresh()
    },
  })
}

/** Opens what this terminal writes: both files, or none of them stays open. */
async function openFiles(
  { terminal, hall, folders }: LoadedTerminal,
  build: string,
  cleanUp: AsyncDisposableStack,
): Promise<{ ledger: Ledger; store: HallStore }> {
  const { id: terminalId, simulated } = terminal
  const [ledger, store] = await Promise.allSettled([
    openLedger({ path: folders.ledger, terminalId, simulated, build }),
    openEmbeddedHallStore({ path: folders.hallStore, hallId: hall.id, capacity: hall.capacity }),
  ])
  for (const opened of [store, ledger])
    if (opened.status === 'fulfilled') cleanUp.defer(() => opened.value.close())
  if (ledger.status === 'rejected') throw ledger.reason
  if (store.status === 'rejected') throw store.reason
  return { ledger: ledger.value, store: store.value }
}

const PAGE = 5000

/** What former runs of the agent left open: entries of claims without an end, and slips without one. */
async function leftOpen(ledger: Ledger): Promise<{ former: StoredEntry[]; slips: LeftSlips }> {
  const types = ['nonce', 'settled', 'grant', 'pulse', 'passage', 'grant-ended', 'slip'] as const
  let former: StoredEntry[] = []
  let slips = noSlips
  for (let afterSeq = 0; ; ) {
    const page = await ledger.read({ types, afterSeq, limit: PAGE })
    former = stillOpen([...former, ...page])
    slips = followSlips(
      slips,
      page.map(({ entry }) => entry),
    )
    const last = page.at(-1)
    if (!last || page.length < PAGE) return { former, slips }
    afterSeq = last.seq
  }
}

const HOUR_MS = 3_600_000

/** Salts outlive their use by hours, not days: without them nothing in the ledger leads to anybody. */
function purgeSaltsHourly(store: HallStore, clock: Clock, log: Log): Disposable {
  const stopping = new AbortController()
  async function purge() {
    while (!stopping.signal.aborted) {
      await store.purgeSalts(clock.now()).catch((error) => log('expired salts were not purged', { error }))
      await clock.sleep(HOUR_MS, stopping.signal).catch(() => {})
    }
  }
  void purge()
  return { [Symbol.dispose]: () => stopping.abort() }
}
