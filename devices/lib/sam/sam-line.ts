import { DeviceError } from '../../errors.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Clock } from '../clock.ts'
import { exchange } from '../exchange.ts'
import { type SamReply, samHost } from './codec.ts'
import { Question, type SamQuestion } from './requests.ts'
import { samNumberText } from './sam-number.ts'
import { hexStatus, Status, statusFacts } from './status-codes.ts'

/** A module at the end of a line, one question at a time. */
export interface SamLine {
  /**
   * Asks, and asks once more when the module says that it did not understand. Resolves with every result but
   * 60 and 66, which reject with `out-of-service`; no answer rejects with `timeout`.
   */
  ask(question: SamQuestion): Promise<SamReply>
  /** Whether anything at all has arrived, frame or not. */
  readonly heard: boolean
}

// A module sends a frame in one go. An operating system under load may hold bytes back for tens of milliseconds.
const GAP_MS = 250
const QUIET_MS = 500

export function samLine(link: StreamLink, clock: Clock): SamLine {
  let heard = false
  const listening: typeof samHost = {
    encode: samHost.encode,
    decode(bytes) {
      heard = true
      return samHost.decode(bytes)
    },
  }
  const module = exchange(link, listening, { clock, gapMs: GAP_MS, quietMs: QUIET_MS })

  async function ask(question: SamQuestion): Promise<SamReply> {
    const { request, timeoutMs, fits } = question
    const first = await module.ask(request, { answers: fits, timeoutMs })
    const again = statusFacts(first.status).retry === 'resend'
    const reply = again ? await module.ask(request, { answers: fits, timeoutMs }) : first
    const { meaning, retry } = statusFacts(reply.status)
    if (retry === 'out-of-service')
      throw new DeviceError('out-of-service', `${link.name}: ${meaning} (${hexStatus(reply.status)})`)
    return reply
  }

  return {
    ask,
    get heard() {
      return heard
    },
  }
}

/**
 * Makes sure that a working SAM module is at the other end. Resolves with its number, undefined when the module does not
 * want to tell it.
 */
export async function greet(line: SamLine, link: StreamLink, alsoCheck: string): Promise<string | undefined> {
  const status = await firstAnswer(line, Question.status, { link, alsoCheck })
  if (status.status !== Status.ok)
    throw new DeviceError(
      'bad-answer',
      `${link.name}: the module answered ${Question.status.name} with ${hexStatus(status.status)}: ${statusFacts(status.status).meaning}`,
    )
  const number = await firstAnswer(line, Question.samNumber, { link, alsoCheck })
  return number.status === Status.ok ? samNumberText(number.data) : undefined
}

async function firstAnswer(
  line: SamLine,
  question: SamQuestion,
  { link, alsoCheck }: { link: StreamLink; alsoCheck: string },
): Promise<SamReply> {
  try {
    return await line.ask(question)
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'timeout') throw error
    throw line.heard
      ? new DeviceError(
          'wrong-device',
          `${link.name}: something answers, but not as an ID card reader does; check the port and ${alsoCheck}`,
          { cause: error },
        )
      : new DeviceError(
          'timeout',
          `${link.name}: no ID card reader answers; check its power, its cable and ${alsoCheck}`,
          { cause: error },
        )
  }
}
