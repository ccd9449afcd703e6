interface PrintedText {
  readonly x: number
  readonly width: number
  readonly text: string
}

/** Neighbouring characters of one width, with the dots they took. */
interface TextRun {
  readonly x: number
  readonly width: number
  readonly text: string
}

/**
 * Splits printed text into runs of wide (24-dot) and narrow (12-dot) characters and gives each its place in dots,
 * so that a proportional font falls on the printer's grid. Leading and trailing spaces take room and draw nothing.
 */
export function textRuns({ x, width, text }: PrintedText): TextRun[] {
  const characters = [...text]
  const cells = characters.reduce((sum, character) => sum + cellsOf(character), 0)
  if (cells === 0) return []
  const cellDots = width / cells
  const runs: { x: number; width: number; text: string; kind: string }[] = []
  let at = x
  for (const character of characters) {
    const kind = character === ' ' ? 'space' : String(cellsOf(character))
    const dots = cellsOf(character) * cellDots
    const last = runs.at(-1)
    if (last?.kind === kind) {
      last.text += character
      last.width += dots
    } else runs.push({ x: at, width: dots, text: character, kind })
    at += dots
  }
  return runs.filter(({ kind }) => kind !== 'space').map(({ kind: _, ...run }) => run)
}

/** Half-width cells a character takes on the printer. */
function cellsOf(character: string): 1 | 2 {
  return (character.codePointAt(0) ?? 0) < 0x100 ? 1 : 2
}
