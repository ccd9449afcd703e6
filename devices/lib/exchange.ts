import { asDeviceError, DeviceError } from '../errors.ts'
import { closedReason, type StreamLink } from '../link/link.ts'
import type { Clock } from './clock.ts'
import type { Codec, FramesOptions } from './frames.ts'
import { listen } from './listen.ts'

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
  /** An unfinished frame followed by this silence is noise: a frame hidden in it is found then, not with the next bytes. */
  readonly gapMs: number
  /**
   * After a question that got no answer the line must stay silent for so long before the next one goes out: longer than
   * the device can possibly be late. On a line that never falls silent the next one goes out after four times as long.
   * The late answer is dropped; other frames are still reported.
   */
  readonly quietMs: number
  /** Frames nobody asked for. What it throws ends the link. */
  onReport?(frame: In): void
}

/** Why the time limit of an answered question ends; given, because an abort without a reason makes an error each time. */
const ANSWERED = 'answered'

interface Waiting<In> {
  answers(frame: In): boolean
  resolve(frame: In): void
  reject(error: unknown): void
}

/** Questions and answers over a stream link, one at a time; a late answer is never taken for the next one's. */
export function exchange<In, Out>(
  link: StreamLink,
  codec: Codec<In, Out>,
  options: ExchangeOptions<In>,
): Exchange<In, Out> {
  const { clock } = options
  let waiting: Waiting<In> | undefined
  let late: ((frame: In) => boolean) | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const line = listen(link, codec, { ...options, receive })

  function receive(frame: In) {
    if (waiting ? !settles(waiting, frame) : !late?.(frame)) options.onReport?.(frame)
  }

  function settles({ answers, resolve, reject }: Waiting<In>, frame: In): boolean {
    try {
      if (!answers(frame)) return false
      resolve(frame)
    } catch (error) {
      reject(asDeviceError(error, 'bad-answer', link.name))
    }
    waiting = undefined
    return true
  }

  async function send(question: Out, ask: Ask<In>, sent: (written: Promise<void>) => void): Promise<In> {
    const bytes = codec.encode(question)
    const over = new AbortController()
    const lost = () => over.abort(closedReason(link))
    const answer = new Promise<In>((resolve, reject) => {
      waiting = { answers: (frame) => ask.answers(frame), resolve, reject }
    })
    link.closed.addEventListener('abort', lost, { once: true })
    try {
      if (link.closed.aborted) throw closedReason(link)
      // Nothing may stand between this look at the clock and the write.
      if (ask.notAfter !== undefined && clock.monotonic() > ask.notAfter)
        throw new DeviceError('expired', `${link.name}: not sent, its time was over`)
      const written = link.write(bytes)
      sent(written)
      const timeout = clock.sleep(ask.timeoutMs, over.signal).then(() => {
        throw new DeviceError('timeout', `${link.name}: no answer within ${ask.timeoutMs} ms`)
      })
      // A cable pulled during the write fails all three; every one of them is heard here.
      const [frame] = await Promise.all([Promise.race([answer, timeout]), Promise.race([written, timeout])])
      return frame
    } catch (error) {
      throw line.broken() ?? (link.closed.aborted ? closedReason(link) : error)
    } finally {
      waiting = undefined
      link.closed.removeEventListener('abort', lost)
      over.abort(ANSWERED)
    }
  }

  /** Keeps the line free until nothing of an unanswered question can come any more. */
  async function settle(ask: Ask<In>, written: Promise<void>) {
    late = (frame) => ask.answers(frame)
    try {
      // What the line has not taken yet would go out later, mixed with the next question.
      await written.catch(() => {})
      await line.untilQuiet(options.quietMs)
    } finally {
      late = undefined
    }
  }

  return {
    ask(question, ask) {
      let written: Promise<void> | undefined
      const result = turn.then(() =>
        send(question, ask, (promise) => {
          written = promise
        }),
      )
      turn = result
        .then(
          () => {},
          (error) => (written && isTimeout(error) ? settle(ask, written) : undefined),
        )
        .catch(() => {})
      return result
    },
  }
}

const isTimeout = (error: unknown) => error instanceof DeviceError && error.code === 'timeout'
