import type { Step } from '../frames.ts'
import { explained, plain, unexplained, type Vary, type WirePiece, type WireReader } from './wire.ts'

/** How the frames of one direction are read. */
export interface FramedSide<Frame> {
  decode(bytes: Uint8Array): Step<Frame>
  /** Never anything of a person. */
  describe(frame: Frame): string
  /**
   * The bytes of this frame with everything that may tell of a person replaced; undefined for a frame that holds nothing
   * of the kind. Left out where no frame of the protocol does.
   */
  harmless?(frame: Frame, vary: Vary, bytes: Uint8Array): Uint8Array | undefined
  /** What the end of an unfinished frame by silence makes of it. */
  silence?(bytes: Uint8Array): Frame | undefined
  readonly maxLength?: number
  /** `null`: silence ends nothing. */
  readonly gapMs?: number | null
}

const DEFAULT_MAX_LENGTH = 4096
const DEFAULT_GAP_MS = 250

/** Reads one direction of a protocol of frames, whatever the pieces they arrive in. */
export function framedReader<Frame>(side: FramedSide<Frame>): WireReader {
  const { maxLength = DEFAULT_MAX_LENGTH, gapMs = DEFAULT_GAP_MS } = side
  let pending: Uint8Array = new Uint8Array()

  function take(): WirePiece[] {
    const pieces: WirePiece[] = []
    let noise = 0
    const endNoise = () => {
      if (noise > 0) pieces.push(unexplained(noise))
      noise = 0
    }
    while (pending.length > 0) {
      const step = side.decode(pending.subarray(0, maxLength))
      if (step === 'more' && pending.length <= maxLength) break
      if (step !== 'more' && 'frame' in step) {
        endNoise()
        pieces.push(piece(step.frame, pending.slice(0, step.used)))
        pending = pending.subarray(step.used)
      } else {
        const skipped = step === 'more' ? 1 : Math.max(1, step.skip)
        noise += Math.min(skipped, pending.length)
        pending = pending.subarray(skipped)
      }
    }
    endNoise()
    return pieces
  }

  function piece(frame: Frame, bytes: Uint8Array): WirePiece {
    const text = side.describe(frame)
    const { harmless } = side
    if (harmless?.(frame, (same) => same, bytes) === undefined) return plain(bytes, text)
    return explained(bytes, text, (vary) => harmless(frame, vary, bytes) ?? bytes)
  }

  return {
    gapMs: gapMs ?? undefined,
    push(chunk) {
      // A copy, never the caller's own buffer.
      pending = Uint8Array.from(Buffer.concat([pending, chunk]))
      return take()
    },
    flush() {
      const rest = pending
      pending = new Uint8Array()
      if (rest.length === 0) return []
      const frame = side.silence?.(rest)
      return [frame === undefined ? unexplained(rest.length) : piece(frame, rest)]
    },
  }
}

/** Reads nothing: for a direction in which nothing known travels. */
export function blindReader(): WireReader {
  return { gapMs: undefined, push: (chunk) => [unexplained(chunk.length)], flush: () => [] }
}
