import { asDeviceError, type DeviceError } from '../errors.ts'
import type { StreamLink } from '../link/link.ts'
import type { Clock } from './clock.ts'
import { type Codec, Framer } from './frames.ts'

/** A silence is waited for so many times its length, then it is taken as never coming. */
const PATIENCE = 4

export interface ListenOptions<Frame> {
  readonly clock: Clock
  /** An unfinished frame followed by this silence is noise: a frame hidden in it is found at once. */
  readonly gapMs: number
  readonly maxLength?: number
  receive(frame: Frame): void
}

export interface Listening {
  /** What the codec or `receive` threw; it ended the link. */
  broken(): DeviceError | undefined
  /** Resolves when nothing came for `quietMs`, on a restless line after four times as long. */
  untilQuiet(quietMs: number): Promise<void>
}

/** Reads the link for as long as it lives. A codec or a driver that throws ends the link, with its error kept. The one reader of `link`. */
export function listen<Frame>(
  link: StreamLink,
  codec: Pick<Codec<Frame, never>, 'decode'>,
  options: ListenOptions<Frame>,
): Listening {
  const { clock, gapMs, maxLength, receive } = options
  const framer = new Framer(codec, {
    gapMs,
    monotonic: () => clock.monotonic(),
    ...(maxLength === undefined ? {} : { maxLength }),
  })
  let lastByteAt = Number.NEGATIVE_INFINITY
  let broken: DeviceError | undefined
  let watching = false

  const fail = async (error: unknown) => {
    if (link.closed.aborted) return
    broken ??= asDeviceError(error, 'bad-answer', link.name)
    await link.close()
  }

  async function read() {
    for await (const chunk of link.bytes) {
      for (const frame of framer.push(chunk)) receive(frame)
      lastByteAt = clock.monotonic()
      if (framer.unfinished > 0 && !watching) void watchGap().catch(fail)
    }
  }

  async function watchGap() {
    watching = true
    try {
      while (framer.unfinished > 0 && gapMs > 0) {
        const rest = lastByteAt + gapMs - clock.monotonic()
        if (rest > 0) await clock.sleep(rest, link.closed)
        else for (const frame of framer.giveUp()) receive(frame)
      }
    } finally {
      watching = false
    }
  }

  void read().catch(fail)

  return {
    broken: () => broken,
    async untilQuiet(quietMs: number) {
      const from = clock.monotonic()
      for (;;) {
        const now = clock.monotonic()
        const rest = Math.min(Math.max(lastByteAt, from) + quietMs, from + PATIENCE * quietMs) - now
        if (rest <= 0) break
        await clock.sleep(rest, link.closed)
      }
      for (const frame of framer.giveUp()) receive(frame)
    },
  }
}
