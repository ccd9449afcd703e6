import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../../lib/simulated-voice.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { type LuMode, luModule } from './codec.ts'

export interface Lu90614Simulation extends VoiceFaults {
  /** How long one measurement takes. */
  readonly measureMs?: number
  /** Fault: stays in the mode it is in. */
  readonly ignoresModes?: boolean
}

/** An LU90614 made of software. One look serves both modes, as a person stands there for both. */
export function simulateLu90614(options: Lu90614Simulation = {}): Simulator<ThermometerControls> {
  const { clock = systemClock, measureMs = 40 } = options
  const sensor = simulateSensor()
  const voice = simulatedVoice(options)
  let mode: LuMode = 'body'
  let seen = sensor.measure()

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)

      async function listen() {
        for await (const command of frames(far.bytes, luModule)) {
          if (command !== 'measure') {
            if (!options.ignoresModes) mode = command
            continue
          }
          await clock.sleep(measureMs, far.closed)
          if (mode === 'object') seen = sensor.measure()
          const centiCelsius = mode === 'object' ? seen.raw : seen.body
          await voice.say(luModule.encode({ mode, centiCelsius }), write)
        }
      }

      listen().catch(() => {}) // ends with the link
    },
    controls: { ...sensor.controls, ...voice.controls },
  }
}
