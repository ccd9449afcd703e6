import type { Socket } from 'node:net'
import { DeviceError } from '../../devices/errors.ts'
import type { StreamLink } from '../../devices/link/link.ts'

/** The device's end of a TCP connection. It reads only what it is asked to, so that a test can stall it. */
export function socketLink(socket: Socket): StreamLink {
  const closing = new AbortController()
  socket.on('error', () => {})
  socket.on('close', () => closing.abort(new DeviceError('link-lost', 'the connection ended')))
  return {
    kind: 'stream',
    name: 'tcp (device end)',
    closed: closing.signal,
    bytes: { [Symbol.asyncIterator]: () => read(socket) },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    async close() {
      socket.destroy()
    },
  }
}

async function* read(socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of socket) yield chunk as Buffer
  } catch {
    // A reset connection ends like any other.
  }
}
