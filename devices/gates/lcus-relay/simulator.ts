import { type Clock, systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { type GateControls, simulateGate } from '../../lib/simulated-gate.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { lcusBoard } from './codec.ts'

export interface LcusSimulation {
  readonly clock?: Clock
  readonly channel?: number
  /** How long the board's own pulse is. */
  readonly momentaryMs?: number
  /** A board that obeys and never answers. */
  readonly silentBoard?: boolean
  readonly relayLeftOn?: boolean
  readonly paceBaud?: number
  /** Faults: judged for each operation; bytes before every answer; hand-over in pieces of so many bytes. */
  fault?(code: number): LcusFault
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
}

/** `stuck`: answered as if it had moved, but the relay does not. */
export type LcusFault = 'none' | 'lost-request' | 'lost-answer' | 'garbled-answer' | 'stuck'

const Operation = { offSilently: 0, onSilently: 1, off: 2, on: 3, toggle: 4, query: 5, pulse: 6 } as const

/** An LCUS board made of software, and the gate behind it. It has no inputs: walking and fire change nothing it tells. */
export function simulateLcus(options: LcusSimulation = {}): Simulator<GateControls> {
  const { clock = systemClock, channel = 1, momentaryMs = 500, noise = new Uint8Array() } = options
  const gate = simulateGate(clock, channel, options.relayLeftOn)
  let answerDelayMs = 0
  let silent = false

  function obey(which: number, code: number) {
    if (code === Operation.offSilently || code === Operation.off) gate.set(which, false)
    if (code === Operation.onSilently || code === Operation.on) gate.set(which, true)
    if (code === Operation.toggle) gate.set(which, !gate.isOn(which))
    if (code === Operation.pulse) gate.pulse(which, momentaryMs)
  }

  async function handle(which: number, code: number, write: (bytes: Uint8Array) => Promise<void>) {
    const fault = options.fault?.(code) ?? 'none'
    if (silent || fault === 'lost-request') return
    if (fault !== 'stuck') obey(which, code)
    const on = fault === 'stuck' ? code === Operation.pulse || gate.isOn(which) : gate.isOn(which)
    if (options.silentBoard || code <= Operation.onSilently) return
    if (answerDelayMs > 0) await clock.sleep(answerDelayMs)
    if (fault === 'lost-answer') return
    const bytes = lcusBoard.encode({ channel: which, on })
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
        for await (const { channel: which, code } of frames(far.bytes, lcusBoard))
          void handle(which, code, write)
      }
      void listen()
    },
    controls: {
      ...gate.controls,
      get pulses() {
        return gate.pulses
      },
      get relayOn() {
        return gate.isOn(channel)
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
