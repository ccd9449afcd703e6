import { DeviceError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { lifetime } from './lifetime.ts'
import type { PipesLink } from './link.ts'

export interface MemoryPipesOptions {
  readonly endpoints: PipesLink['endpoints']
  /** For the time-out of a transfer nobody answers. */
  readonly clock: Clock
  /** What the simulated device does with bytes sent to it. */
  received?(endpoint: number, bytes: Uint8Array): void
  readonly name?: string
}

export interface MemoryPipesLink {
  readonly near: PipesLink
  /** The device has bytes ready on one of its `in` endpoints. */
  send(endpoint: number, bytes: Uint8Array): void
  unplug(): void
}

/** USB bulk pipes made of memory, for tests and simulated devices. */
export function memoryPipesLink(options: MemoryPipesOptions): MemoryPipesLink {
  const { endpoints, clock, name = 'memory usb' } = options
  const life = lifetime()
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
        options.received?.(endpoint, copy)
      },
      async transferIn(endpoint, length, timeoutMs) {
        if (life.closed.aborted) throw life.closed.reason
        return transferIn(endpoint, length, timeoutMs)
      },
      async close() {
        life.end(new DeviceError('link-closed', `${name}: closed`))
      },
    },
    send(endpoint, bytes) {
      if (!life.closed.aborted) pipeOf(endpoint).put(Uint8Array.from(bytes))
    },
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
