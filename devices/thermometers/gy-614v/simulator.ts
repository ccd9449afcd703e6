import { type Clock, systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { pacedWriter } from '../../lib/paced.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { type GyAnswer, type GyRequest, gyModule, Mode, Register, readMeasurement } from './codec.ts'

export interface Gy614vSimulation {
  readonly clock?: Clock
  readonly address?: number
  /** Powers up in continuous output, as delivered. */
  readonly continuous?: boolean
  /** Whether a write is answered; firmwares may differ. */
  readonly confirmsWrites?: boolean
  /** Sends at the speed of a serial line. */
  readonly paceBaud?: number
  /** Faults: bytes before every frame, hand-over in pieces of so many bytes, obeys no write. */
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
  readonly ignoresWrites?: boolean
}

export interface Skin {
  readonly bodyCentiCelsius: number
  readonly rawCentiCelsius?: number
  readonly ambientCentiCelsius?: number
}

export interface ThermometerControls {
  /** Somebody stands before the sensor. Without a raw value the forehead is 2.3 degrees cooler than the body. */
  setSkin(skin: Skin): void
  /** Nobody stands there: the sensor sees the room. */
  nobody(): void
  /** A sensor whose measuring part hangs: it answers, but its values stand still. */
  freeze(frozen: boolean): void
  /** A module that hears and says nothing. */
  silent(silent: boolean): void
  /** Every check sum is wrong. */
  garble(garbled: boolean): void
}

/** Between body and forehead, in hundredths; what the module's own conversion adds. */
const bodyAboveSkin = 230
const roomCentiCelsius = 2400
/** A real sensor is never still. No two neighbours are the same, or it would look frozen. */
const jitter = [0, 2, -1, 1, -2, 3, -3, 1] as const
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
  const faults = { silent: false, garbled: false }

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

  async function say(frame: GyAnswer, write: (bytes: Uint8Array) => Promise<void>) {
    if (faults.silent) return
    const bytes = codec.encode(frame)
    if (faults.garbled) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff
    const sent = Buffer.concat([options.noise ?? new Uint8Array(), bytes])
    const { pieceBytes = sent.length } = options
    for (let from = 0; from < sent.length; from += pieceBytes)
      await write(sent.subarray(from, from + pieceBytes))
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)

      async function listen() {
        for await (const request of frames(far.bytes, codec)) {
          const frame = answer(request)
          if (frame) await say(frame, write)
        }
      }

      async function stream() {
        while (!far.closed.aborted) {
          await clock.sleep(ratePeriodMs[registers.get(Register.rate) ?? 3] ?? 100, far.closed)
          if (registers.get(Register.mode) !== Mode.continuous) continue
          const { start, count } = readMeasurement
          // Not awaited: the module keeps its period however long the frame is on the wire.
          void say({ type: 'registers', start, data: read(start, count) }, write)
        }
      }

      void listen()
      stream().catch(() => {}) // ends with the link
    },

    controls: {
      ...sensor.controls,
      silent(silent) {
        faults.silent = silent
      },
      garble(garbled) {
        faults.garbled = garbled
      },
    },
  }
}

/** The measuring part: what it is pointed at, and the unrest of a real one. */
function simulateSensor() {
  const room = {
    raw: roomCentiCelsius + 30,
    ambient: roomCentiCelsius,
    body: roomCentiCelsius + bodyAboveSkin,
  }
  let scene = room
  let readings = 0
  let frozen = false
  let last = room

  return {
    measure() {
      if (frozen) return last
      const unrest = jitter[readings++ % jitter.length] ?? 0
      last = { ...scene, raw: scene.raw + unrest, body: scene.body + unrest }
      return last
    },
    controls: {
      setSkin({
        bodyCentiCelsius,
        rawCentiCelsius = bodyCentiCelsius - bodyAboveSkin,
        ambientCentiCelsius = roomCentiCelsius,
      }: Skin) {
        scene = { raw: rawCentiCelsius, ambient: ambientCentiCelsius, body: bodyCentiCelsius }
      },
      nobody() {
        scene = room
      },
      freeze(freeze: boolean) {
        frozen = freeze
      },
    },
  }
}
