import type { z } from 'zod'
import type { Commands, DeviceEvent, Kind } from './kinds.ts'
import type { Clock } from './lib/clock.ts'
import type { OpenWire } from './lib/wire/wire.ts'
import type { LinkKind, LinkOptionsOf, Links, StreamLink } from './link/link.ts'

/**
 * One supported device model. A driver keeps no state between connections. The agent's device hub runs it like this:
 *
 *  1. `options` checks this device's block in the settings. Bad settings: stop here.
 *  2. `link` says how to reach the device. Nothing is opened yet.
 *  3. The hub opens that link and calls `start`. The driver greets the device (is it really this model?) and
 *     returns its commands; from then on the device is "online".
 *  4. When the link drops, or `start` throws, the hub waits and goes back to 3. Drivers never reconnect by themselves.
 *  5. `signal` aborts when the connection is over, whoever ended it.
 *
 * A driver with `connection: 'per-job'` gets no open link but `useLink`, because many network printers serve one
 * connection at a time and drop an idle one; for it the "connection" of the steps above is the driver's own run.
 */
export type Driver<K extends Kind = Kind, Options = unknown, L extends LinkKind = LinkKind> =
  | KeptDriver<K, Options, L>
  | PerJobDriver<K, Options>

interface DriverFacts<K extends Kind, Options, L extends LinkKind> {
  /** Written in settings, so never renamed and never reused: "gy-614v". */
  readonly id: string
  readonly kind: K
  /** Shown to the technician who installs the kiosk. */
  readonly label: string
  readonly options: z.ZodType<Options>
  /**
   * `attempt` counts the connections that never came online, from 0: a model that is delivered with one of several baud
   * rates takes them in turn.
   */
  link(options: Options, attempt?: number): LinkOptionsOf[L]
  /** How a technician reads what travels over the link. Loaded when somebody looks; without it nothing is shown but lengths. */
  wire?(): Promise<OpenWire<Options>>
}

export interface KeptDriver<K extends Kind, Options, L extends LinkKind = 'stream'>
  extends DriverFacts<K, Options, L> {
  readonly connection: 'kept'
  readonly linkKind: L
  start(session: KeptSession<K, Options, L>): Promise<Commands<K>>
}

export interface PerJobDriver<K extends Kind, Options> extends DriverFacts<K, Options, 'stream'> {
  readonly connection: 'per-job'
  readonly linkKind: 'stream'
  start(session: PerJobSession<K, Options>): Promise<Commands<K>>
}

interface SessionBase<K extends Kind, Options> {
  readonly options: Options
  /** Aborts when this connection ends. Its reason is a DeviceError. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** For the technician. Never pass a name, a number of a card, or raw bytes that may hold one. */
  log(message: string, details?: Record<string, unknown>): void
  /** Tells the agent what the device just did. */
  emit(event: DeviceEvent<K>): void
}

/** One connection to one device, from link opened to link closed. */
export interface KeptSession<K extends Kind, Options, L extends LinkKind = 'stream'>
  extends SessionBase<K, Options> {
  readonly link: Links[L]
}

/** One run of a driver that opens its link for each job. */
export interface PerJobSession<K extends Kind, Options> extends SessionBase<K, Options> {
  /**
   * Runs `job` on an open link; jobs wait for each other. A serial line or device file stays open between jobs,
   * a TCP connection is closed after the job. Rejects with a DeviceError when the link cannot be opened.
   */
  useLink<Result>(job: (link: StreamLink) => Promise<Result>): Promise<Result>
}

/** Lets TypeScript infer a kept driver's options from its schema. */
export function defineDriver<K extends Kind, Options, L extends LinkKind = 'stream'>(
  driver: KeptDriver<K, Options, L>,
): KeptDriver<K, Options, L> {
  return driver
}

/** The same for a driver that opens its link for each job. */
export function definePerJobDriver<K extends Kind, Options>(
  driver: PerJobDriver<K, Options>,
): PerJobDriver<K, Options> {
  return driver
}
