import { DeviceError } from '../devices/errors.ts'
import {
  type AnyLink,
  isLinkKind,
  type LinkKind,
  type LinkOptions,
  type StreamLink,
} from '../devices/link/link.ts'
import type { ConfiguredDevice } from '../devices/registry.ts'

/** A device, and how often it was not reached. */
export interface Target {
  readonly device: ConfiguredDevice
  readonly attempt: number
}

/** Opens the link of a configured device. */
export type OpenDeviceLink = (
  deviceId: string,
  options: LinkOptions,
  signal: AbortSignal,
  device: ConfiguredDevice,
) => Promise<AnyLink>

/** The links of one connection: one that is held, or one for each job, and jobs in turn. */
export class JobLinks {
  readonly #target: Target
  readonly #openLink: OpenDeviceLink
  readonly #connection: AbortController
  /** Every link of this connection that is open now. */
  readonly #open = new Set<AnyLink>()
  #heldForJobs: Promise<StreamLink> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(target: Target, openLink: OpenDeviceLink, connection: AbortController) {
    this.#target = target
    this.#openLink = openLink
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
    const { device } = this.#target
    const link = await this.#openLink(device.id, this.#linkOptions(), signal, device)
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
