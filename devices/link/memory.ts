import { DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import type { StreamLink } from './link.ts'

/** Two ends of a cable made of memory: for tests, and between a simulated device and its driver. */
export interface MemoryLink {
  /** The driver's end. */
  readonly near: StreamLink
  /** The device's end. */
  readonly far: StreamLink
  /** Pulls the cable: both ends are over, nothing more arrives. */
  unplug(): void
}

export function memoryLink(name = 'memory'): MemoryLink {
  const near = end(name)
  const far = end(`${name} (device end)`)
  near.peer = far
  far.peer = near

  function unplug() {
    const lost = new DeviceError('link-lost', `${name}: the cable was pulled`)
    near.over(lost)
    far.over(lost)
  }
  return { near: near.link, far: far.link, unplug }
}

function end(name: string) {
  const queue = new ByteQueue()
  const closing = new AbortController()
  const self = {
    peer: undefined as undefined | { receive(bytes: Uint8Array): void; over(reason: DeviceError): void },
    receive: (bytes: Uint8Array) => queue.push(bytes),
    over(reason: DeviceError) {
      if (closing.signal.aborted) return
      closing.abort(reason)
      queue.end()
    },
    link: {
      kind: 'stream',
      name,
      bytes: queue,
      closed: closing.signal,
      async write(bytes: Uint8Array) {
        // A cable takes time: the writer never finds the answer already there when `write` returns.
        const copy = Uint8Array.from(bytes)
        await Promise.resolve()
        if (closing.signal.aborted) throw closing.signal.reason
        self.peer?.receive(copy)
      },
      async close() {
        self.over(new DeviceError('link-closed', `${name}: closed`))
        self.peer?.over(new DeviceError('link-lost', `${name}: the other end closed`))
      },
    } satisfies StreamLink as StreamLink,
  }
  return self
}
