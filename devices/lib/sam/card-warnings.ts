import type { CardWarning, IdCard } from '../../kinds.ts'
import { checkIdNumber, isDate } from '../id-number.ts'

const order: readonly CardWarning[] = [
  'checksum',
  'date',
  'birth-mismatch',
  'sex-mismatch',
  'not-yet-valid',
  'expired',
]

/**
 * What does not fit together on a card, in a fixed order, each once. `today` is YYYYMMDD. A wrong length or character in
 * the number counts as `checksum`.
 */
export function cardWarnings(card: Omit<IdCard, 'warnings'>, today: string): CardWarning[] {
  const warnings = new Set<CardWarning>()
  const { birth, validFrom, validTo } = card
  if (!isDate(birth) || !isDate(validFrom) || (validTo !== undefined && !isDate(validTo)))
    warnings.add('date')
  if (birth > today) warnings.add('date')
  if (isDate(validFrom) && validFrom > today) warnings.add('not-yet-valid')
  if (validTo !== undefined && isDate(validTo) && validTo < today) warnings.add('expired')
  // The number of 2017 has no digit for the sex, and a published specimen fails its check.
  if (card.layout !== 'foreigner-2017')
    for (const warning of numberWarnings(card, today)) warnings.add(warning)

  return order.filter((warning) => warnings.has(warning))
}

function numberWarnings(card: Omit<IdCard, 'warnings'>, today: string): CardWarning[] {
  const check = checkIdNumber(card.idNumber, today)
  if (!check.ok) return [check.reason === 'date' ? 'date' : 'checksum']

  const warnings: CardWarning[] = []
  if (check.birth !== card.birth) warnings.push('birth-mismatch')
  // Nothing published says that the sequence of a foreigner's number tells the sex.
  const tellsSex = card.layout !== 'foreigner-2023' && card.sex !== 'unknown'
  if (tellsSex && check.sex !== card.sex) warnings.push('sex-mismatch')
  return warnings
}
