import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { asDeviceError, DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { atMost, type Lifetime, lifetime } from './lifetime.ts'
import type { LinkOptions, StreamLink } from './link.ts'
import { pacedWrites } from './paced-writes.ts'

export type FileOptions = Extract<LinkOptions, { type: 'file' }>

/** Without data the device is asked this often; an unplug is noticed as fast. */
const READ_PAUSE_MS = 25
const WRITE_PAUSE_MS = 5
/** A printer that feeds and cuts may take nothing for some seconds. */
const WRITE_LIMIT_MS = 15_000
const CLOSE_LIMIT_MS = 1000
const SLICE_BYTES = 4096
const READ_BYTES = 4096

/**
 * Opens a device file such as /dev/usb/lp0. A device without return channel, a FIFO and a regular file are written only.
 * Never blocks: a blocked read would hold one of the few threads that do all of Node's file work.
 * Rejects with `not-found`, `no-permission`, `port-busy` or `open-failed`.
 */
export async function openFile({ path }: FileOptions, signal: AbortSignal): Promise<StreamLink> {
  signal.throwIfAborted()
  const name = `file ${path}`
  const opened = await openHandle(path).catch((error: NodeJS.ErrnoException) => {
    throw openError(name, error)
  })
  if (signal.aborted) {
    await opened.handle.close()
    throw signal.reason
  }
  return fileLink(name, opened)
}

interface Opened {
  readonly handle: FileHandle
  readonly answers: boolean
}

async function openHandle(path: string): Promise<Opened> {
  const { O_RDWR, O_WRONLY, O_APPEND } = constants
  // Node leaves these undefined on Windows.
  const modes = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)
  let handle: FileHandle
  try {
    handle = await open(path, O_RDWR | modes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EINVAL') throw error
    return { handle: await open(path, O_WRONLY | modes), answers: false }
  }
  if ((await handle.stat()).isCharacterDevice()) return { handle, answers: true }
  // A file or FIFO opened both ways would hand us our own bytes as the device's answer.
  await handle.close()
  return { handle: await open(path, O_WRONLY | O_APPEND | modes), answers: false }
}

function fileLink(name: string, { handle, answers }: Opened): StreamLink {
  const queue = new ByteQueue()
  const life = lifetime()
  const lost = (cause: unknown) =>
    life.end(new DeviceError('link-lost', `${name}: lost; check cable and power`, { cause }))
  let released: Promise<void> | undefined
  life.closed.addEventListener(
    'abort',
    () => {
      queue.end()
      released = atMost(CLOSE_LIMIT_MS, handle.close())
    },
    { once: true },
  )
  const writer = pacedWrites({
    name,
    life,
    sliceBytes: SLICE_BYTES,
    limitMs: WRITE_LIMIT_MS,
    handOver: (slice) => writeAll(handle, slice, life),
  })
  watch(handle, { queue, life, answers }).catch(lost)

  return {
    kind: 'stream',
    name,
    bytes: queue,
    closed: life.closed,
    write: (bytes) => writer.write(bytes),
    async close() {
      life.end(new DeviceError('link-closed', `${name}: closed`))
      await released
    },
  }
}

async function writeAll(handle: FileHandle, slice: Buffer, life: Lifetime): Promise<void> {
  for (let from = 0; from < slice.length && !life.closed.aborted; ) {
    try {
      from += (await handle.write(slice, from)).bytesWritten
    } catch (error) {
      if (!isNotNow(error)) throw error
      await sleep(WRITE_PAUSE_MS)
    }
  }
}

interface Watched {
  readonly queue: ByteQueue
  readonly life: Lifetime
  readonly answers: boolean
}

/** Reads until the link is over; throws when the device is gone. */
async function watch(handle: FileHandle, { queue, life, answers }: Watched): Promise<void> {
  const buffer = Buffer.alloc(READ_BYTES)
  let reads = answers
  while (!life.closed.aborted) {
    try {
      const { bytesRead } = reads ? await handle.read(buffer, 0, buffer.length, null) : { bytesRead: 0 }
      if (bytesRead > 0) {
        queue.push(Uint8Array.from(buffer.subarray(0, bytesRead)))
        continue
      }
    } catch (error) {
      if (hasNoAnswers(error)) reads = false
      else if (!isNotNow(error)) throw error
    }
    // The system takes a device's name away when its cable is pulled, even from a device that is never read.
    if (!life.closed.aborted && (await handle.stat()).nlink === 0) throw new Error('the device file is gone')
    await sleep(READ_PAUSE_MS, undefined, { ref: false })
  }
}

const isNotNow = (error: unknown) => hasCode(error, 'EAGAIN', 'EINTR')
/** What the Linux usblp driver answers to reading from a printer that only listens. */
const hasNoAnswers = (error: unknown) => hasCode(error, 'EINVAL', 'EPERM')

function hasCode(error: unknown, ...codes: string[]): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code !== undefined && codes.includes(code)
}

function openError(name: string, cause: NodeJS.ErrnoException): DeviceError {
  switch (cause.code) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return new DeviceError('not-found', `${name}: no such device; is it plugged in and switched on?`, {
        cause,
      })
    case 'EACCES':
    case 'EPERM':
      return new DeviceError(
        'no-permission',
        `${name}: no permission; add the user to group lp and sign in again`,
        {
          cause,
        },
      )
    case 'EBUSY':
      return new DeviceError('port-busy', `${name}: another program holds it; on Linux often CUPS`, { cause })
    default:
      return asDeviceError(cause, 'open-failed', `${name}: could not be opened`)
  }
}
