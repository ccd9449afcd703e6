import { fstatSync } from 'node:fs'
import type { SerialPort } from 'serialport'
import { DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { atMost, type Lifetime, lifetime } from './lifetime.ts'
import type { LinkOptions, StreamLink } from './link.ts'
import { pacedWrites } from './paced-writes.ts'

export type SerialOptions = Extract<LinkOptions, { type: 'serial' }>

const WRITE_LIMIT_MS = 5000
const CLOSE_LIMIT_MS = 1000
const WATCH_MS = 500
/** A second of 9600 baud is 960 bytes. */
const SLICE_BYTES = 512

/**
 * Opens a serial port, with an exclusive lock and an empty input. `signal` gives up the opening, not the link.
 * Rejects with `not-found`, `no-permission`, `port-busy` or `open-failed`.
 */
export async function openSerial(options: SerialOptions, signal: AbortSignal): Promise<StreamLink> {
  signal.throwIfAborted()
  const name = `serial ${options.path}`
  const port = await newPort(name, options)
  // serialport emits `error` and `close` more than once around a broken line; unheard, an `error` ends the process.
  const life = lifetime()
  const lost = (cause: unknown) =>
    life.end(new DeviceError('link-lost', `${name}: lost; check cable and power`, { cause }))
  port.on('error', lost)
  port.on('close', lost)
  port.on('end', lost)

  await openPort(name, port, signal)
  // The answer to whoever had the port before must not become our first one. A port that cannot flush still works.
  await new Promise<void>((resolve) => port.flush(() => resolve()))
  if (life.closed.aborted) {
    await release(port, true)
    throw life.closed.reason
  }
  watchForHangUp(port, life, lost)
  return serialLink(name, port, life)
}

function serialLink(name: string, port: SerialPort, life: Lifetime): StreamLink {
  const queue = new ByteQueue()
  life.closed.addEventListener('abort', () => queue.end(), { once: true })
  // Only a port that is being read notices that its cable is gone, so this listener stays for good.
  port.on('data', (chunk: Buffer) => queue.push(chunk))

  const writer = pacedWrites({
    name,
    life,
    sliceBytes: SLICE_BYTES,
    limitMs: WRITE_LIMIT_MS,
    handOver: (slice) =>
      new Promise((resolve, reject) => {
        port.write(slice, (error) => (error ? reject(error) : resolve()))
      }),
  })
  life.closed.addEventListener('abort', () => void release(port, writer.pending()), { once: true })

  return {
    kind: 'stream',
    name,
    bytes: queue,
    closed: life.closed,
    write: (bytes) => writer.write(bytes),
    async close() {
      life.end(new DeviceError('link-closed', `${name}: closed`))
      await release(port, false)
    },
  }
}

/**
 * A reader that meets the hang-up itself, before it waits for bytes, gets "0 bytes" from Linux; serialport then reads
 * again, for ever and as fast as it can. But the system takes the name away from a device that is gone.
 */
function watchForHangUp(port: SerialPort, life: Lifetime, lost: (cause: unknown) => void): void {
  const fd = (port.port as { fd?: number | null } | undefined)?.fd
  if (process.platform !== 'linux' || typeof fd !== 'number') return
  const timer = setInterval(() => {
    try {
      // The system answers from its memory; asking through the thread pool would cost ten times as much.
      if (fstatSync(fd).nlink === 0) lost(new Error('the port is gone'))
    } catch {
      // A closed port is noticed by its own events.
    }
  }, WATCH_MS)
  timer.unref()
  life.closed.addEventListener('abort', () => clearInterval(timer), { once: true })
}

const releasing = new WeakMap<SerialPort, Promise<void>>()

/** Gives the port back to the system, once; never throws and never hangs. */
function release(port: SerialPort, dropOutput: boolean): Promise<void> {
  const already = releasing.get(port)
  if (already !== undefined) return already
  const released = new Promise<void>((resolve) => {
    const close = () => port.close(() => resolve())
    // Closing a stalled line waits for its output up to half a minute, and then sends what nobody wants any more.
    if (dropOutput && port.isOpen) port.flush(close)
    else close()
  })
  const done = atMost(CLOSE_LIMIT_MS, released)
  releasing.set(port, done)
  return done
}

async function newPort(name: string, options: SerialOptions): Promise<SerialPort> {
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, flowControl = 'none' } = options
  const software = flowControl === 'software'
  try {
    const { SerialPort } = await import('serialport')
    return new SerialPort({
      path,
      baudRate,
      dataBits,
      parity,
      stopBits,
      rtscts: flowControl === 'hardware',
      xon: software,
      xoff: software,
      lock: true,
      autoOpen: false,
    })
  } catch (cause) {
    throw openError(name, cause)
  }
}

async function openPort(name: string, port: SerialPort, signal: AbortSignal): Promise<void> {
  const opened = new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(openError(name, error)) : resolve()))
  })
  let giveUp = () => {}
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
  })
  try {
    await Promise.race([opened, aborted])
  } catch (error) {
    // Opening goes on inside the system; what comes of it is given back.
    void opened.then(
      () => release(port, true),
      () => {},
    )
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** serialport's open errors carry no code, only the system's words. */
function openError(name: string, cause: unknown): DeviceError {
  const words = cause instanceof Error ? cause.message : String(cause)
  if (/cannot lock|busy|temporarily unavailable/i.test(words) || /access denied/i.test(words))
    return new DeviceError(
      'port-busy',
      `${name}: another program holds the port; on Linux often brltty or ModemManager: remove or mask them`,
      { cause },
    )
  if (/permission denied|not permitted/i.test(words))
    return new DeviceError(
      'no-permission',
      `${name}: no permission; add the user to group dialout ("sudo usermod -aG dialout <user>") and sign in again`,
      { cause },
    )
  if (/no such|not found/i.test(words))
    return new DeviceError('not-found', `${name}: no such port; is the device plugged in and switched on?`, {
      cause,
    })
  return new DeviceError('open-failed', `${name}: could not be opened: ${words}`, { cause })
}
