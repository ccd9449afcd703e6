/*
 * A foreigner card of 2023 carries three characters that lead back to the 15-character number of the card before:
 *
 *   new   9 PP CCC YYYYMMDD SSS K            PP province, CCC country, YYMMDD of the birth is shared
 *   old   NNN PP aa YYMMDD b k               NNN nationality, link = a a b, k its own check
 */

/** The number of the card before; undefined when the card links to none. */
export function oldNumber(nationality: string, idNumber: string, link: string): string | undefined {
  if (link.length !== 3) return undefined
  const place = idNumber.slice(1, 3) + link.slice(0, 2)
  const first14 = nationality + place + idNumber.slice(8, 14) + link.slice(2)
  return /^[A-Z]{3}[0-9]{11}$/.test(first14) ? first14 + oldCheck(first14) : undefined
}

/** The three characters a new card carries for an old number; '' for none. */
export function oldNumberLink(old: string | undefined): string {
  return old === undefined ? '' : old.slice(5, 7) + old.slice(13, 14)
}

/** Weights 7, 3, 1 repeating, modulo 10; letters count A = 10 to Z = 35. */
function oldCheck(first14: string): number {
  const weights = [7, 3, 1]
  let sum = 0
  for (const [i, character] of [...first14].entries())
    sum += Number.parseInt(character, 36) * (weights[i % weights.length] ?? 0)
  return sum % 10
}
