import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../../lib/simulated-voice.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { type GyAnswer, type GyRequest, gyModule, Mode, Register, readMeasurement } from './codec.ts'

export interface Gy614vSimulation extends VoiceFaults {
  readonly address?: number
  /** Powers up in continuous output, as delivered. */
  readonly continuous?: boolean
  /** Whether a write is answered; firmwares may differ. */
  readonly confirmsWrites?: boolean
  /** Fault: obeys no write. */
  readonly ignoresWrites?: boolean
}

const ratePeriodMs = [1000, 500, 200, 100] as const

/** A GY-614V made of software. Its registers outlive the link, as the module's outlive a loose data wire. */
export function simulateGy614v(options: Gy614vSimulation = {}): Simulator<ThermometerControls> {
  const { clock = systemClock, address = 0xa4, continuous = true } = options
  const codec = gyModule(address)
  const sensor = simulateSensor()
  const registers = new Map<number, number>([
    [0x00, address],
    [0x01, 2],
    [Register.rate, 3],
    [Register.mode, continuous ? Mode.continuous : Mode.query],
    [0x06, 100],
    [Register.emissivity, 95],
    [Register.chip, 0x61],
    [Register.firmware, 0x03],
  ])
  const voice = simulatedVoice(options)

  function read(start: number, count: number): Uint8Array {
    const { raw, ambient, body } = sensor.measure()
    const words = { [Register.object]: raw, [Register.ambient]: ambient, [Register.body]: body }
    for (const [register, value] of Object.entries(words)) {
      registers.set(Number(register), (value >> 8) & 0xff)
      registers.set(Number(register) + 1, value & 0xff)
    }
    return Uint8Array.from({ length: count }, (_, index) => registers.get(start + index) ?? 0)
  }

  function answer(request: GyRequest): GyAnswer | undefined {
    if (request.type === 'read')
      return { type: 'registers', start: request.start, data: read(request.start, request.count) }
    if (options.ignoresWrites) return undefined
    registers.set(request.register, request.value)
    return options.confirmsWrites ? { ...request, type: 'written' } : undefined
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)

      async function listen() {
        for await (const request of frames(far.bytes, codec)) {
          const frame = answer(request)
          if (frame) await voice.say(codec.encode(frame), write)
        }
      }

      async function stream() {
        while (!far.closed.aborted) {
          await clock.sleep(ratePeriodMs[registers.get(Register.rate) ?? 3] ?? 100, far.closed)
          if (registers.get(Register.mode) !== Mode.continuous) continue
          const { start, count } = readMeasurement
          // Not awaited: the module keeps its period however long the frame is on the wire.
          void voice.say(codec.encode({ type: 'registers', start, data: read(start, count) }), write)
        }
      }

      void listen()
      stream().catch(() => {}) // ends with the link
    },

    controls: { ...sensor.controls, ...voice.controls },
  }
}
