import type { Kind } from '../../../devices/kinds.ts'
import type { Clock } from '../../../devices/lib/clock.ts'
import { blindReader } from '../../../devices/lib/wire/framed-reader.ts'
import { unexplained, type Wire, type WirePiece } from '../../../devices/lib/wire/wire.ts'
import type { AnyLink } from '../../../devices/link/link.ts'
import { type Passing, tapped } from '../../../devices/link/tap.ts'
import type { ConfiguredDevice } from '../../../devices/registry.ts'
import type { Log } from '../../log.ts'

/** Something readable that travelled. */
export interface SeenPiece extends WirePiece {
  /** Unix milliseconds. */
  readonly at: number
  readonly direction: Passing['direction']
  readonly via?: 'feature'
}

export interface Viewer {
  onPiece(piece: SeenPiece): void
  /** The device's link was opened while somebody watched: everything on it is seen. */
  onOpen?(device: ConfiguredDevice, link: AnyLink): void
  onClose?(): void
}

/** What travels between the devices and their drivers, for whoever watches. */
export interface DeviceWire {
  /** The link with a tap in it. While nobody watches nothing is decoded and nothing kept. */
  tap(device: ConfiguredDevice, link: AnyLink): Promise<AnyLink>
  /** Tells what travels from now on. Returns how to stop. */
  watch(deviceId: string, viewer: Viewer): Promise<() => void>
}

interface LiveLink {
  readonly device: ConfiguredDevice
  readonly link: AnyLink
  wire: Wire | undefined
  readonly sides: Record<Passing['direction'], Side>
}

interface Side {
  lastAt: number
  /** Counts what travelled, to know whether there was silence. */
  passings: number
  /** Whether the reader stands between two frames, as far as silence tells. */
  clean: boolean
}

/** Who begins to look may stand in the middle of a card's data: nothing is decoded before a pause this long. */
const PAUSE_MS = 300
/** Their data looks like anything, also like commands. Other devices tell of nobody, and some never pause. */
const personal: ReadonlySet<Kind> = new Set(['id-card-reader', 'code-scanner', 'receipt-printer'])

export function createDeviceWire({ clock, log }: { readonly clock: Clock; readonly log: Log }): DeviceWire {
  const viewers = new Map<string, Set<Viewer>>()
  const open = new Map<string, Set<LiveLink>>()
  const viewersOf = (id: string) => viewers.get(id) ?? new Set<Viewer>()

  function pass(live: LiveLink, passing: Passing): void {
    const side = live.sides[passing.direction]
    const now = clock.monotonic()
    if (now - side.lastAt >= PAUSE_MS) side.clean = true
    side.lastAt = now
    side.passings++
    if (live.wire === undefined) return
    try {
      tell(live, passing.direction, piecesOf(live.wire, side, passing))
      void flushAfterSilence(live, passing.direction).catch(() => {}) // the link is over: told there
    } catch (error) {
      // Watching must never disturb what is watched.
      log(`${live.device.id}: what travelled could not be shown`, { error: nameOf(error) })
    }
  }

  function tell({ device }: LiveLink, direction: Passing['direction'], pieces: readonly ToldPiece[]): void {
    for (const piece of pieces)
      for (const viewer of viewersOf(device.id)) viewer.onPiece({ ...piece, direction, at: clock.now() })
  }

  async function flushAfterSilence(live: LiveLink, direction: Passing['direction']): Promise<void> {
    const reader = readerOf(live.wire, direction)
    const side = live.sides[direction]
    const { passings } = side
    if (!reader || reader.gapMs === undefined) return
    await clock.sleep(reader.gapMs, live.link.closed)
    if (side.passings === passings && readerOf(live.wire, direction) === reader)
      tell(live, direction, reader.flush())
  }

  function ended(live: LiveLink): void {
    open.get(live.device.id)?.delete(live)
    for (const direction of ['to-device', 'from-device'] as const)
      tell(live, direction, readerOf(live.wire, direction)?.flush() ?? [])
    for (const viewer of viewersOf(live.device.id)) viewer.onClose?.()
  }

  return {
    async tap(device, link) {
      const side = (): Side => ({ lastAt: clock.monotonic(), passings: 0, clean: true })
      const sides = { 'to-device': side(), 'from-device': side() }
      const live: LiveLink = { device, link, wire: undefined, sides }
      // Whoever came while its reader was loading gets it too.
      if (viewersOf(device.id).size > 0) live.wire = await openWire(device, link)
      open.set(device.id, (open.get(device.id) ?? new Set()).add(live))
      if (live.wire) for (const viewer of viewersOf(device.id)) viewer.onOpen?.(device, link)
      const end = () => ended(live)
      if (link.closed.aborted) end()
      else link.closed.addEventListener('abort', end, { once: true })
      return tapped(link, (passing) => pass(live, passing))
    },

    async watch(deviceId, viewer) {
      viewers.set(deviceId, viewersOf(deviceId).add(viewer))
      for (const live of open.get(deviceId) ?? []) {
        if (live.wire) continue
        const wire = await openWire(live.device, live.link)
        for (const side of Object.values(live.sides)) side.clean = !personal.has(live.device.driver.kind)
        live.wire ??= wire
      }
      return () => {
        viewersOf(deviceId).delete(viewer)
        if (viewersOf(deviceId).size > 0) return
        for (const live of open.get(deviceId) ?? []) live.wire = undefined
      }
    },
  }
}

type ToldPiece = WirePiece & { readonly via?: 'feature' }

function piecesOf(wire: Wire, { clean }: Side, { direction, bytes, via, about }: Passing): ToldPiece[] {
  if (about !== undefined) {
    const says = bytes.length > 0 ? wire.describeBody?.(about, bytes) : undefined
    const text = [about, `${bytes.length} bytes`, ...(says === undefined ? [] : [says])].join(', ')
    return [{ ...unexplained(bytes.length), text }]
  }
  const reader = clean ? readerOf(wire, direction) : blindReader()
  return (reader?.push(bytes) ?? []).map((piece) => (via ? { ...piece, via } : piece))
}

function readerOf(wire: Wire | undefined, direction: Passing['direction']) {
  return direction === 'to-device' ? wire?.toDevice : wire?.fromDevice
}

async function openWire({ driver, options }: ConfiguredDevice, link: AnyLink): Promise<Wire> {
  const make = await driver.wire?.()
  if (!make) return { toDevice: blindReader(), fromDevice: blindReader() }
  return make(options, link.kind === 'report' ? { descriptor: link.descriptor } : {})
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown')
