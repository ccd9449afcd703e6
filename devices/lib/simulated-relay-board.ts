import type { StreamLink } from '../link/link.ts'
import type { Simulator } from '../simulation.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Codec, frames } from './frames.ts'
import type { ModbusAnswer, ModbusRequest } from './modbus-pdu.ts'
import { pulseAddress } from './modbus-relays.ts'
import { pacedWriter, wireMs } from './paced.ts'
import { type GateControls, type SimulatedGate, simulateGate } from './simulated-gate.ts'

/** What goes wrong with one request. `stuck`: acknowledged, but the relay does not move. */
export type RelayFault = 'none' | 'lost-request' | 'lost-answer' | 'garbled-answer' | 'stuck' | 'refused'

export interface RelayBoardSimulation {
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
  fault?(request: ModbusRequest): RelayFault
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
}

export interface RelayBoardControls extends GateControls {
  /** The last thousand requests understood, oldest first. */
  readonly received: readonly ModbusRequest[]
}

/** How the board's questions and answers travel: with a CRC, or with a header that numbers them. */
export interface BoardWire<Asked, Told> {
  readonly codec: Codec<Asked, Told>
  request(asked: Asked): ModbusRequest
  told(asked: Asked, answer: ModbusAnswer): Told
}

const receivedKept = 1000

/** A relay board with eight relays and eight inputs, and the gate behind it, made of software. */
export function simulateRelayBoard<Asked, Told>(
  options: RelayBoardSimulation,
  wire: BoardWire<Asked, Told>,
): Simulator<RelayBoardControls> {
  const { clock = systemClock, relay = 0, noise = new Uint8Array() } = options
  const gate = simulateGate(clock, relay, options.relayLeftOn)
  const received: ModbusRequest[] = []
  let answerDelayMs = 0
  let silent = false

  async function handle(asked: Asked, write: (bytes: Uint8Array) => Promise<void>) {
    const request = wire.request(asked)
    const fault = options.fault?.(request) ?? 'none'
    received.push(request)
    if (received.length > receivedKept) received.shift()
    if (silent || fault === 'lost-request') return
    const answer: ModbusAnswer =
      fault === 'refused'
        ? { type: 'exception', function: request.function, code: 1 }
        : obey(gate, options, request, fault === 'stuck')
    if (answerDelayMs > 0) await clock.sleep(answerDelayMs)
    if (fault === 'lost-answer') return
    const bytes = wire.codec.encode(wire.told(asked, answer))
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
        for await (const asked of frames(far.bytes, wire.codec)) {
          if (options.paceBaud !== undefined) await clock.sleep(wireMs(8, options.paceBaud))
          void handle(asked, write)
        }
      }
      void listen()
    },
    controls: {
      ...gate.controls,
      get pulses() {
        return gate.pulses
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

function obey(
  gate: SimulatedGate,
  options: RelayBoardSimulation,
  request: ModbusRequest,
  stuck: boolean,
): ModbusAnswer {
  const { passageInput = 0, fireInput = 1, fireActive = 'high' } = options
  const bit = (index: number | null, set: boolean) => (index !== null && set ? 1 << index : 0)
  switch (request.function) {
    case 1: {
      const bits = [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, index) => sum | bit(index, gate.isOn(index)), 0)
      return { type: 'bits', function: 1, bits }
    }
    case 2: {
      const fire = bit(fireInput, gate.fire === (fireActive === 'high'))
      return { type: 'bits', function: 2, bits: bit(passageInput, gate.passing) | fire }
    }
    case 5:
      if (!stuck) switchRelay(gate, request)
      return { type: 'echo', function: 5, address: request.address, value: request.value }
    default:
      return { type: 'exception', function: request.function, code: 1 }
  }
}

function switchRelay(gate: SimulatedGate, { address, value }: ModbusRequest) {
  const index = address & 0xff
  if (address >> 8 === pulseAddress >> 8) gate.pulse(index, value * 100)
  else if (address >> 8 === 0) gate.set(index, value === 0xff00)
}
