import type { StreamLink } from '../link/link.ts'
import type { Clock } from './clock.ts'
import { type Ask, exchange } from './exchange.ts'
import type { Codec } from './frames.ts'
import { LateAnswers } from './late-answers.ts'

export interface AskLimits {
  /** `clock.monotonic()` after which not a byte is sent. */
  readonly notAfter?: number
  /** Called in the moment the bytes are handed over, with that moment. */
  onWritten?(at: number): void
}

/** Questions to one device, and whether its answers can be trusted to be new. */
export interface Asking<Question, Answer> {
  readonly name: string
  readonly clock: Clock
  /** Whether any byte has come from the device's side. */
  heard(): boolean
  /** Asks once. Rejects as `Exchange.ask` does. */
  ask(question: Question, limits?: AskLimits): Promise<Answer>
  /** Whether the next answer to such a question can only be its own. */
  certain(question: Question): boolean
}

export interface AskingOptions<Question, Answer> {
  readonly clock: Clock
  readonly codec: Codec<Answer, Question>
  readonly timeoutMs: number
  /** Silence kept after an unanswered question; longer than the device can be late. */
  readonly maxLatencyMs: number
  readonly maxLength: number
  /** By what the answers can be told apart: answers of one sort may be mistaken for each other. */
  sortOfQuestion(question: Question): number
  sortOfAnswer(answer: Answer): number
  fits(question: Question, answer: Answer): boolean
}

/** Asks a device on a line where an answer does not say which question it belongs to. */
export function asking<Question, Answer>(
  link: StreamLink,
  options: AskingOptions<Question, Answer>,
): Asking<Question, Answer> {
  const { clock, codec, timeoutMs } = options
  const late = new LateAnswers(clock)
  let heard = false
  let writing: { readonly question: Question; onWritten?(at: number): void } | undefined

  const line = exchange(
    watched(link, () => {
      if (!writing) return
      late.asked(options.sortOfQuestion(writing.question))
      writing.onWritten?.(clock.monotonic())
    }),
    {
      encode(asked: NonNullable<typeof writing>) {
        // The exchange encodes a question right before it writes it.
        writing = asked
        return codec.encode(asked.question)
      },
      decode(bytes) {
        heard = true
        const step = codec.decode(bytes)
        if (typeof step === 'object' && 'frame' in step) late.answered(options.sortOfAnswer(step.frame))
        return step
      },
    },
    { clock, gapMs: 50, quietMs: options.maxLatencyMs, maxLength: options.maxLength },
  )

  return {
    name: link.name,
    clock,
    heard: () => heard,
    certain: (question) => !late.possible(options.sortOfQuestion(question)),
    async ask(question, { notAfter, onWritten } = {}) {
      const ask: Ask<Answer> = {
        answers: (answer) => options.fits(question, answer),
        timeoutMs,
        ...(notAfter === undefined ? {} : { notAfter }),
      }
      try {
        return await line.ask({ question, ...(onWritten ? { onWritten } : {}) }, ask)
      } catch (error) {
        late.unanswered(options.sortOfQuestion(question))
        throw error
      }
    },
  }
}

/** The same link, with every write noticed in the moment it is handed over. */
function watched(link: StreamLink, notice: () => void): StreamLink {
  return {
    kind: 'stream',
    name: link.name,
    bytes: link.bytes,
    closed: link.closed,
    close: () => link.close(),
    write(bytes) {
      notice()
      return link.write(bytes)
    },
  }
}
