import type { Clock } from './clock.ts'

/** What a person can do at any simulated gate, whatever opens it. */
export interface GateControls {
  /** Somebody goes through: the passage contact closes for 200 ms. */
  walkThrough(): void
  /** Something stands in the passage: the contact stays closed, or is free again. */
  block(blocked: boolean): void
  setFire(active: boolean): void
  /** Pulses the gate has been given. */
  readonly pulses: number
  /** Called when a pulse begins. Returns a function that ends the listening. */
  onPulse(listener: () => void): () => void
  /** How late the board answers; it acts at once. */
  answerDelayMs: number
  /** A board without power: it does and says nothing. */
  silent(silent: boolean): void
  /** Whether the gate's relay is on now. */
  readonly relayOn: boolean
}

/** A gate made of software: relays, the passage contact and the fire alarm. */
export interface SimulatedGate {
  isOn(relay: number): boolean
  pulse(relay: number, ms: number): void
  set(relay: number, on: boolean): void
  readonly passing: boolean
  readonly fire: boolean
  readonly pulses: number
  readonly controls: Pick<GateControls, 'walkThrough' | 'block' | 'setFire' | 'onPulse'>
}

const passageMs = 200

/** Everything timed is a moment of the clock, so nothing has to tick. `relay` is the one that opens the gate. */
export function simulateGate(clock: Clock, relay: number, leftOn = false): SimulatedGate {
  const onUntil = new Map<number, number>(leftOn ? [[relay, Number.POSITIVE_INFINITY]] : [])
  const listeners = new Set<() => void>()
  let passageUntil = Number.NEGATIVE_INFINITY
  let blocked = false
  let fire = false
  let pulses = 0

  return {
    isOn: (index) => clock.monotonic() < (onUntil.get(index) ?? Number.NEGATIVE_INFINITY),
    pulse(index, ms) {
      onUntil.set(index, clock.monotonic() + ms)
      if (index !== relay) return
      pulses++
      for (const listener of listeners) listener()
    },
    set(index, on) {
      onUntil.set(index, on ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)
    },
    get passing() {
      return blocked || clock.monotonic() < passageUntil
    },
    get fire() {
      return fire
    },
    get pulses() {
      return pulses
    },
    controls: {
      walkThrough() {
        passageUntil = clock.monotonic() + passageMs
      },
      block(wanted) {
        blocked = wanted
      },
      setFire(active) {
        fire = active
      },
      onPulse(listener) {
        listeners.add(listener)
        return () => {
          listeners.delete(listener)
        }
      },
    },
  }
}
