import { DeviceError } from '../errors.ts'
import { lifetime } from './lifetime.ts'
import type { HttpLink } from './link.ts'

export type HttpAnswer = Awaited<ReturnType<HttpLink['request']>>
export interface HttpPart {
  readonly contentType: string
  readonly body: Uint8Array
}

/** What a simulated web device answers. */
export interface HttpDevice {
  request?(path: string, init: { method: string; body?: string }): HttpAnswer | Promise<HttpAnswer>
}

export interface MemoryHttpLink {
  readonly near: HttpLink
  /** Sends one part to everybody who listens to the event stream of this path. */
  send(path: string, part: HttpPart): void
  unplug(): void
}

/** The link to a small web server made of memory, for tests and simulated devices. An unknown path is a 404. */
export function memoryHttpLink(device: HttpDevice = {}, name = 'memory http'): MemoryHttpLink {
  const life = lifetime()
  const listeners = new Map<string, Set<(part: HttpPart) => void>>()

  async function* events(path: string): AsyncGenerator<HttpPart> {
    const parts: HttpPart[] = []
    let wake = () => {}
    const listener = (part: HttpPart) => {
      parts.push(part)
      wake()
    }
    const others = listeners.get(path) ?? new Set()
    listeners.set(path, others.add(listener))
    const ended = () => wake()
    life.closed.addEventListener('abort', ended)
    try {
      for (;;) {
        const part = parts.shift()
        if (part) yield part
        else if (life.closed.aborted) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      others.delete(listener)
      life.closed.removeEventListener('abort', ended)
    }
  }

  return {
    near: {
      kind: 'http',
      name,
      closed: life.closed,
      async request(path, init = {}) {
        await Promise.resolve()
        if (life.closed.aborted) throw life.closed.reason
        const answer = device.request?.(path, { method: 'GET', ...init }) ?? { status: 404, body: '' }
        return life.orEnd(Promise.resolve(answer))
      },
      events,
      async close() {
        life.end(new DeviceError('link-closed', `${name}: closed`))
      },
    },
    send(path, part) {
      for (const listener of listeners.get(path) ?? []) listener(part)
    },
    unplug: () => void life.end(new DeviceError('link-lost', `${name}: the cable was pulled`)),
  }
}
