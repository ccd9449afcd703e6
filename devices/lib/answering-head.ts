import type { KeptSession } from '../driver.ts'
import type { Clock } from './clock.ts'
import { codeEvents } from './code-events.ts'
import { type Exchange, exchange } from './exchange.ts'
import type { Codec } from './frames.ts'
import { hearing } from './greeting.ts'
import { type Cut, type Cutter, LineCutter, type LineFormat, type Terminator } from './lines.ts'
import type { RepeatWindows } from './repeats.ts'
import type { Found } from './search.ts'

/** What comes from a head that sends codes as lines and answers commands on the same wire. */
export type HeadItem<Reply> = Cut | { readonly reply: Reply }

/**
 * Keeps replies apart from codes. A reply is looked for where a line begins and nowhere else: a code may hold any bytes, so
 * what looks like a reply inside it is part of what somebody printed.
 */
export class HeadCutter<Reply> implements Cutter<HeadItem<Reply>> {
  readonly #lines: LineCutter
  readonly #replyAt: (bytes: Uint8Array) => Found<Reply>
  #held: number[] = []

  constructor(format: LineFormat, replyAt: (bytes: Uint8Array) => Found<Reply>) {
    this.#lines = new LineCutter(format)
    this.#replyAt = replyAt
  }

  push(chunk: Uint8Array): HeadItem<Reply>[] {
    const items: HeadItem<Reply>[] = []
    for (const byte of chunk) items.push(...this.#take(byte))
    return items
  }

  /** What was held as the beginning of a reply was none. */
  silence(): HeadItem<Reply>[] {
    const held = Uint8Array.from(this.#held)
    this.#held = []
    return [...this.#lines.push(held), ...this.#lines.silence()]
  }

  /** Drops what is unfinished. */
  forget(): void {
    this.#held = []
    this.#lines.silence()
  }

  #take(byte: number): HeadItem<Reply>[] {
    if (this.#held.length === 0 && this.#lines.unfinished) return this.#lines.push(Uint8Array.of(byte))
    this.#held.push(byte)
    const found = this.#replyAt(Uint8Array.from(this.#held))
    if (found === 'more') return []
    const [first = byte, ...rest] = this.#held
    this.#held = []
    if (found !== 'no') return [{ reply: found.frame }]
    const items: HeadItem<Reply>[] = this.#lines.push(Uint8Array.of(first))
    for (const each of rest) items.push(...this.#take(each))
    return items
  }
}

export interface AnsweringHead<Reply> {
  /** Sends a command and waits for its reply; rejects as `exchange` does. */
  ask(command: Uint8Array, answers: (reply: Reply) => boolean): Promise<Reply>
  /** Drops what is unfinished: bytes received so far will be part of no code. */
  forget(): void
  /** Whether anything came since the link opened. */
  heard(): boolean
  suppressed(): number
}

export interface AnsweringHeadOptions extends RepeatWindows {
  readonly prefix: string
  readonly aimId: boolean
  readonly terminator: Exclude<Terminator, 'none'>
  readonly stxEtx: boolean
  readonly maxLength: number
}

/** An unfinished line or reply followed by this much silence has lost its end. */
const tornAfterMs = 1000
const timeoutMs = 500
const quietMs = 100

/** Talks with such a head: codes go to the agent, replies to whoever asked; a reply nobody waits for is dropped. */
export function answeringHead<Reply>(
  session: KeptSession<'code-scanner', AnsweringHeadOptions>,
  replyAt: (bytes: Uint8Array) => Found<Reply>,
): AnsweringHead<Reply> {
  const { link, options, clock } = session
  const codes = codeEvents(session)
  const format = { ...options, prefix: Buffer.from(options.prefix, 'hex') }
  const cutter = new HeadCutter(format, replyAt)
  const codec = hearing(itemsCodec(cutter, clock))
  const line: Exchange<readonly HeadItem<Reply>[], Uint8Array> = exchange(link, codec, {
    clock,
    gapMs: tornAfterMs,
    quietMs,
    onReport: report,
  })

  function report(items: readonly HeadItem<Reply>[]) {
    for (const item of items) if (!('reply' in item)) codes.take(item)
  }

  return {
    async ask(command, answers) {
      const wanted = (item: HeadItem<Reply>) => 'reply' in item && answers(item.reply)
      const items = await line.ask(command, { answers: (found) => found.some(wanted), timeoutMs })
      report(items)
      const [reply] = items.flatMap((item) => ('reply' in item && answers(item.reply) ? [item.reply] : []))
      return reply as Reply
    },
    forget: () => cutter.forget(),
    heard: codec.heard,
    suppressed: codes.suppressed,
  }
}

/** The cutter keeps what is unfinished, so every byte is taken at once and the framer never holds any. */
function itemsCodec<Reply>(
  cutter: HeadCutter<Reply>,
  clock: Clock,
): Codec<readonly HeadItem<Reply>[], Uint8Array> {
  let lastByteAt = clock.monotonic()
  return {
    encode: (command) => command,
    decode(bytes) {
      const now = clock.monotonic()
      const late = now - lastByteAt >= tornAfterMs ? cutter.silence() : []
      lastByteAt = now
      for (const [index, byte] of bytes.entries()) {
        const items = [...late, ...cutter.push(Uint8Array.of(byte))]
        // One thing at a time, so that a reply never takes a code with it.
        if (items.length > late.length) return { frame: items, used: index + 1 }
      }
      return late.length > 0 ? { frame: late, used: bytes.length } : { skip: bytes.length }
    },
  }
}
