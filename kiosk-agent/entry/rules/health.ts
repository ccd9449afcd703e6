import type { IdCard } from '../../../devices/kinds.ts'
import type { HealthErrorCode, HealthResult } from '../../gateways/health/health-adapter.ts'
import type { Person } from '../evidence.ts'
import type { Circumstances, Verdict } from '../judgement.ts'

/** The health code: green, and this person's own. Whatever is not known is never green. */
export function judgeHealth(person: Person, { rules }: Circumstances): Verdict {
  if (person.codesRejected >= rules.health.tries && person.health.status === 'error')
    return { status: 'failed', reason: { code: 'health-code-rejected' } }
  switch (person.health.status) {
    case 'none':
      return person.noPhone ? { status: 'failed', reason: { code: 'no-phone' } } : { status: 'missing' }
    case 'not-ours':
      return person.noPhone
        ? { status: 'failed', reason: { code: 'no-phone' } }
        : { status: 'attention', problem: 'unknown-code' }
    case 'asking':
      return { status: 'working' }
    case 'error':
      return judgeError(person.health.error)
    case 'answered':
      return judgeResult(person.health.result, person.card)
  }
}

function judgeError(error: HealthErrorCode): Verdict {
  switch (error) {
    case 'expired-code':
    case 'not-a-health-code':
      return { status: 'attention', problem: error }
    case 'not-authorised':
    case 'busy':
    case 'offline':
      return { status: 'failed', reason: { code: 'health-unavailable' } }
  }
}

function judgeResult(result: HealthResult, card: IdCard | undefined): Verdict {
  if (card) {
    const owner = ownerFits(result.subject, card)
    // Somebody else's grade says nothing about this person, whatever its colour.
    if (owner === 'other') return { status: 'failed', reason: { code: 'health-owner-mismatch' } }
    if (owner === 'unknown') return { status: 'failed', reason: { code: 'health-unknown' } }
  }
  switch (result.grade) {
    case 'green':
      return { status: 'passed' }
    case 'yellow':
      return { status: 'failed', reason: { code: 'health-yellow' } }
    case 'red':
      return { status: 'failed', reason: { code: 'health-red' } }
    case 'unknown':
      return { status: 'failed', reason: { code: 'health-unknown' } }
  }
}

/** Fewer visible characters than these prove nobody's identity. */
const MINIMUM_VISIBLE = 6

/**
 * Compares a masked owner ("王*明", "4419**********1234") with a card. Every visible character must stand in the card at the
 * same place; a number with too little visible is `unknown`.
 */
export function ownerFits(subject: HealthResult['subject'], card: IdCard): 'same' | 'other' | 'unknown' {
  const { idMasked, nameMasked } = subject ?? {}
  if (!idMasked || [...idMasked].filter((character) => character !== '*').length < MINIMUM_VISIBLE)
    return 'unknown'
  if (!fits(idMasked.toUpperCase(), card.idNumber)) return 'other'
  if (nameMasked && !fits(nameMasked, card.name)) return 'other'
  return 'same'
}

/** A character beyond U+FFFF counts once, or twice where the gateway masked its halves. */
function fits(masked: string, clear: string): boolean {
  return standsIn([...masked], [...clear]) || standsIn(masked.split(''), clear.split(''))
}

function standsIn(mask: readonly string[], text: readonly string[]): boolean {
  // U+FFFD is half a character that did not survive the wire: as good as masked.
  const hidden = (character: string) => character === '*' || character === '\ufffd'
  return (
    mask.length === text.length && mask.every((character, at) => hidden(character) || character === text[at])
  )
}
