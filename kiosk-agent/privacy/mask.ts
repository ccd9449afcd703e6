/** "1101**********002X": enough for its holder to know it again. Of shorter numbers less is shown, never more than half. */
export function maskIdNumber(idNumber: string): string {
  const signs = [...idNumber.trim()]
  const shown = Math.min(4, Math.floor(signs.length / 4))
  return signs.map((sign, index) => (index < shown || index >= signs.length - shown ? sign : '*')).join('')
}

/**
 * A name for a screen that others see too: "张*", "王*明", "欧**娜"; "J*** S****" for names in words. A name of one
 * sign is not shown at all.
 */
export function maskName(name: string): string {
  // Compatibility ideographs stay as they are: normalised they are other signs, and in a name that is another name.
  const written = name
    .replace(/[^\uf900-\ufaff\u{2f800}-\u{2fa1f}]+/gu, (part) => part.normalize('NFC'))
    .trim()
  return /\p{Script=Han}/u.test(written) ? maskSigns(written) : written.split(/\s+/u).map(maskWord).join(' ')
}

function maskSigns(name: string): string {
  const signs = [...name]
  if (signs.length === 1) return '*'
  const last = signs.length >= 3 ? signs.length - 1 : undefined
  return signs.map((sign, index) => (index === 0 || index === last ? sign : '*')).join('')
}

function maskWord(word: string): string {
  const [first = '', ...rest] = word
  return rest.length === 0 && first !== '' ? '*' : first + '*'.repeat(rest.length)
}
