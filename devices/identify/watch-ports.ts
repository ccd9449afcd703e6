import type { Clock } from '../lib/clock.ts'
import { usbIdentity } from '../link/usb-access.ts'
import type { FoundPort, PortChange } from './found.ts'

/** Slow enough to cost nothing, fast enough for somebody who holds the plug and looks at the screen. */
const EVERY_MS = 500

/** What came and what went; another device in the same socket is both. */
export function newPorts(before: readonly FoundPort[], after: readonly FoundPort[]): PortChange {
  const missingIn = (others: readonly FoundPort[]) => {
    const known = new Set(others.map(fingerprint))
    return (port: FoundPort) => !known.has(fingerprint(port))
  }
  return { came: after.filter(missingIn(before)), went: before.filter(missingIn(after)) }
}

/** Tells every change from now on, until the signal ends it. Ports are listed, never opened. */
export async function* watchPorts(
  list: () => Promise<readonly FoundPort[]>,
  { clock, signal, everyMs = EVERY_MS }: { clock: Clock; signal: AbortSignal; everyMs?: number },
): AsyncGenerator<PortChange> {
  let before = await list()
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {})
    if (signal.aborted) return
    const after = await list()
    const change = newPorts(before, after)
    before = after
    if (change.came.length + change.went.length > 0) yield change
  }
}

function fingerprint({ id, usb }: FoundPort): string {
  return usb ? `${id} ${usbIdentity(usb)} ${usb.serialNumber ?? ''}` : id
}
