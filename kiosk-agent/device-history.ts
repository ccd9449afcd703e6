import type { DeviceError } from '../devices/errors.ts'
import type { HubDevice, KindEvent } from './device-hub.ts'

/** What one device told since the agent started. */
export interface DevicePast {
  /** By kind of event: cards, cardProblems, codes, temperatures, passages, ...; and connections, errors. */
  readonly counters: Readonly<Record<string, number>>
  /** Its last failure, also when it works again. */
  readonly last?: { readonly error: DeviceError; readonly at: number }
  /** What it said of itself by events: paper, cover, fire, held. */
  readonly facts: Readonly<Record<string, string>>
}

export interface DeviceHistory {
  of(deviceId: string): DevicePast
  onEvent(event: KindEvent, deviceId: string): void
  onState(device: HubDevice): void
  /** Tells every event of every device, and every change of state; returns how to stop listening. */
  listen(listener: DeviceListener): () => void
}

export interface DeviceListener {
  onEvent?(event: KindEvent, deviceId: string): void
  onState?(device: HubDevice): void
}

interface Past {
  counters: Record<string, number>
  last?: { error: DeviceError; at: number }
  facts: Record<string, string>
}

const counterOf: Readonly<Record<string, string>> = {
  card: 'cards',
  'card-problem': 'cardProblems',
  code: 'codes',
  temperature: 'temperatures',
  passed: 'passages',
  held: 'held',
  fire: 'fires',
  paper: 'paperReports',
  presence: 'presences',
  'call-button': 'calls',
  door: 'doors',
}

/** Counts what devices tell, from the start of the agent on, for whoever looks after them. */
export function createDeviceHistory(now: () => number): DeviceHistory {
  const pasts = new Map<string, Past>()
  const listeners = new Set<DeviceListener>()

  function past(deviceId: string): Past {
    const known = pasts.get(deviceId)
    if (known) return known
    const made: Past = { counters: { connections: 0, errors: 0 }, facts: {} }
    pasts.set(deviceId, made)
    return made
  }

  function count(deviceId: string, counter: string): void {
    const { counters } = past(deviceId)
    counters[counter] = (counters[counter] ?? 0) + 1
  }

  return {
    of: (deviceId) => past(deviceId),
    onEvent(event, deviceId) {
      const counter = counterOf[event.event.type]
      if (counter) count(deviceId, counter)
      Object.assign(past(deviceId).facts, factsOf(event))
      for (const listener of listeners) listener.onEvent?.(event, deviceId)
    },
    onState(device) {
      if (device.state === 'online') count(device.id, 'connections')
      if (device.error) {
        count(device.id, 'errors')
        past(device.id).last = { error: device.error, at: now() }
      }
      // What a device said before it was gone is not true of the one that comes.
      if (device.state !== 'online') past(device.id).facts = {}
      for (const listener of listeners) listener.onState?.(device)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function factsOf({ kind, event }: KindEvent): Record<string, string> {
  if (kind === 'receipt-printer' && event.type === 'paper') {
    const { paper, cover, fault } = event.status
    return { paper, cover, fault: fault ?? 'none' }
  }
  if (kind === 'gate' && event.type !== 'passed') return { [event.type]: String(event.active) }
  if (kind === 'auxiliaries' && event.type === 'door') return { door: event.open ? 'open' : 'closed' }
  return {}
}
