import { closeSync, openSync, writeSync } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../../devices/lib/clock.ts'
import type { Entry } from '../../ledger/entries.ts'
import type { Log } from '../../log.ts'
import { makeDurableFolder } from '../../sqlite-worker/durable-folder.ts'
import type { DeviceWire } from './device-wire.ts'
import { headerOf, lineOf } from './trace-format.ts'

export interface TraceFile {
  readonly name: string
  readonly device: string
  /** Unix milliseconds. */
  readonly at: number
  readonly bytes: number
}

export interface TracesOptions {
  /** `data/TERMINAL/traces`; made when the first trace is recorded. */
  readonly folder: string
  readonly wire: DeviceWire
  readonly clock: Clock
  readonly log: Log
  /** Brings the device down and up, so that a trace begins with its greeting. */
  restart(deviceId: string): void
  record(...entries: Entry[]): Promise<unknown>
  onChange(): void
}

/** Traces of this terminal: recorded, listed, given away, deleted. Bounded in size and number; the oldest goes. */
export interface Traces {
  /** Records from the next opening of the device's link to its end, or until `stop`. */
  start(deviceId: string, by: string): Promise<void>
  stop(deviceId: string): Promise<void>
  /** Devices being recorded. */
  readonly recording: readonly string[]
  /** Newest first, as of the last change. */
  readonly list: readonly TraceFile[]
  /** Undefined when there is no such trace. */
  read(name: string): Promise<string | undefined>
  /** False when there is none. */
  delete(name: string, by: string): Promise<boolean>
  /** Looks at the folder, then the list is right. */
  open(): Promise<void>
  close(): Promise<void>
}

const MOST_BYTES = 2 * 1024 * 1024
const MOST_TRACES = 20
const namePattern = /^([a-z0-9-]{1,32})-(\d{8}T\d{9}Z)\.jsonl$/

interface Recording {
  readonly name: string
  readonly by: string
  stop(): void
}

export function createTraces(options: TracesOptions): Traces {
  const { folder, wire, clock, log, onChange } = options
  const recordings = new Map<string, Recording>()
  let list: readonly TraceFile[] = []

  async function look(): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    const files = await Promise.all(names.map((name) => described(folder, name)))
    list = files.filter((file) => file !== undefined).sort((a, b) => b.at - a.at)
  }

  async function forgetOldest(): Promise<void> {
    await look()
    for (const { name } of list.slice(MOST_TRACES - 1)) await rm(join(folder, name), { force: true })
  }

  async function begin(deviceId: string, by: string): Promise<Recording> {
    await makeDurableFolder(folder)
    await forgetOldest()
    const name = `${deviceId}-${new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, '')}.jsonl`
    const file = openSync(join(folder, name), 'wx', 0o600)
    const end = () => void finish(deviceId)
    let openedAt: number | undefined
    let bytes = 0
    let over = false

    function write(line: object): void {
      if (over) return
      const text = `${JSON.stringify(line)}\n`
      bytes += text.length
      if (bytes > MOST_BYTES) {
        end()
        return
      }
      try {
        writeSync(file, text)
      } catch (error) {
        log('a trace could not be written', { error })
        end()
      }
    }

    const unwatch = await wire.watch(deviceId, {
      onOpen(device, link) {
        if (openedAt !== undefined) return
        openedAt = clock.now()
        write(headerOf(device, link, openedAt))
        // A printer's connection may last for one job only: there the trace goes on with the next.
        if (device.driver.connection === 'kept') link.closed.addEventListener('abort', end, { once: true })
      },
      onPiece(piece) {
        if (openedAt !== undefined) write(lineOf(piece, openedAt))
      },
    })
    return {
      name,
      by,
      stop() {
        if (over) return
        over = true
        unwatch()
        closeSync(file)
      },
    }
  }

  async function finish(deviceId: string): Promise<void> {
    const recording = recordings.get(deviceId)
    if (!recording) return
    recordings.delete(deviceId)
    recording.stop()
    const { name, by } = recording
    await options.record({ type: 'trace', device: deviceId, name, by, what: 'ended' }).catch((error) => {
      log('the end of a trace was not recorded', { error })
    })
    await look()
    onChange()
  }

  return {
    get recording() {
      return [...recordings.keys()]
    },
    get list() {
      return list
    },
    async start(deviceId, by) {
      if (recordings.has(deviceId)) return
      const recording = await begin(deviceId, by)
      recordings.set(deviceId, recording)
      try {
        await options.record({ type: 'trace', device: deviceId, name: recording.name, by, what: 'begun' })
      } catch (error) {
        // What the ledger does not know of must not exist.
        recordings.delete(deviceId)
        recording.stop()
        await rm(join(folder, recording.name), { force: true })
        throw error
      }
      options.restart(deviceId)
      onChange()
    },
    stop: finish,
    async read(name) {
      if (!namePattern.test(name)) return undefined
      return readFile(join(folder, name), 'utf8').catch(() => undefined)
    },
    async delete(name, by) {
      const [, device] = namePattern.exec(name) ?? []
      if (device === undefined || !list.some((file) => file.name === name)) return false
      await options.record({ type: 'trace', device, name, by, what: 'deleted' })
      await rm(join(folder, name), { force: true })
      await look()
      onChange()
      return true
    },
    open: look,
    async close() {
      for (const deviceId of [...recordings.keys()]) await finish(deviceId)
    },
  }
}

async function described(folder: string, name: string): Promise<TraceFile | undefined> {
  const [, device, time] = namePattern.exec(name) ?? []
  if (device === undefined || time === undefined) return undefined
  const facts = await stat(join(folder, name)).catch(() => undefined)
  const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z')
  return facts && { name, device, at: Date.parse(iso), bytes: facts.size }
}
