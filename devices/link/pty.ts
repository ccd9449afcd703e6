import { closeSync, readdirSync, readlinkSync, write } from 'node:fs'
import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { type Lifetime, lifetime } from './lifetime.ts'
import type { StreamLink } from './link.ts'
import { pacedWrites } from './paced-writes.ts'

/** A serial port without hardware: one end has a path like a real port, the other end is a simulated device. */
export interface Pty {
  /** What a driver opens: "/dev/pts/7". Another one each time. */
  readonly path: string
  /** The device's end. A device does not notice who opens or closes the port; this link ends by `unplug` alone. */
  readonly far: StreamLink
  /** Pulls the cable: the path is gone, whoever has it open is told. */
  unplug(): Promise<void>
}

/** A cable to a simulated device that keeps its path, as /dev/serial/by-path does, however often it is plugged. */
export interface PtyCable {
  readonly path: string
  /** Plugs the cable in (again) and returns the device's new end. */
  plug(): Promise<StreamLink>
  unplug(): Promise<void>
}

/** Node never waits long for a computer that does not read; a real wire would just lose the bytes. */
const WRITE_LIMIT_MS = 60_000
const WRITE_PAUSE_MS = 2
const SLICE_BYTES = 1024

interface NodePty {
  open(options: { encoding: null }): {
    readonly master: ReadStream
    readonly slave: ReadStream
    readonly fd: number
    readonly ptsName: string
  }
}

/** Makes a pseudo-terminal whose bytes pass unchanged both ways. Linux and macOS; needs the package @lydell/node-pty. */
export async function openPty(): Promise<Pty> {
  const { open } = await loadNodePty()
  const { master, slave, fd, ptsName: path } = open({ encoding: null })
  const name = `pty ${path} (device end)`
  const life = lifetime()
  const queue = new ByteQueue()
  master.on('data', (chunk: Buffer) => queue.push(chunk))
  master.on('error', (cause) => life.end(new DeviceError('link-lost', `${name}: lost`, { cause })))

  // node-pty reads from the driver's end, too, and would take the bytes away from the driver.
  const gone = new Promise((resolve) => slave.once('close', resolve))
  slave.destroy()
  await gone
  const held = descriptorsOf(path)
  await makeRaw(path)

  const writer = pacedWrites({
    name,
    life,
    sliceBytes: SLICE_BYTES,
    limitMs: WRITE_LIMIT_MS,
    handOver(slice) {
      inFlight = writeAll(fd, slice, life)
      return inFlight
    },
  })
  let inFlight: Promise<void> = Promise.resolve()
  let pulled: Promise<void> | undefined

  async function pull() {
    // A number of a closed descriptor may soon belong to somebody else's file.
    await inFlight.catch(() => {})
    const closed = new Promise((resolve) => master.once('close', resolve))
    master.destroy()
    await closed
    for (const descriptor of held) closeSync(descriptor)
  }
  life.closed.addEventListener(
    'abort',
    () => {
      queue.end()
      pulled = pull()
    },
    { once: true },
  )
  async function over(reason: DeviceError) {
    life.end(reason)
    await pulled
  }
  return {
    path,
    far: {
      kind: 'stream',
      name,
      bytes: queue,
      closed: life.closed,
      write: (bytes) => writer.write(bytes),
      close: () => over(new DeviceError('link-closed', `${name}: closed`)),
    },
    unplug: () => over(new DeviceError('link-lost', `${name}: the cable was pulled`)),
  }
}

/** A cable whose end appears as `path`, a symbolic link, while it is plugged in. Its folder is made if absent. */
export function ptyCable(path: string): PtyCable {
  let plugged: Pty | undefined

  async function unplug() {
    const pty = plugged
    plugged = undefined
    await rm(path, { force: true })
    await pty?.unplug()
  }
  return {
    path,
    unplug,
    async plug() {
      await unplug()
      plugged = await openPty()
      const folder = dirname(path)
      await mkdir(folder, { recursive: true })
      // Renamed into place: a link left by a killed simulator is replaced, and nobody sees half of it.
      const fresh = join(folder, `.${basename(path)}.${process.pid}`)
      await rm(fresh, { force: true })
      await symlink(plugged.path, fresh)
      await rename(fresh, path)
      return plugged.far
    },
  }
}

async function loadNodePty(): Promise<NodePty> {
  try {
    return (await import('@lydell/node-pty')) as unknown as NodePty
  } catch (cause) {
    throw new DeviceError(
      'unsupported',
      'A simulated serial port needs the package @lydell/node-pty: run "npm ci" without "--omit=dev".',
      { cause },
    )
  }
}

/**
 * The descriptor of the driver's end that libuv leaves open when the stream over it is destroyed. It is wanted: it keeps
 * the line and its raw mode alive between two drivers. It must be closed with the cable, or every pty leaks one.
 */
function descriptorsOf(path: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`) === path
      } catch {
        return false // the one that was listing the folder
      }
    })
}

/** Node's own raw mode still turns LF into CR LF; serialport turns everything off, and a line keeps what it was told. */
async function makeRaw(path: string): Promise<void> {
  const { SerialPort } = await import('serialport')
  const port = new SerialPort({ path, baudRate: 9600, lock: false, autoOpen: false })
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()))
  })
  await new Promise<void>((resolve) => port.close(() => resolve()))
}

const writeFd = promisify(write)

/** The stream over the device's end would block the whole process when the line is full; so it only reads. */
async function writeAll(fd: number, slice: Buffer, life: Lifetime): Promise<void> {
  for (let from = 0; from < slice.length && !life.closed.aborted; ) {
    try {
      from += (await writeFd(fd, slice, from)).bytesWritten
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await sleep(WRITE_PAUSE_MS)
    }
  }
}
