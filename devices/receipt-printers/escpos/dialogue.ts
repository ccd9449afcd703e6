import type { Clock } from '../../lib/clock.ts'
import { Framer } from '../../lib/frames.ts'
import { closedReason, type StreamLink } from '../../link/link.ts'
import { type PrinterAnswer, printerAnswers } from './status.ts'

/** One printer on one open link: what is said to it, and everything it says. */
export interface Dialogue {
  send(bytes: Uint8Array): Promise<void>
  /**
   * Sends, and resolves with the first thing that `take` makes of an answer, undefined when the time is over. Rejects
   * with the reason the link ended. A busy printer may hold the sending up: the answer is not kept waiting for it.
   */
  ask<Result>(
    say: Uint8Array | (() => Promise<void>),
    take: (answer: PrinterAnswer) => Result | undefined,
    timeoutMs: number,
  ): Promise<Result | undefined>
  /**
   * Sends, and resolves with the answer when that is one byte of any value, undefined when nothing came in time or more
   * came: then the answer cannot be told from what the printer said by itself, which is read as usual.
   */
  askByte(question: Uint8Array, timeoutMs: number): Promise<number | undefined>
  /** Reads until nothing came for `quietMs` (but not for ever), so that a late answer is not taken for the next one's. */
  untilQuiet(quietMs: number): Promise<void>
  /** Bytes received so far, whatever they meant. */
  readonly receivedBytes: number
}

const QUIET_AT_MOST = 10
/** Between the bytes of one group at 9600 baud there is 1 ms. */
const GROUP_GAP_MS = 50

export interface DialogueOptions {
  readonly clock: Clock
  /** Ends every waiting, as the end of the link does. */
  readonly signal: AbortSignal
  /** Hears every answer, waited for or not. */
  onAnswer(answer: PrinterAnswer): void
}

/** Starts reading at once. One dialogue a link: its bytes have one reader. */
export function openDialogue(link: StreamLink, { clock, signal, onAnswer }: DialogueOptions): Dialogue {
  const waiting = new Set<(answer: PrinterAnswer) => void>()
  let framer = new Framer(printerAnswers)
  let receivedBytes = 0
  let raw: ((chunk: Uint8Array) => void) | undefined

  void listen()

  async function listen() {
    for await (const chunk of link.bytes) {
      receivedBytes += chunk.length
      if (raw) raw(chunk)
      else read(chunk)
    }
  }

  function read(bytes: Uint8Array) {
    for (const answer of framer.push(bytes)) {
      onAnswer(answer)
      for (const take of [...waiting]) take(answer)
    }
  }

  return {
    get receivedBytes() {
      return receivedBytes
    },
    send: (bytes) => link.write(bytes),

    async ask(say, take, timeoutMs) {
      if (link.closed.aborted) throw closedReason(link)
      const done = new AbortController()
      const over = AbortSignal.any([link.closed, signal, done.signal])
      const answer = Promise.withResolvers<ReturnType<typeof take>>()
      const offer = (received: PrinterAnswer) => {
        const result = take(received)
        if (result !== undefined) answer.resolve(result)
      }
      waiting.add(offer)
      const timeout = clock.sleep(timeoutMs, over)
      const said = typeof say === 'function' ? say() : link.write(say)
      try {
        return await firstOf(answer.promise, timeout, said)
      } catch (error) {
        if (link.closed.aborted) throw closedReason(link)
        throw error
      } finally {
        waiting.delete(offer)
        done.abort()
      }
    },

    async askByte(question, timeoutMs) {
      if (link.closed.aborted) throw closedReason(link)
      const heard: number[] = []
      const something = Promise.withResolvers<void>()
      const done = new AbortController()
      const over = AbortSignal.any([link.closed, signal, done.signal])
      raw = (chunk) => {
        heard.push(...chunk)
        something.resolve()
      }
      try {
        await firstOf(something.promise, clock.sleep(timeoutMs, over), link.write(question))
        if (heard.length > 0) await clock.sleep(GROUP_GAP_MS, over)
      } finally {
        raw = undefined
        done.abort()
      }
      if (heard.length === 1) return heard[0]
      read(Uint8Array.from(heard))
      framer = new Framer(printerAnswers)
      return undefined
    },

    async untilQuiet(quietMs) {
      for (let round = 0; round < QUIET_AT_MOST; round++) {
        const before = receivedBytes
        await clock.sleep(quietMs, AbortSignal.any([link.closed, signal]))
        if (receivedBytes === before) break
      }
      framer = new Framer(printerAnswers)
    },
  }
}

/** The answer; undefined when the time is over first. Rejects when the time or the sending ends in an error. */
function firstOf<Answer>(
  answer: Promise<Answer>,
  timeout: Promise<void>,
  said: Promise<void>,
): Promise<Answer | undefined> {
  // Whoever loses the race may still fail, and nobody listens any more.
  for (const loser of [timeout, said]) loser.catch(() => {})
  return Promise.race([answer, timeout.then(() => undefined), said.then(() => answer)])
}
