import type { KeptDriver, PerJobDriver } from '../../devices/driver.ts'
import { DeviceError } from '../../devices/errors.ts'
import type { Commands, DeviceEvent, Kind } from '../../devices/kinds.ts'
import type { WireReader } from '../../devices/lib/wire/wire.ts'
import { ByteQueue } from '../../devices/link/byte-queue.ts'
import { lifetime } from '../../devices/link/lifetime.ts'
import type { AnyLink, LinkKind } from '../../devices/link/link.ts'
import { configureDevice } from '../../devices/registry.ts'
import type { Trace, TraceLine } from '../../kiosk-agent/technician/wire/trace-format.ts'
import type { FakeClock } from './fake-clock.ts'

/** The device of a trace: it answers as recorded, and ends the link where the driver says something else. */
export interface ReplayedDevice {
  readonly link: AnyLink
  /** Lines of the trace that were not replayed. */
  readonly left: number
  /** Where the driver departed from the trace. */
  readonly fault: string | undefined
}

export function replayedDevice(trace: Trace, toDevice: WireReader, clock: FakeClock): ReplayedDevice {
  const life = lifetime()
  const queue = new ByteQueue()
  const startedAt = clock.monotonic()
  const lines = [...trace.lines]
  const features: TraceLine[] = lines.filter(({ dir, via }) => dir === 'from' && via === 'feature')
  const { link: facts } = trace.header
  let said = Buffer.alloc(0)
  let ready = Buffer.alloc(0)
  let fault: string | undefined
  let waiting: (() => void) | undefined
  let pumping = false

  function hear(bytes: Uint8Array): void {
    for (const { harmless } of toDevice.push(bytes)) said = Buffer.concat([said, harmless])
    void pump()
  }

  /** Goes through the trace as far as the driver's words and the clock allow. */
  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    for (let line = lines[0]; line && !life.closed.aborted; line = lines[0]) {
      if (line.via === 'feature' && line.dir === 'from') {
        lines.shift()
      } else if (line.dir === 'to') {
        if (!heard(Buffer.from(line.hex, 'hex'))) break
        lines.shift()
      } else {
        const early = line.t - (clock.monotonic() - startedAt)
        if (early > 0) await clock.sleep(early)
        lines.shift()
        queue.push(Buffer.from(line.hex, 'hex'))
        ready = Buffer.concat([ready, Buffer.from(line.hex, 'hex')])
        waiting?.()
      }
    }
    pumping = false
    if (lines.length === 0) void over()
  }

  async function over(): Promise<void> {
    await clock.sleep(500)
    end(new DeviceError('link-lost', 'the trace is over'))
  }

  function heard(expected: Buffer): boolean {
    const front = said.subarray(0, expected.length)
    if (Buffer.compare(front, expected.subarray(0, front.length)) !== 0) {
      fault ??= `expected ${expected.toString('hex')}, the driver said ${said.toString('hex')}`
      end(new DeviceError('bad-answer', 'the driver says something else than recorded'))
      return false
    }
    if (front.length < expected.length) return false
    said = said.subarray(expected.length)
    return true
  }

  function end(reason: DeviceError): void {
    if (!life.end(reason)) return
    queue.end()
    waiting?.()
  }

  async function transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    if (ready.length === 0) {
      const arrival = new Promise<void>((resolve) => {
        waiting = resolve
      })
      await Promise.race([arrival, clock.sleep(timeoutMs, life.closed).catch(() => {})])
    }
    if (life.closed.aborted) throw life.closed.reason
    if (ready.length === 0) throw new DeviceError('timeout', 'nothing came')
    const bytes = Uint8Array.from(ready.subarray(0, length))
    ready = ready.subarray(length)
    return bytes
  }

  const base = {
    name: 'replay',
    closed: life.closed,
    close: async () => end(new DeviceError('link-closed', 'closed')),
  }
  const write = async (bytes: Uint8Array) => {
    await Promise.resolve()
    if (life.closed.aborted) throw life.closed.reason
    hear(bytes)
  }
  const links: Record<Exclude<LinkKind, 'http'>, () => AnyLink> = {
    stream: () => ({ ...base, kind: 'stream', bytes: queue, write }),
    report: () => ({
      ...base,
      kind: 'report',
      descriptor: facts.descriptor === undefined ? undefined : Buffer.from(facts.descriptor, 'hex'),
      texts: {
        manufacturer: facts.texts?.manufacturer,
        product: facts.texts?.product,
      },
      reports: queue,
      writeOutput: write,
      sendFeature: write,
      async getFeature() {
        return Buffer.from(features.shift()?.hex ?? '', 'hex')
      },
    }),
    pipes: () => ({
      ...base,
      kind: 'pipes',
      endpoints: facts.endpoints ?? { in: [], out: [] },
      transferOut: (_endpoint, bytes) => write(bytes),
      transferIn: (_endpoint, length, timeoutMs) => transferIn(length, timeoutMs),
    }),
  }
  if (facts.kind === 'http') throw new Error('traces of web devices are read, not replayed')
  // A device may speak before it is spoken to.
  void pump()
  return {
    link: links[facts.kind](),
    get left() {
      return lines.length
    },
    get fault() {
      return fault
    },
  }
}

/** The real driver on a trace. `act` gives it the commands somebody gave while it was recorded. */
export async function replay(
  trace: Trace,
  clock: FakeClock,
  act: (commands: Commands) => void = () => {},
): Promise<{ readonly events: DeviceEvent[]; readonly device: ReplayedDevice }> {
  const { model, options } = trace.header
  const configured = await configureDevice({ id: 'replayed', driver: model, options })
  const wire = await configured.driver.wire?.()
  if (!wire) throw new Error(`${model} has no wire`)
  const facts = trace.header.link.descriptor
    ? { descriptor: Buffer.from(trace.header.link.descriptor, 'hex') }
    : {}
  const device = replayedDevice(trace, wire(configured.options, facts).toDevice, clock)
  const { link } = device
  const events: DeviceEvent[] = []
  const session = {
    options: configured.options,
    signal: link.closed,
    clock,
    log: () => {},
    emit: (event: DeviceEvent) => events.push(event),
  }
  const { driver } = configured
  const started =
    driver.connection === 'per-job'
      ? (driver as PerJobDriver<Kind, unknown>).start({
          ...session,
          useLink: (job) => job(link as never),
        })
      : (driver as KeptDriver<Kind, unknown, LinkKind>).start({ ...session, link })
  const over = new Promise<void>((resolve) => {
    link.closed.addEventListener('abort', () => resolve())
  })
  started.then(act, () => {})
  await clock.until(over, 600_000)
  return { events, device }
}

/** Events as they stand in a JSON file: bytes as text. */
export function readableEvents(events: readonly DeviceEvent[]): unknown {
  const plain = events.map((event) =>
    event.type === 'code' ? { ...event, bytes: Buffer.from(event.bytes).toString('latin1') } : event,
  )
  return JSON.parse(JSON.stringify(plain))
}
