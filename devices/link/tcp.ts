import { connect, type Socket } from 'node:net'
import { DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { atMost, type Lifetime, lifetime } from './lifetime.ts'
import type { LinkOptions, StreamLink } from './link.ts'
import { pacedWrites } from './paced-writes.ts'

export type TcpOptions = Extract<LinkOptions, { type: 'tcp' }>

const CONNECT_LIMIT_MS = 3000
const KEEP_ALIVE_AFTER_MS = 10_000
/** A printer that feeds and cuts may hold its window shut for some seconds. */
const WRITE_LIMIT_MS = 15_000
const CLOSE_LIMIT_MS = 1000
const SLICE_BYTES = 16 * 1024

/**
 * Connects to a device on the network. `signal` gives up the connecting, not the link.
 * Rejects with `not-found` when nobody answers there, else with `open-failed`.
 */
export async function openTcp({ host, port, onClose }: TcpOptions, signal: AbortSignal): Promise<StreamLink> {
  signal.throwIfAborted()
  const name = `tcp ${host}:${port}`
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  })
  try {
    await connected(name, socket, signal)
  } catch (error) {
    socket.on('error', () => {})
    socket.destroy()
    throw error
  }
  return socketLink(name, socket, onClose)
}

/** A link over a connection that is open already, whoever opened it. */
export function socketLink(name: string, socket: Socket, onClose?: TcpOptions['onClose']): StreamLink {
  const life = lifetime()
  if (onClose === 'reset')
    life.closed.addEventListener('abort', () => socket.resetAndDestroy(), { once: true })
  const lost = (cause: unknown) =>
    life.end(new DeviceError('link-lost', `${name}: the other end ended the connection`, { cause }))
  socket.on('error', lost)
  socket.on('end', lost)
  socket.on('close', lost)
  return tcpLink(name, socket, life)
}

function tcpLink(name: string, socket: Socket, life: Lifetime): StreamLink {
  const queue = new ByteQueue()
  socket.on('data', (chunk: Buffer) => queue.push(chunk))
  const writer = pacedWrites({
    name,
    life,
    sliceBytes: SLICE_BYTES,
    limitMs: WRITE_LIMIT_MS,
    handOver: (slice) =>
      new Promise((resolve, reject) => {
        socket.write(slice, (error) => (error ? reject(error) : resolve()))
      }),
  })
  let wasClosed: Promise<void> | undefined

  async function shut(pending: boolean) {
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    // What was handed over still reaches the device; what was not is dropped.
    if (!pending && socket.writable)
      await atMost(CLOSE_LIMIT_MS, new Promise<void>((resolve) => socket.end(() => resolve())))
    socket.destroy()
    if (!socket.closed) await atMost(CLOSE_LIMIT_MS, gone)
  }
  life.closed.addEventListener(
    'abort',
    () => {
      queue.end()
      wasClosed = shut(writer.pending() || life.closed.reason?.code === 'link-lost')
    },
    { once: true },
  )

  return {
    kind: 'stream',
    name,
    bytes: queue,
    closed: life.closed,
    write: (bytes) => writer.write(bytes),
    async close() {
      life.end(new DeviceError('link-closed', `${name}: closed`))
      await wasClosed
    },
  }
}

function connected(name: string, socket: Socket, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new DeviceError('not-found', `${name}: no answer; is the device on, is the address right?`))
    }, CONNECT_LIMIT_MS)
    over.signal.addEventListener('abort', () => clearTimeout(timer))
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal })
    socket.once('connect', () => resolve())
    socket.once('error', (error) => reject(connectError(name, error)))
  }).finally(() => over.abort())
}

/** Why nobody could be reached there, and what to look at. */
export function connectError(name: string, cause: NodeJS.ErrnoException): DeviceError {
  switch (cause.code) {
    case 'ECONNREFUSED':
      return new DeviceError(
        'not-found',
        `${name}: refused; is the port right, does another program hold the device's only connection?`,
        { cause },
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DeviceError(
        'not-found',
        `${name}: this name has no address; check it, or write the address`,
        {
          cause,
        },
      )
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return new DeviceError('not-found', `${name}: not reachable; check network cable and address`, {
        cause,
      })
    default:
      return new DeviceError('open-failed', `${name}: could not connect: ${cause.message}`, { cause })
  }
}
