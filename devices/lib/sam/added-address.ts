import { asDeviceError } from '../../errors.ts'
import type { Look } from './read-card.ts'
import { ADDED_ADDRESS_BYTES, Question } from './requests.ts'
import type { SamLine } from './sam-line.ts'
import { Status } from './status-codes.ts'

/**
 * Completes a card that was just read with the address put on its chip after it was issued (30 03); the text block holds
 * the old one. Most cards have none (91). A card is never lost over it: without a good answer it stays as it was read.
 */
export async function withAddedAddress(line: SamLine, look: Look): Promise<Look> {
  if (look.type !== 'card' || !('address' in look.card)) return look
  const answer = await line.ask(Question.addedAddress).catch((thrown) => {
    const error = asDeviceError(thrown, 'bad-answer', 'added address')
    if (error.code !== 'timeout' && error.code !== 'bad-answer') throw error
  })
  if (answer?.status !== Status.ok) return look
  const addedAddress = Buffer.from(answer.data)
    .toString('utf16le')
    .replaceAll(/^[ \0]+|[ \0]+$/g, '')
  return addedAddress === '' ? look : { type: 'card', card: { ...look.card, addedAddress } }
}

/** The same bytes, for simulators. */
export function encodeAddedAddress(address: string): Uint8Array {
  return Buffer.from(address.padEnd(ADDED_ADDRESS_BYTES / 2, ' '), 'utf16le').subarray(0, ADDED_ADDRESS_BYTES)
}
