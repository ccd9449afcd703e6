/** What a protocol finds at the front of the bytes received so far. */
export type Step<Frame> =
  | { readonly frame: Frame; readonly used: number } // a whole frame, and how many bytes it took
  | { readonly skip: number } // not ours: drop this many bytes and look again
  | 'more' // the start of a frame: wait for the rest

/**
 * The two directions of one wire protocol, seen from one end. Pure: no timers, no ports.
 * `In` is what this end receives, `Out` what it sends.
 */
export interface Codec<In, Out = In> {
  encode(frame: Out): Uint8Array
  decode(bytes: Uint8Array): Step<In>
}

export interface FramesOptions {
  /**
   * The longest frame. Codecs never see more bytes than this at once, so a false start costs at most this much work
   * and memory; when it is full and still unfinished, the oldest byte goes and the search starts anew.
   */
  readonly maxLength?: number
  /** An unfinished frame followed by this much silence is noise: the framer looks for a frame inside it. */
  readonly gapMs?: number
  /** Milliseconds of a monotonic clock, needed for `gapMs`. */
  readonly monotonic?: () => number
}

/**
 * Cuts chunks into frames, whatever the pieces they arrive in. On anything wrong it drops the oldest byte and
 * looks again, so noise costs only itself: the intact frame behind it is still found.
 */
export class Framer<Frame> {
  readonly #decode: (bytes: Uint8Array) => Step<Frame>
  readonly #options: Required<FramesOptions>
  #pending: Uint8Array = new Uint8Array()
  #lastAt = 0

  constructor(codec: Pick<Codec<Frame, never>, 'decode'>, options: FramesOptions = {}) {
    this.#decode = (bytes) => codec.decode(bytes)
    this.#options = { maxLength: 4096, gapMs: 0, monotonic: () => performance.now(), ...options }
  }

  /** Bytes of a frame that is not finished. */
  get unfinished(): number {
    return this.#pending.length
  }

  /**
   * Adds received bytes and returns the frames they complete. When the gap rule ends an unfinished frame, the frames
   * hidden in it come first: late, because a framer has no timer. Who cannot use them late calls `giveUp` in time.
   */
  push(chunk: Uint8Array): Frame[] {
    const { gapMs, monotonic } = this.#options
    const frames: Frame[] = []
    if (gapMs > 0) {
      const now = monotonic()
      if (now - this.#lastAt >= gapMs) frames.push(...this.giveUp())
      this.#lastAt = now
    }
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    frames.push(...this.#drain())
    return frames
  }

  /** Stops waiting for the rest of an unfinished frame, and returns the frames that were hidden inside it. */
  giveUp(bytes = this.#pending.length): Frame[] {
    const frames: Frame[] = []
    for (let dropped = 0; dropped < bytes && this.#pending.length > 0; dropped++) {
      this.#drop(1)
      frames.push(...this.#drain())
    }
    return frames
  }

  #drain(): Frame[] {
    const { maxLength } = this.#options
    const frames: Frame[] = []
    while (this.#pending.length > 0) {
      const step = this.#decode(this.#pending.subarray(0, maxLength))
      if (step === 'more') {
        if (this.#pending.length <= maxLength) break
        this.#drop(1)
      } else if ('frame' in step) {
        frames.push(step.frame)
        this.#drop(step.used)
      } else {
        this.#drop(step.skip)
      }
    }
    return frames
  }

  #drop(bytes: number): void {
    // A codec that takes nothing would be asked the same question for ever.
    this.#pending = this.#pending.subarray(Math.max(1, bytes))
  }
}

/** The frames of a whole byte stream; ends when the stream ends. */
export async function* frames<Frame>(
  chunks: AsyncIterable<Uint8Array>,
  codec: Pick<Codec<Frame, never>, 'decode'>,
  options?: FramesOptions,
): AsyncGenerator<Frame> {
  const framer = new Framer(codec, options)
  for await (const chunk of chunks) yield* framer.push(chunk)
}
