import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../../lib/simulated-voice.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import {
  type ArrayAnswer,
  type ArrayCommand,
  arrayModule,
  columns,
  readEmissivity,
  rows,
  sendByItself,
  setRate,
  waitForQuestions,
} from './codec.ts'

export interface GyMcu90640Simulation extends VoiceFaults {
  /** Powers up sending pictures by itself, as delivered. */
  readonly sending?: boolean
  /** Fault: hears nothing, as a module whose receiving wire is loose. */
  readonly deaf?: boolean
}

const ratePeriodMs = [2000, 1000, 500, 250, 125] as const
/** Where the simulated face is: the middle of the picture. */
const face = { column: 15.5, row: 11.5, width: 6, height: 8 }

/** A GY-MCU90640 made of software: a face in a room, warmest in its middle. */
export function simulateGyMcu90640(options: GyMcu90640Simulation = {}): Simulator<ThermometerControls> {
  const { clock = systemClock } = options
  const sensor = simulateSensor()
  const voice = simulatedVoice(options)
  let rate: number = setRate(4).value
  let sending = options.sending ?? true

  function picture(): ArrayAnswer {
    const { raw, ambient } = sensor.measure()
    const pixels = Int16Array.from({ length: columns * rows }, (_, index) => {
      const across = ((index % columns) - face.column) / face.width
      const down = (Math.floor(index / columns) - face.row) / face.height
      const distance = Math.hypot(across, down)
      if (distance > 1) return ambient - 50 + ((index * 7) % 11)
      // Nobody there: the wall, no warmer in the middle than the sensor's own reading of it.
      return raw - Math.round(distance * distance * Math.max(0, raw - ambient) * 0.3)
    })
    // The four pixels of the middle are the warmest, whatever the rounding.
    const middle = Math.floor(face.row) * columns + Math.floor(face.column)
    for (const at of [middle, middle + 1, middle + columns, middle + columns + 1]) pixels[at] = raw
    return { type: 'picture', pixels, ambientCentiCelsius: ambient }
  }

  function obey({ command, value }: ArrayCommand): ArrayAnswer | undefined {
    if (command === readEmissivity.command) return { type: 'emissivity', percent: 95 }
    if (command === setRate(1).command) rate = value
    if (command === sendByItself.command) sending = value !== waitForQuestions.value
    return undefined
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)

      async function listen() {
        for await (const command of frames(far.bytes, arrayModule)) {
          const answer = options.deaf ? undefined : obey(command)
          if (answer) await voice.say(arrayModule.encode(answer), write)
        }
      }

      async function stream() {
        while (!far.closed.aborted) {
          await clock.sleep(ratePeriodMs[rate] ?? 250, far.closed)
          if (sending) void voice.say(arrayModule.encode(picture()), write)
        }
      }

      void listen()
      stream().catch(() => {}) // ends with the link
    },
    controls: { ...sensor.controls, ...voice.controls },
  }
}
