import { asDeviceError, DeviceError } from '../../errors.ts'
import type { CardProblem, IdCard } from '../../kinds.ts'
import { decodeCardText } from './card-text.ts'
import type { SamReply } from './codec.ts'
import { readPayload } from './payload.ts'
import { Question } from './requests.ts'
import type { SamLine } from './sam-line.ts'
import { hexStatus, Status, statusFacts } from './status-codes.ts'

/** How one look at the reader ended. */
export type Look =
  /** No card, or the one read last still lies there: the module does not tell these apart. */
  | { readonly type: 'nothing' }
  /** The card was there, but not for long enough to be selected. */
  | { readonly type: 'gone' }
  | { readonly type: 'card'; readonly card: IdCard }
  /** `reason` is for the technician. */
  | { readonly type: 'problem'; readonly problem: CardProblem; readonly reason: string }

/**
 * Looks for a card once and reads it: find (20 01), select (20 02), read text and photo (30 01). The photo is dropped
 * here. `today` is YYYYMMDD. Rejects as `SamLine.ask` does, and with `bad-answer` when the module cannot look for cards.
 * Once a card was selected somebody stands there and waits, so a read without a good answer is a problem to tell.
 */
export async function lookForCard(line: SamLine, today: string): Promise<Look> {
  const found = await line.ask(Question.findCard)
  if (found.status !== Status.found) return notFound(line, found)

  const selected = await line.ask(Question.selectCard)
  if (selected.status !== Status.ok) return { type: 'gone' }

  try {
    return await readCard(line, today)
  } catch (thrown) {
    const error = asDeviceError(thrown, 'bad-answer', 'card data')
    if (error.code !== 'timeout' && error.code !== 'bad-answer') throw error
    return { type: 'problem', problem: 'present-again', reason: error.message }
  }
}

/**
 * Reads whatever lies there, without regard to what find and select say: a card that was read before is not found again
 * (80) and yet answers 30 01. `found` tells whether find saw a card that was laid down since; `gone` that nothing answers
 * the read (41). Rejects as `SamLine.ask` does, and with `bad-answer` when what was read is no card.
 */
export async function lookAgain(line: SamLine, today: string): Promise<{ found: boolean; look: Look }> {
  const found = await line.ask(Question.findCard)
  await line.ask(Question.selectCard)
  const read = await line.ask(Question.readCard)
  const look: Look = read.status === Status.readFailed ? { type: 'gone' } : await cardIn(line, read, today)
  return { found: found.status === Status.found, look }
}

async function notFound(line: SamLine, { status }: SamReply): Promise<Look> {
  const { meaning, retry } = statusFacts(status)
  if (retry === 'refused' || retry === 'resend')
    throw new DeviceError('bad-answer', `${Question.findCard.name}: ${meaning} (${hexStatus(status)})`)
  if (retry === 'reset') await line.ask(Question.reset)
  return { type: 'nothing' }
}

async function readCard(line: SamLine, today: string): Promise<Look> {
  return cardIn(line, await line.ask(Question.readCard), today)
}

async function cardIn(line: SamLine, { status, data }: SamReply, today: string): Promise<Look> {
  if (status === Status.ok) {
    const text = decodeCardText(readPayload(data).text, today)
    if (text.known) return { type: 'card', card: text.card }
    return { type: 'problem', problem: 'unknown-layout', reason: `card layout ${text.flag} is not known` }
  }
  const { meaning, retry, problem = 'present-again' } = statusFacts(status)
  if (retry === 'reset') await line.ask(Question.reset)
  return { type: 'problem', problem, reason: `${meaning} (${hexStatus(status)})` }
}
