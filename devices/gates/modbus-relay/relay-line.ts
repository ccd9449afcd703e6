import { DeviceError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Ask, exchange } from '../../lib/exchange.ts'
import type { Codec } from '../../lib/frames.ts'
import type { StreamLink } from '../../link/link.ts'
import {
  pulse,
  pulseAddress,
  type RelayAnswer,
  type RelayFunction,
  type RelayRequest,
  readInputs,
  readRelays,
  relayMaster,
  switchOff,
} from './codec.ts'

/** So long after an unanswered question its answer may still arrive from some buffer and pass for a newer one's. */
const doubtMs = 10_000

export interface RelayLine {
  /** Whether any byte has come from the board's side. */
  heard(): boolean
  /** Eight input bits. An exception of the board rejects with `bad-answer`. */
  inputs(): Promise<number>
  /** Eight relay bits; `certain` unless the answer may be that of an earlier question. */
  relays(): Promise<{ readonly bits: number; readonly certain: boolean }>
  switchOff(relay: number): Promise<void>
  /**
   * Sends one pulse, once. Rejects only when not a byte was handed over, or with `refused` when the board said no;
   * whatever goes wrong later, the gate may have opened, and `echoed` says whether the board acknowledged this very pulse.
   */
  pulse(order: PulseOrder): Promise<{ readonly writtenAt: number; readonly echoed: boolean }>
}

export interface PulseOrder {
  readonly relay: number
  readonly pulseMs: number
  readonly notAfter: number
}

export interface RelayLineOptions {
  readonly clock: Clock
  readonly unit: number
  readonly timeoutMs: number
  readonly maxLatencyMs: number
}

/** The questions one board is asked on one connection, and which of its answers can be trusted to be new. */
export function relayLine(link: StreamLink, options: RelayLineOptions): RelayLine {
  const { clock, timeoutMs } = options
  const codec = relayMaster(options.unit)
  const debts = new Debts(clock)
  let heard = false
  let pulseWrittenAt: number | undefined

  const master = exchange(watched(link, noteWrite), noting(codec), {
    clock,
    gapMs: 50,
    quietMs: options.maxLatencyMs,
    maxLength: 32,
  })

  function noteWrite(request: Uint8Array) {
    const [, code, addressHigh] = request
    debts.asked(code)
    if (code === 5 && addressHigh === pulseAddress >> 8) pulseWrittenAt = clock.monotonic()
  }

  function noting({ encode, decode }: Codec<RelayAnswer, RelayRequest>): Codec<RelayAnswer, RelayRequest> {
    return {
      encode,
      decode(bytes) {
        heard = true
        const step = decode(bytes)
        if (typeof step === 'object' && 'frame' in step) debts.answered(step.frame.function)
        return step
      },
    }
  }

  async function ask(question: RelayRequest, limits: Partial<Ask<RelayAnswer>> = {}) {
    try {
      return await master.ask(question, { answers: answers(question), timeoutMs, ...limits })
    } catch (error) {
      debts.unanswered(question.function)
      throw error
    }
  }

  async function bits(question: RelayRequest): Promise<number> {
    const answer = await ask(question)
    if (answer.type === 'bits') return answer.bits
    throw new DeviceError('bad-answer', `${link.name}: the board answered ${describe(answer)}`)
  }

  return {
    heard: () => heard,
    inputs: () => bits(readInputs),
    async relays() {
      const certain = !debts.any(readRelays.function)
      return { bits: await bits(readRelays), certain }
    },
    async switchOff(relay) {
      const answer = await ask(switchOff(relay))
      if (answer.type !== 'echo')
        throw new DeviceError('refused', `${link.name}: the board answered "off" with ${describe(answer)}`)
    },
    async pulse({ relay, pulseMs, notAfter }) {
      const certain = !debts.any(5)
      pulseWrittenAt = undefined
      const answer = await ask(pulse(relay, pulseMs), { notAfter }).catch((error) => {
        // Handed over is handed over, whether or not the cable lived to bring an answer.
        if (pulseWrittenAt === undefined) throw error
      })
      if (answer?.type === 'exception' && certain)
        throw new DeviceError('refused', `${link.name}: the board refused the pulse, ${describe(answer)}`)
      return { writtenAt: pulseWrittenAt ?? clock.monotonic(), echoed: certain && answer?.type === 'echo' }
    },
  }
}

/** Which functions have questions whose answers never came: what comes next may be theirs. */
class Debts {
  readonly #clock: Clock
  readonly #owed = new Map<number, number>()
  readonly #doubtUntil = new Map<number, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  asked(code: number | undefined) {
    if (code !== undefined) this.#owed.set(code, (this.#owed.get(code) ?? 0) + 1)
  }

  answered(code: RelayFunction) {
    this.#owed.set(code, Math.max(0, (this.#owed.get(code) ?? 0) - 1))
  }

  unanswered(code: RelayFunction) {
    this.#doubtUntil.set(code, this.#clock.monotonic() + doubtMs)
  }

  any(code: RelayFunction): boolean {
    if (this.#clock.monotonic() >= (this.#doubtUntil.get(code) ?? 0)) this.#owed.set(code, 0)
    return (this.#owed.get(code) ?? 0) > 0
  }
}

/** The same link, with every write looked at in the moment it is handed over. */
function watched(link: StreamLink, look: (bytes: Uint8Array) => void): StreamLink {
  return {
    kind: 'stream',
    name: link.name,
    bytes: link.bytes,
    closed: link.closed,
    close: () => link.close(),
    write(bytes) {
      look(bytes)
      return link.write(bytes)
    },
  }
}

function answers(question: RelayRequest) {
  return (answer: RelayAnswer) =>
    answer.function === question.function &&
    (answer.type !== 'echo' || (answer.address === question.address && answer.value === question.value))
}

function describe(answer: RelayAnswer): string {
  return answer.type === 'exception' ? `exception ${answer.code}` : `function ${answer.function}`
}
