import { type Clock, systemClock } from '../../lib/clock.ts'
import { pacedWriter } from '../../lib/paced.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { encodeLine, type Terminator } from './codec.ts'

export interface LineScannerSimulation {
  readonly clock?: Clock
  /** How the head is set up; the same words as the driver's options. */
  readonly prefix?: string
  readonly aimId?: boolean
  readonly terminator?: Terminator
  readonly stxEtx?: boolean
  /** What the head takes every code for. "]C1" is a 1-D code. */
  readonly aim?: string
  /** Sends at the speed of a serial line. */
  readonly paceBaud?: number
  /** Faults: bytes before every code, hand-over in pieces of so many bytes, repeats while the code is held there. */
  readonly noise?: Uint8Array
  readonly pieceBytes?: number
  readonly repeats?: number
  readonly repeatEveryMs?: number
}

export interface LineScannerControls {
  /** Holds a code before the head; text is sent as UTF-8. Resolves when the head has sent it. */
  show(code: string | Uint8Array): Promise<void>
}

/** A scan head made of software. It sends what it is shown, whether or not anybody listens. */
export function simulateLineScanner(options: LineScannerSimulation = {}): Simulator<LineScannerControls> {
  const { clock = systemClock, prefix = '', aimId = false, terminator = 'cr', stxEtx = false } = options
  const { aim = ']Q1', noise = new Uint8Array(), repeats = 0, repeatEveryMs = 100 } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, terminator, stxEtx, maxLength: Infinity }
  let write: (bytes: Uint8Array) => Promise<void> = async () => {}

  async function send(bytes: Uint8Array) {
    const { pieceBytes = bytes.length } = options
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      await write(bytes.subarray(from, from + pieceBytes))
    }
  }

  return {
    attach(far: StreamLink) {
      write = pacedWriter(far, clock, options.paceBaud)
    },
    controls: {
      async show(code) {
        const bytes = typeof code === 'string' ? Buffer.from(code) : code
        const line = Buffer.concat([noise, encodeLine(format, { bytes, aim })])
        await send(line)
        for (let repeat = 0; repeat < repeats; repeat++) {
          await clock.sleep(repeatEveryMs)
          await send(line)
        }
      },
    },
  }
}
