import { DeviceError } from '../errors.ts'
import { lifetime } from './lifetime.ts'
import type { HttpAnswer, HttpLink } from './link.ts'
import type { HttpPart } from './multipart.ts'

/** What a simulated web device answers. */
export interface HttpDevice {
  /** Paths it streams events from. */
  readonly streams?: readonly string[]
  /** Somebody began to listen to one of them. */
  listening?(path: string): void
  /** Undefined: it does not answer at all. */
  request?(path: string, init: { method: string; body?: string }): HttpAnswer | undefined
}

/** The device's end of the cable. */
export interface HttpEnd {
  /** Aborts when the cable is pulled or the driver ends the link. */
  readonly closed: AbortSignal
  /** Sends one part to everybody who listens to the event stream of this path. */
  send(path: string, part: HttpPart): void
}

export interface MemoryHttpLink {
  readonly near: HttpLink
  send: HttpEnd['send']
  unplug(): void
}

const notThere: HttpAnswer = { status: 404, body: '' }

/** The link to a small web server made of memory, for tests and simulated devices. An unknown path is a 404. */
export function memoryHttpLink(
  connected: HttpDevice | ((end: HttpEnd) => HttpDevice) = {},
  name = 'memory http',
): MemoryHttpLink {
  const life = lifetime()
  const listeners = new Map<string, Set<(part: HttpPart) => void>>()
  const send: HttpEnd['send'] = (path, part) => {
    if (!life.closed.aborted) for (const listener of listeners.get(path) ?? []) listener(part)
  }
  const device = typeof connected === 'function' ? connected({ closed: life.closed, send }) : connected

  /** Like a cable, it takes a moment. */
  async function reached(): Promise<void> {
    await Promise.resolve()
    if (life.closed.aborted) throw life.closed.reason
  }

  function listenTo(path: string): AsyncGenerator<HttpPart> {
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
    return (async function* () {
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
    })()
  }

  return {
    near: {
      kind: 'http',
      name,
      closed: life.closed,
      async request(path, init = {}) {
        await reached()
        if (!device.request) return notThere
        const answer = device.request(path, { method: 'GET', ...init })
        if (!answer) throw new DeviceError('timeout', `${name}: no answer to ${path}`)
        return answer
      },
      async events(path) {
        await reached()
        if (!device.streams?.includes(path))
          throw new DeviceError('unsupported', `${name}: it does not stream events at ${path}`)
        const parts = listenTo(path)
        device.listening?.(path)
        return parts
      },
      async close() {
        life.end(new DeviceError('link-closed', `${name}: closed`))
      },
    },
    send,
    unplug: () => void life.end(new DeviceError('link-lost', `${name}: the cable was pulled`)),
  }
}
