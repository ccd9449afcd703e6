import { DeviceError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { lifetime } from './lifetime.ts'
import type { PipesLink } from './link.ts'

/** What a simulated device with bulk pipes does. */
export interface PipesDevice {
  readonly endpoints: PipesLink['endpoints']
  /** Takes the bytes of one transfer. */
  received?(endpoint: number, bytes: Uint8Array): void
}

/** The device's end of the cable. */
export interface PipesEnd {
  /** Aborts when the cable is pulled or the driver ends the link. */
  readonly closed: AbortSignal
  /** Has bytes ready on one of the device's `in` endpoints. */
  send(endpoint: number, bytes: Uint8Array): void
}

export interface MemoryPipesOptions extends PipesDevice {
  /** For the time-out of a transfer nobody answers. */
  readonly clock: Clock
  readonly name?: string
}

export interface MemoryPipesLink {
  readonly near: PipesLink
  /** The device has bytes ready on one of its `in` endpoints. */
  send(endpoint: number, bytes: Uint8Array): void
  unplug(): void
}

/** USB bulk pipes made of memory, for tests and simulated devices. */
export function memoryPipesLink({
  clock,
  name = 'memory usb',
  ...device
}: MemoryPipesOptions): MemoryPipesLink {
  return connectPipes(() => device, clock, name)
}

/** The same to a device that speaks by itself: it is made of its end of the cable. */
export function connectPipes(
  connected: (end: PipesEnd) => PipesDevice,
  clock: Clock,
  name: string,
): MemoryPipesLink {
  const life = lifetime()
  function send(endpoint: number, bytes: Uint8Array) {
    if (!life.closed.aborted) pipeOf(endpoint).put(Uint8Array.from(bytes))
  }
  const device = connected({ closed: life.closed, send })
  const { endpoints } = device
  const pipes = new Map(endpoints.in.map((endpoint) => [endpoint, pipe()]))

  function pipeOf(endpoint: number) {
    const found = pipes.get(endpoint)
    if (!found) throw new DeviceError('unsupported', `${name}: no in endpoint ${endpoint}`)
    return found
  }

  async function transferIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    const { take, arrival } = pipeOf(endpoint)
    const over = new AbortController()
    const late = clock.sleep(timeoutMs, over.signal).then(() => {
      throw new DeviceError('timeout', `${name}: nothing from endpoint ${endpoint} within ${timeoutMs} ms`)
    })
    // After the transfer nobody waits for it any more.
    late.catch(() => {})
    try {
      for (;;) {
        const bytes = take(length)
        if (bytes) return bytes
        await life.orEnd(Promise.race([arrival(), late]))
      }
    } finally {
      over.abort()
    }
  }

  return {
    near: {
      kind: 'pipes',
      name,
      endpoints,
      closed: life.closed,
      async transferOut(endpoint, bytes) {
        const copy = Uint8Array.from(bytes)
        await Promise.resolve()
        if (life.closed.aborted) throw life.closed.reason
        if (!endpoints.out.includes(endpoint))
          throw new DeviceError('unsupported', `${name}: no out endpoint ${endpoint}`)
        device.received?.(endpoint, copy)
      },
      async transferIn(endpoint, length, timeoutMs) {
        if (life.closed.aborted) throw life.closed.reason
        return transferIn(endpoint, length, timeoutMs)
      },
      async close() {
        life.end(new DeviceError('link-closed', `${name}: closed`))
      },
    },
    send,
    unplug: () => void life.end(new DeviceError('link-lost', `${name}: the cable was pulled`)),
  }
}

/** Transfers waiting to be fetched. A transfer ends where the device ended it: two are never read as one. */
function pipe() {
  const ready: Uint8Array[] = []
  let waiting: (() => void)[] = []
  return {
    put(bytes: Uint8Array) {
      ready.push(bytes)
      for (const wake of waiting.splice(0)) wake()
    },
    take(length: number): Uint8Array | undefined {
      const bytes = ready.shift()
      if (bytes && bytes.length > length) ready.unshift(bytes.subarray(length))
      return bytes?.subarray(0, length)
    },
    arrival: () =>
      new Promise<void>((resolve) => {
        waiting = [...waiting, resolve]
      }),
  }
}
