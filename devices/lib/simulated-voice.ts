import type { Clock } from './clock.ts'
import type { ThermometerControls } from './simulated-sensor.ts'

/** What can go wrong with everything a simulated module says, and how fast it says it. */
export interface VoiceFaults {
  readonly clock?: Clock
  /** Sends at the speed of a serial line. */
  readonly paceBaud?: number
  /** Faults: bytes before every frame, hand-over in pieces of so many bytes. */
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
}

export interface SimulatedVoice {
  say(frame: Uint8Array, write: (bytes: Uint8Array) => Promise<void>): Promise<void>
  readonly controls: Pick<ThermometerControls, 'silent' | 'garble'>
}

/** How a simulated module speaks; garbled, the last byte of every frame is wrong. */
export function simulatedVoice({ noise = new Uint8Array(), pieceBytes }: VoiceFaults): SimulatedVoice {
  const faults = { silent: false, garbled: false }
  return {
    async say(frame, write) {
      if (faults.silent) return
      const bytes = Buffer.concat([noise, frame])
      if (faults.garbled) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff
      const piece = pieceBytes ?? bytes.length
      for (let from = 0; from < bytes.length; from += piece) await write(bytes.subarray(from, from + piece))
    },
    controls: {
      silent(silent) {
        faults.silent = silent
      },
      garble(garbled) {
        faults.garbled = garbled
      },
    },
  }
}
