import { type Clock, systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { type GateControls, simulateGate } from '../../lib/simulated-gate.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { Command, tripod } from './codec.ts'

export interface TripodSimulation {
  readonly clock?: Clock
  readonly address?: number
  readonly side?: 'left' | 'right'
  /** How long the arm stays free for one passage. */
  readonly freeMs?: number
  /** Fault: hears nothing. */
  readonly deaf?: boolean
}

/** A tripod turnstile made of software. It tells nothing: walking and fire change nothing on the line. */
export function simulateTripod(options: TripodSimulation = {}): Simulator<GateControls> {
  const { clock = systemClock, address = 1, side = 'left', freeMs = 5000 } = options
  const arm = 0
  const gate = simulateGate(clock, arm)
  const ours = side === 'left' ? Command.openLeft : Command.openRight
  let silent = false

  return {
    attach(far: StreamLink) {
      async function listen() {
        for await (const frame of frames(far.bytes, tripod)) {
          if (silent || options.deaf || frame.address !== address) continue
          if (frame.command === ours) gate.pulse(arm, freeMs)
          if (frame.command === Command.dropArm) gate.set(arm, true)
          if (frame.command === Command.raiseArm) gate.set(arm, false)
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
        return gate.isOn(arm)
      },
      answerDelayMs: 0,
      silent(isSilent) {
        silent = isSilent
      },
    },
  }
}
