import { type Clock, systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter, wireMs } from '../../lib/paced.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { pulseAddress, type RelayAnswer, type RelayRequest, relayBoard } from './codec.ts'

/** What goes wrong with one request. `stuck`: acknowledged, but the relay does not move. */
export type RelayFault = 'none' | 'lost-request' | 'lost-answer' | 'garbled-answer' | 'stuck' | 'refused'

export interface ModbusRelaySimulation {
  readonly clock?: Clock
  readonly unit?: number
  readonly relay?: number
  readonly passageInput?: number | null
  readonly fireInput?: number | null
  readonly fireActive?: 'high' | 'low'
  /** The relay is on when the board gets power, as if somebody had left it so. */
  readonly relayLeftOn?: boolean
  /** Receives and sends at the speed of a serial line. */
  readonly paceBaud?: number
  /** Faults: judged for each request; bytes before every answer; hand-over in pieces of so many bytes. */
  fault?(request: RelayRequest): RelayFault
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
}

export interface GateControls {
  /** Somebody goes through: the passage contact closes for 200 ms. */
  walkThrough(): void
  setFire(active: boolean): void
  /** Pulses the gate has been given. */
  readonly pulses: number
  /** Called when a pulse begins. Returns a function that ends the listening. */
  onPulse(listener: () => void): () => void
  /** The last thousand requests understood, oldest first. */
  readonly received: readonly RelayRequest[]
  /** How late the board answers; it acts at once. */
  answerDelayMs: number
  /** A board without power: it does and says nothing. */
  silent(silent: boolean): void
  /** Whether the gate's relay is on now. */
  readonly relayOn: boolean
}

const passageMs = 200
const receivedKept = 1000

/** A relay board with eight relays and eight inputs, and the gate behind it, made of software. */
export function simulateModbusRelay(options: ModbusRelaySimulation = {}): Simulator<GateControls> {
  const { clock = systemClock, unit = 1, relay = 0, noise = new Uint8Array() } = options
  const codec = relayBoard(unit)
  const gate = simulateGate(options, clock)
  const received: RelayRequest[] = []
  let answerDelayMs = 0
  let silent = false

  async function handle(request: RelayRequest, write: (bytes: Uint8Array) => Promise<void>) {
    const fault = options.fault?.(request) ?? 'none'
    received.push(request)
    if (received.length > receivedKept) received.shift()
    if (silent || fault === 'lost-request') return
    const answer: RelayAnswer =
      fault === 'refused'
        ? { type: 'exception', function: request.function, code: 1 }
        : gate.obey(request, fault === 'stuck')
    if (answerDelayMs > 0) await clock.sleep(answerDelayMs)
    if (fault === 'lost-answer') return
    const bytes = codec.encode(answer)
    if (fault === 'garbled-answer') bytes[2] = (bytes[2] ?? 0) ^ 0x10
    const sent = Buffer.concat([noise, bytes])
    const { pieceBytes = sent.length } = options
    for (let from = 0; from < sent.length; from += pieceBytes)
      await write(sent.subarray(from, from + pieceBytes))
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)
      async function listen() {
        for await (const request of frames(far.bytes, codec)) {
          if (options.paceBaud !== undefined) await clock.sleep(wireMs(8, options.paceBaud))
          void handle(request, write)
        }
      }
      void listen()
    },
    controls: {
      ...gate.controls,
      get pulses() {
        return gate.pulses()
      },
      get relayOn() {
        return gate.isOn(relay)
      },
      get received() {
        return received
      },
      get answerDelayMs() {
        return answerDelayMs
      },
      set answerDelayMs(delayMs: number) {
        answerDelayMs = delayMs
      },
      silent(isSilent) {
        silent = isSilent
      },
    },
  }
}

/** Relays, contacts and the fire alarm. Everything timed is a moment of the clock, so nothing has to tick. */
function simulateGate(options: ModbusRelaySimulation, clock: Clock) {
  const { relay = 0, passageInput = 0, fireInput = 1, fireActive = 'high' } = options
  const onUntil = new Map<number, number>(options.relayLeftOn ? [[relay, Number.POSITIVE_INFINITY]] : [])
  const listeners = new Set<() => void>()
  let passageUntil = Number.NEGATIVE_INFINITY
  let fire = false
  let pulses = 0

  const isOn = (index: number) => clock.monotonic() < (onUntil.get(index) ?? Number.NEGATIVE_INFINITY)
  const bit = (index: number | null, set: boolean) => (index !== null && set ? 1 << index : 0)

  function switchRelay({ address, value }: RelayRequest) {
    const index = address & 0xff
    if (address >> 8 === pulseAddress >> 8) {
      onUntil.set(index, clock.monotonic() + value * 100)
      if (index !== relay) return
      pulses++
      for (const listener of listeners) listener()
    } else if (address >> 8 === 0) {
      onUntil.set(index, value === 0xff00 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)
    }
  }

  return {
    isOn,
    pulses: () => pulses,
    obey(request: RelayRequest, stuck: boolean): RelayAnswer {
      if (request.function === 1) {
        const bits = [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, index) => sum | bit(index, isOn(index)), 0)
        return { type: 'bits', function: 1, bits }
      }
      if (request.function === 2) {
        const passing = bit(passageInput, clock.monotonic() < passageUntil)
        return {
          type: 'bits',
          function: 2,
          bits: passing | bit(fireInput, fire === (fireActive === 'high')),
        }
      }
      if (!stuck) switchRelay(request)
      return { type: 'echo', function: 5, address: request.address, value: request.value }
    },
    controls: {
      walkThrough() {
        passageUntil = clock.monotonic() + passageMs
      },
      setFire(active: boolean) {
        fire = active
      },
      onPulse(listener: () => void) {
        listeners.add(listener)
        return () => {
          listeners.delete(listener)
        }
      },
    },
  }
}
