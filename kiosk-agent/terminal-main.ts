import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PortRoots, rootsUnder } from '../devices/identify/roots.ts'
import { type Clock, systemClock } from '../devices/lib/clock.ts'
import { openLink } from '../devices/link/open-link.ts'
import { type ConfiguredDevice, configureDevice } from '../devices/registry.ts'
import { type Api, startApi } from './api/server.ts'
import { createSignIn } from './api/sign-in.ts'
import type { SimulatedTerminal } from './bench/simulated-terminal.ts'
import { createDeviceHistory, type DeviceHistory } from './device-history.ts'
import { type DeviceHub, startDeviceHub } from './device-hub.ts'
import { createDoor } from './entry/door.ts'
import type { Door } from './entry/door-contract.ts'
import type { HealthAdapter } from './gateways/health/health-adapter.ts'
import { httpGateway } from './gateways/health/http-gateway.ts'
import { openEmbeddedHallStore } from './hall/embedded-hall-store.ts'
import type { HallStore } from './hall/hall-store.ts'
import { governingDocuments } from './hall-documents.ts'
import type { OpenDeviceLink } from './job-links.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { leftOpen } from './left-open.ts'
import { type LoadedTerminal, loadTerminal } from './load-terminal.ts'
import type { Log } from './log.ts'
import { closeLeft } from './paper/left-slips.ts'
import { blindIndex } from './privacy/blind-index.ts'
import { commit } from './privacy/commitment.ts'
import { openKeys } from './privacy/keys.ts'
import { purgeSaltsHourly } from './purge-salts.ts'
import { type TechnicianRoom, technicianRoom } from './technician/room.ts'
import { createDeviceWire, type DeviceWire } from './technician/wire/device-wire.ts'

export interface TerminalOptions {
  readonly terminalFile: string
  readonly dataFolder: string
  /** Folder of the built screens, and the name of that build. */
  readonly screens: { readonly folder: string; readonly build: string }
  readonly log: Log
  /** Instead of the port in the configuration. */
  readonly port?: number
  readonly clock?: Clock
  /** True: a link is made by which a technician's forgotten PIN is replaced. */
  readonly recoverTechnician?: boolean
  /** Where ports are looked for: this machine, and a folder "ports" of the data folder, unless told. */
  readonly portRoots?: PortRoots
  /** Exponent of the cost of a PIN's hash; a test takes less. */
  readonly pinCost?: number
}

export interface RunningTerminal {
  readonly port: number
  readonly terminalId: string
  /** An address that signs one browser in, once, within five minutes. */
  launchUrl(): string
  /** The technician's console; with a one-time token while no technician has an account, or to replace a forgotten PIN. */
  technicianUrl(): string
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

    const running: Running = {}
    const changed = () => {
      running.api?.changed()
      running.technician?.changed()
    }
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
      hub: () => running.hub ?? { devices: [], commands: () => undefined, commandsOf: () => undefined },
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
      camera: terminal.camera,
      signIn,
      log,
      view: (now) => door.view(now),
      intent: (intent) => door.intent(intent),
      bench: simulation?.bench,
      technician: (request, response, next) =>
        running.technician ? running.technician.handler(request, response, next) : next(),
      now: () => clock.now(),
    })
    running.api = api
    cleanUp.defer(() => api.close())
    const past = createDeviceHistory(() => clock.now())
    const wire = createDeviceWire({ clock, log })
    const hub = startHub({ configured, simulation, door, ledger, past, wire, clock, log })
    running.hub = hub
    cleanUp.defer(() => hub.close())
    cleanUp.defer(() => door.close())
    const technician = await technicianRoom({
      ...loaded,
      ...{ build: options.screens.build, keys, clock, log, ledger, store, door, hub, past, wire },
      pinCost: options.pinCost,
      portRoots: options.portRoots ?? rootsUnder('/', [join(options.dataFolder, 'ports')]),
      recover: options.recoverTechnician ?? false,
      prepare: async (device) => simulation?.place(device),
      onReplaced: () => door.refresh(),
    })
    running.technician = technician
    cleanUp.defer(() => technician.close())

    // What the last morning proof found holds before the first visitor comes.
    if (terminal.morningProof || (await hasProof(ledger))) await technician.open()

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
      technicianUrl() {
        const token = technician.setUpToken
        return `http://127.0.0.1:${api.port}/technician${token === undefined ? '' : `#setup=${token}`}`
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

/** What is made one after the other and needs each other. */
interface Running {
  door?: Door
  api?: Api
  hub?: DeviceHub
  simulation?: SimulatedTerminal
  technician?: TechnicianRoom
}

interface SimulationNeeds {
  readonly configured: readonly ConfiguredDevice[]
  readonly store: HallStore
  index(idNumber: string): string
  readonly running: Running
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
  readonly past: DeviceHistory
  readonly wire: DeviceWire
  readonly clock: Clock
  readonly log: Log
}

function startHub({ configured, simulation, door, ledger, past, wire, clock, log }: HubNeeds): DeviceHub {
  const open: OpenDeviceLink = async (id, link, signal, device) =>
    wire.tap(device, simulation ? simulation.openLink(id) : await openLink(link, signal))
  return startDeviceHub({
    devices: configured,
    openLink: open,
    clock,
    log,
    onEvent(event, id) {
      past.onEvent(event, id)
      door.onDevice(event)
    },
    onState(device) {
      const { id, state, error } = device
      past.onState(device)
      ledger
        .append({ type: 'device', device: id, state, ...(error ? { error: error.code } : {}) })
        .catch((failure) => log('a device state was not recorded', { error: failure }))
      door.refresh()
    },
  })
}

const hasProof = async (ledger: Ledger) =>
  (await ledger.read({ types: ['morning-proof'], limit: 1 })).length > 0

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
