import type { KeptDriver, PerJobDriver } from '../devices/driver.ts'
import { asDeviceError, DeviceError, type DeviceErrorCode } from '../devices/errors.ts'
import type { Commands, DeviceEvent, Kind } from '../devices/kinds.ts'
import type { LinkKind } from '../devices/link/link.ts'
import type { ConfiguredDevice } from '../devices/registry.ts'
import type { DeviceState } from './api/contract.ts'
import type { HubDevice, HubOptions, KindEvent } from './device-hub.ts'
import { guarded } from './guarded.ts'
import { JobLinks, type Target } from './job-links.ts'

const FIRST_WAIT_MS = 100
/** A plugged-in device must be usable within 5 s, so no wait between tries is longer than this. */
const LONGEST_WAIT_MS = 1600
/** A device that was there for less only flaps: it is greeted again at the slow pace, so that it fills no ledger. */
const STABLE_AFTER_MS = 5000
/** A greeting that takes longer than this never ends. */
const GREETING_LIMIT_MS = 10_000

/** One configured device that is kept connected. */
export interface Supervised {
  readonly device: ConfiguredDevice
  view(): HubDevice
  /** Undefined while it is not online. */
  commands(): Commands | undefined
  /** Ends the connection; the device is opened and greeted anew. */
  again(reason: DeviceError): void
  /** Ends the connection and stops reconnecting; resolves when the port is free. */
  end(reason: DeviceError): Promise<void>
}

/** Keeps one device connected: opens, greets, and after any failure waits a little and begins again. */
export function supervise(device: ConfiguredDevice, hub: HubOptions): Supervised {
  const ending = new AbortController()
  const stopping = ending.signal
  const { kind } = device.driver
  let commands: Commands | undefined
  let attempt = 0
  let connection = new AbortController()
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
      connection = new AbortController()
      const over = AbortSignal.any([stopping, connection.signal])
      const ended = await connectOnce({ device, attempt }, hub, over, (ready) => {
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

  const done = keepConnected()
  return {
    device,
    view: () => view,
    commands: () => commands,
    again: (reason) => connection.abort(reason),
    end(reason) {
      ending.abort(reason)
      return done
    },
  }
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
  const links = new JobLinks(target, hub.openLink, connection)
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
      if (!signal.aborted) told({ kind: driver.kind, event } as KindEvent, device.id)
    },
  }
  if (driver.connection === 'per-job') {
    const perJob = driver as PerJobDriver<Kind, unknown>
    return perJob.start({ ...shared, useLink: (job) => links.use(job) })
  }
  const link = await links.hold(driver.linkKind)
  return (driver as KeptDriver<Kind, unknown, LinkKind>).start({ ...shared, link })
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
