import { DeviceError } from '../errors.ts'
import { closedReason, type StreamLink } from '../link/link.ts'
import type { Clock } from './clock.ts'
import { type Codec, Framer, type FramesOptions } from './frames.ts'

export interface Ask<In> {
  /** Recognises the answer to this very question. */
  answers(frame: In): boolean
  readonly timeoutMs: number
  /** `clock.monotonic()` after which the question must not be sent any more; checked at the moment of writing. */
  readonly notAfter?: number
}

export interface Exchange<In, Out> {
  /**
   * Sends a question and waits for its answer; one is in flight, others wait their turn. Rejects with `timeout`,
   * `expired` (not a byte was sent) or the reason the link ended.
   */
  ask(question: Out, ask: Ask<In>): Promise<In>
}

export interface ExchangeOptions<In> extends Pick<FramesOptions, 'maxLength'> {
  readonly clock: Clock
  /** An unfinished frame followed by this silence is noise. */
  readonly gapMs: number
  /**
   * After a question that got no answer the line must stay silent for so long before the next one goes out: longer than
   * the device can possibly be late. What arrives meanwhile is dropped.
   */
  readonly quietMs: number
  /** Frames nobody asked for. */
  onReport?(frame: In): void
}

/** Questions and answers over a stream link, one at a time; a late answer is never taken for the next one's. */
export function exchange<In, Out>(
  link: StreamLink,
  codec: Codec<In, Out>,
  options: ExchangeOptions<In>,
): Exchange<In, Out> {
  const { clock, gapMs, quietMs, onReport } = options
  const framer = new Framer(codec, {
    gapMs,
    monotonic: () => clock.monotonic(),
    ...(options.maxLength === undefined ? {} : { maxLength: options.maxLength }),
  })
  let waiting: { answers(frame: In): boolean; resolve(frame: In): void } | undefined
  let lastByteAt = Number.NEGATIVE_INFINITY
  let draining = false
  let turn: Promise<unknown> = Promise.resolve()

  void listen()

  async function listen() {
    for await (const chunk of link.bytes) {
      lastByteAt = clock.monotonic()
      for (const frame of framer.push(chunk)) receive(frame)
    }
  }

  function receive(frame: In) {
    if (waiting?.answers(frame)) {
      const { resolve } = waiting
      waiting = undefined
      resolve(frame)
    } else if (!draining) {
      onReport?.(frame)
    }
  }

  async function untilQuiet() {
    draining = true
    const from = clock.monotonic()
    for (;;) {
      const silentFor = clock.monotonic() - Math.max(lastByteAt, from)
      if (silentFor >= quietMs) break
      await clock.sleep(quietMs - silentFor, link.closed)
    }
    framer.giveUp()
    draining = false
  }

  async function send(question: Out, { answers, timeoutMs, notAfter }: Ask<In>): Promise<In> {
    if (link.closed.aborted) throw closedReason(link)
    const over = new AbortController()
    const answer = new Promise<In>((resolve) => {
      waiting = { answers, resolve }
    })
    try {
      // Nothing may stand between this look at the clock and the write.
      if (notAfter !== undefined && clock.monotonic() > notAfter)
        throw new DeviceError('expired', `${link.name}: not sent, its time was over`)
      const written = link.write(codec.encode(question))
      const timeout = clock.sleep(timeoutMs, AbortSignal.any([link.closed, over.signal])).then(() => {
        throw new DeviceError('timeout', `${link.name}: no answer within ${timeoutMs} ms`)
      })
      // A cable pulled during the write fails both; the race below reports the first, this one keeps the other quiet.
      timeout.catch(() => {})
      const [frame] = await Promise.all([Promise.race([answer, timeout]), written])
      return frame
    } catch (error) {
      waiting = undefined
      if (link.closed.aborted) throw closedReason(link)
      if (error instanceof DeviceError && error.code === 'timeout') await untilQuiet()
      throw error
    } finally {
      over.abort()
    }
  }

  return {
    ask(question, ask) {
      const result = turn.then(() => send(question, ask))
      turn = result.catch(() => {})
      return result
    },
  }
}
