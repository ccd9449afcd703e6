import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../../lib/simulated-voice.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { Command, gy90614Module } from './codec.ts'

export interface Gy90614Simulation extends VoiceFaults {
  /** Powers up in continuous output. */
  readonly continuous?: boolean
  /** Fault: hears nothing, as a module whose receiving wire is loose. */
  readonly deaf?: boolean
}

/** About 14 frames a second. */
const periodMs = 71

/** A GY-MCU90614 made of software. */
export function simulateGy90614(options: Gy90614Simulation = {}): Simulator<ThermometerControls> {
  const { clock = systemClock, continuous = true } = options
  const sensor = simulateSensor()
  const voice = simulatedVoice(options)
  let sending = continuous

  function reading(): Uint8Array {
    const { raw, ambient } = sensor.measure()
    return gy90614Module.encode({ objectCentiCelsius: raw, ambientCentiCelsius: ambient })
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)

      async function listen() {
        for await (const command of frames(far.bytes, gy90614Module)) {
          if (options.deaf) continue
          if (command === Command.continuous) sending = true
          if (command === Command.oneReading) await voice.say(reading(), write)
        }
      }

      async function stream() {
        while (!far.closed.aborted) {
          await clock.sleep(periodMs, far.closed)
          if (sending) void voice.say(reading(), write)
        }
      }

      void listen()
      stream().catch(() => {}) // ends with the link
    },
    controls: { ...sensor.controls, ...voice.controls },
  }
}
