import type { KeptDriver, PerJobDriver } from '../devices/driver.ts'
import { asDeviceError, DeviceError, type DeviceErrorCode } from '../devices/errors.ts'
import type { Commands, DeviceEvent, Kind } from '../devices/kinds.ts'
import type { Clock } from '../devices/lib/clock.ts'
import {
  type AnyLink,
  isLinkKind,
  type LinkKind,
  type LinkOptions,
  type StreamLink,
} from '../devices/link/link.ts'
import type { ConfiguredDevice } from '../devices/registry.ts'
import type { DeviceState } from './api/contract.ts'
import { guarded } from './guarded.ts'
import type { Log } from './log.ts'

/** One device as the hub sees it now. */
export interface HubDevice {
  readonly id: string
  readonly kind: Kind
  readonly state: DeviceState
  /** Unix milliseconds. */
  readonly since: number
  /** Why it is not online, in words for the technician. */
  readonly error?: DeviceError
}

export type KindEvent = { [K in Kind]: { readonly kind: K; readonly event: DeviceEvent<K> } }[Kind]

export interface DeviceHub {
  readonly devices: readonly HubDevice[]
  /** The commands of the device of this kind; undefined while it is not online. */
  commands<K extends Kind>(kind: K): Commands<K> | undefined
  /** Ends every connection and stops reconnecting. */
  close(): Promise<void>
}

export interface HubOptions {
  readonly devices: readonly ConfiguredDevice[]
  openLink(deviceId: string, options: LinkOptions, signal: AbortSignal): Promise<AnyLink>
  readonly clock: Clock
  readonly log: Log
  onEvent(event: KindEvent): void
  onState(device: HubDevice): void
}

const FIRST_WAIT_MS = 100
/** A plugged-in device must be usable within 5 s, so no wait between tries is longer than this. */
const LONGEST_WAIT_MS = 1600
/** A device that was there for less only flaps: it is greeted again at the slow pace, so that it fills no ledger. */
const STABLE_AFTER_MS = 5000
/** A greeting that takes longer than this never ends. */
const GREETING_LIMIT_MS = 10_000

/** Keeps every configured device connected: opens, greets, and after any failure waits a little and begins again. */
export function startDeviceHub(options: HubOptions): DeviceHub {
  const stopping = new AbortController()
  const supervised = options.devices.map((device) => supervise(device, options, stopping.signal))
  return {
    get devices() {
      return supervised.map(({ view }) => view())
    },
    commands<K extends Kind>(kind: K) {
      const device = supervised.find((each) => each.kind === kind && each.commands() !== undefined)
      return device?.commands() as Commands<K> | undefined
    },
    async close() {
      stopping.abort(new DeviceError('link-closed', 'the agent is stopping'))
      await Promise.all(supervised.map(({ done }) => done))
    },
  }
}

function supervise(device: ConfiguredDevice, hub: HubOptions, stopping: AbortSignal) {
  const { kind } = device.driver
  let commands: Commands | undefined
  let attempt = 0
  const told = guarded(hub.log, `${device.id}: its state could not be told`, hub.onState)
  let view: HubDevice = { id: device.id, kind, state: 'starting', since: hub.clock.now() }

  function become(state: DeviceState, error?: DeviceError) {
    if (view.state === state && view.error?.code === error?.code) return
    view = { id: device.id, kind, state, since: hub.clock.now(), ...(error ? { error } : {}) }
    hub.log(`${device.id}: ${state}`, error ? { error } : undefined)
    told(view)
  }

  async function keepConnected() {
    for (let waitMs = FIRST_WAIT_MS; !stopping.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      let onlineAt = Number.POSITIVE_INFINITY
      const ended = await connectOnce({ device, attempt }, hub, stopping, (ready) => {
        commands = ready
        onlineAt = hub.clock.monotonic()
        become('online')
      })
      commands = undefined
      if (onlineAt === Number.POSITIVE_INFINITY) attempt++
      if (stopping.aborted) break
      if (hub.clock.monotonic() - onlineAt >= STABLE_AFTER_MS) waitMs = FIRST_WAIT_MS
      become(stateAfter(ended.code), ended)
      await hub.clock.sleep(waitMs, stopping).catch(() => {})
    }
  }

  return { kind, view: () => view, commands: () => commands, done: keepConnected() }
}

/** A device, and how often it was not reached. */
interface Target {
  readonly device: ConfiguredDevice
  readonly attempt: number
}

/** One connection from opening to its end. Never throws: resolves with the reason it ended. */
async function connectOnce(
  target: Target,
  hub: HubOptions,
  stopping: AbortSignal,
  onReady: (commands: Commands) => void,
): Promise<DeviceError> {
  const { device } = target
  const connection = new AbortController()
  const end = (reason: unknown) => connection.abort(asDeviceError(reason, 'link-lost', device.id))
  const stop = () => end(stopping.reason)
  stopping.addEventListener('abort', stop)
  const links = new JobLinks(target, hub, connection)
  try {
    const greeting = greet(device, hub, { connection, links })
    const tooLong = hub.clock.sleep(GREETING_LIMIT_MS, connection.signal).then(() => {
      throw new DeviceError('timeout', `${device.id}: the device did not finish its greeting`)
    })
    tooLong.catch(() => {})
    const commands = await Promise.race([greeting, tooLong])
    if (!connection.signal.aborted) onReady(commands)
    await aborted(connection.signal)
  } catch (error) {
    end(error)
  } finally {
    stopping.removeEventListener('abort', stop)
    await links.close()
  }
  return connection.signal.reason as DeviceError
}

interface Connection {
  readonly connection: AbortController
  readonly links: JobLinks
}

async function greet(device: ConfiguredDevice, hub: HubOptions, { connection, links }: Connection) {
  const { driver, options } = device
  const { signal } = connection
  const told = guarded(hub.log, `${device.id}: its event was not taken`, hub.onEvent)
  const shared = {
    options,
    signal,
    clock: hub.clock,
    log: (message: string, details?: Record<string, unknown>) => hub.log(`${device.id}: ${message}`, details),
    emit: (event: DeviceEvent) => {
      if (!signal.aborted) told({ kind: driver.kind, event } as KindEvent)
    },
  }
  if (driver.connection === 'per-job') {
    const perJob = driver as PerJobDriver<Kind, unknown>
    return perJob.start({ ...shared, useLink: (job) => links.use(job) })
  }
  const link = await links.hold(driver.linkKind)
  return (driver as KeptDriver<Kind, unknown, LinkKind>).start({ ...shared, link })
}

/** The links of one connection: one that is held, or one for each job, and jobs in turn. */
class JobLinks {
  readonly #target: Target
  readonly #hub: HubOptions
  readonly #connection: AbortController
  /** Every link of this connection that is open now. */
  readonly #open = new Set<AnyLink>()
  #heldForJobs: Promise<StreamLink> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(target: Target, hub: HubOptions, connection: AbortController) {
    this.#target = target
    this.#hub = hub
    this.#connection = connection
  }

  /** A link that stays open as long as the connection, and whose end is the connection's end. */
  async hold<K extends LinkKind>(kind: K) {
    const link = await this.#opened(kind)
    const end = () => this.#connection.abort(link.closed.reason)
    if (link.closed.aborted) end()
    link.closed.addEventListener('abort', end)
    return link
  }

  use<Result>(job: (link: StreamLink) => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => this.#run(job))
    this.#turn = result.catch(() => {})
    return result
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((link) => link.close()))
  }

  async #run<Result>(job: (link: StreamLink) => Promise<Result>): Promise<Result> {
    this.#connection.signal.throwIfAborted()
    if (this.#linkOptions().type !== 'tcp') return job(await this.#holdForJobs())
    const link = await this.#opened('stream')
    try {
      return await job(link)
    } finally {
      this.#open.delete(link)
      await link.close()
    }
  }

  /** A port that could not be opened for this job may be there for the next. */
  #holdForJobs(): Promise<StreamLink> {
    this.#heldForJobs ??= this.hold('stream').catch((error) => {
      this.#heldForJobs = undefined
      throw error
    })
    return this.#heldForJobs
  }

  #linkOptions(): LinkOptions {
    const { device, attempt } = this.#target
    return device.driver.link(device.options, attempt)
  }

  async #opened<K extends LinkKind>(kind: K) {
    const { signal } = this.#connection
    signal.throwIfAborted()
    const link = await this.#hub.openLink(this.#target.device.id, this.#linkOptions(), signal)
    // Whoever stopped us while the port was opening must not leave it open.
    if (signal.aborted) {
      await link.close()
      throw signal.reason
    }
    this.#open.add(link)
    if (!isLinkKind(link, kind))
      throw new DeviceError(
        'bad-config',
        `${link.name}: the driver needs a ${kind} link, this is ${link.kind}`,
      )
    return link
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** XFS4IoT's word for a device that ended its connection so. */
function stateAfter(code: DeviceErrorCode): DeviceState {
  switch (code) {
    case 'not-found':
    case 'link-lost':
    case 'link-closed':
    case 'timeout':
      return 'powerOff'
    case 'wrong-device':
    case 'bad-answer':
    case 'refused':
    case 'out-of-service':
    case 'unsupported':
      return 'hardwareError'
    case 'no-permission':
    case 'port-busy':
    case 'open-failed':
    case 'bad-config':
    case 'expired':
    case 'fire':
      return 'offline'
  }
}
