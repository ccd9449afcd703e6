/** Why a text is not a number of GB 11643; checked in this order. */
export type IdNumberReason = 'length' | 'characters' | 'date' | 'checksum'

export type IdNumberCheck =
  | {
      readonly ok: true
      /** 18 characters, X in upper case. */
      readonly number: string
      /** YYYYMMDD. */
      readonly birth: string
      /** From the 17th digit: odd is male. */
      readonly sex: 'male' | 'female'
    }
  | { readonly ok: false; readonly reason: IdNumberReason }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/**
 * Check character of an 18-character number from its first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2). Serves resident
 * numbers, the 81, 82, 83 numbers of residence permits and the 9 numbers of the foreigner card of 2023.
 */
export function checkDigit(first17: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0)
  return checkCharacters.charAt(sum % 11)
}

/**
 * Judges an 18-character number by its structure, its date of birth and its check character. The area code never
 * rejects: valid cards carry old and special codes that every published table lacks. `today` (YYYYMMDD) makes a birth
 * in the future a wrong date. A well-formed number proves nothing about a person.
 */
export function checkIdNumber(text: string, today?: string): IdNumberCheck {
  const number = text.toUpperCase()
  if (text.length !== 18) return { ok: false, reason: 'length' }
  if (!/^[0-9]{17}[0-9Xx]$/.test(text)) return { ok: false, reason: 'characters' }

  const birth = number.slice(6, 14)
  if (!isDate(birth) || (today !== undefined && birth > today)) return { ok: false, reason: 'date' }
  if (checkDigit(number) !== number.charAt(17)) return { ok: false, reason: 'checksum' }

  return { ok: true, number, birth, sex: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female' }
}

/** Whether a text is a day of the Gregorian calendar as YYYYMMDD. */
export function isDate(text: string): boolean {
  if (!/^[0-9]{8}$/.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(4, 6))
  const day = Number(text.slice(6, 8))
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
