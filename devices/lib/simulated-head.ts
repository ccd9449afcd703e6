import type { StreamLink } from '../link/link.ts'
import { type Clock, systemClock } from './clock.ts'
import { pacedWriter } from './paced.ts'

/** What a person does at a simulated scan head, whatever its model. */
export interface ScannerControls {
  /** Holds a code before the head; text is sent as UTF-8. Resolves when the head has sent it. */
  show(code: string | Uint8Array): Promise<void>
}

export interface HeadSimulation {
  readonly clock?: Clock
  /** Sends at the speed of a serial line. */
  readonly paceBaud?: number
  /** Faults: bytes before every code, hand-over in pieces of so many bytes, repeats while the code is held there. */
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
  readonly repeats?: number
  readonly repeatEveryMs?: number
}

export interface SimulatedHead {
  attach(far: StreamLink): void
  /** Everything a head says goes through here: paced, in pieces. */
  send(bytes: Uint8Array): Promise<void>
  /** Sends a code as a head does while it is held there. `frame` makes the bytes of each reading; undefined: not seen. */
  show(code: string | Uint8Array, frame: (bytes: Uint8Array) => Uint8Array | undefined): Promise<void>
}

/** The wire and the window of a scan head made of software. */
export function simulatedHead(options: HeadSimulation): SimulatedHead {
  const { clock = systemClock, noise = new Uint8Array(), repeats = 0, repeatEveryMs = 100 } = options
  let write: (bytes: Uint8Array) => Promise<void> = async () => {}

  async function send(bytes: Uint8Array) {
    const { pieceBytes = Math.max(1, bytes.length) } = options
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      await write(bytes.subarray(from, from + pieceBytes))
    }
  }

  return {
    attach(far) {
      write = pacedWriter(far, clock, options.paceBaud)
    },
    send,
    async show(code, frame) {
      const bytes = typeof code === 'string' ? Buffer.from(code) : code
      for (let reading = 0; reading <= repeats; reading++) {
        if (reading > 0) await clock.sleep(repeatEveryMs)
        const framed = frame(bytes)
        if (framed) await send(Buffer.concat([noise, framed]))
      }
    },
  }
}
