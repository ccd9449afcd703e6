import { standardRareCharacters } from './standard-rare-characters.ts'

const blocks = [
  ['U+4E00-9FA5', 0x4e00, 0x9fa5],
  ['U+9FA6-9FFF', 0x9fa6, 0x9fff],
  ['Extension A', 0x3400, 0x4dbf],
  ['Extension B', 0x20000, 0x2a6df],
  ['Extension C', 0x2a700, 0x2b739],
  ['Extension D', 0x2b740, 0x2b81d],
  ['Extension E', 0x2b820, 0x2cea1],
  ['Extension F', 0x2ceb0, 0x2ebe0],
  ['compatibility', 0xf900, 0xfad9],
  ['Latin beyond ASCII', 0x00c0, 0x024f],
  ['Latin additional', 0x1e00, 0x1eff],
] as const

/** What a file of glyphs covers, a line for each block of Unicode. */
export function coverage(characters: ReadonlySet<string>): string[] {
  const standard = [...standardRareCharacters]
  return [
    row('standard table, rare', standard.filter((char) => characters.has(char)).length, standard.length),
    ...blocks.map(([name, first, last]) => {
      const all = Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at))
      return row(name, all.filter((char) => characters.has(char)).length, all.length)
    }),
  ]
}

function row(name: string, has: number, of: number): string {
  return `${name.padEnd(22)}${String(has).padStart(7)} of ${of}`
}
