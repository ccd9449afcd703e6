/** One line of the report. */
export interface Figure {
  readonly what: string
  readonly value: string
  /** What the same machine needs at the very least, measured in the same run. */
  readonly floor?: string
  /** The promise it stands against, in words, and whether it was kept. */
  readonly promise?: { readonly words: string; readonly kept: boolean }
}

/** One part of the report: its figures, and what a reader must know to judge them. */
export interface Section {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly notes?: readonly string[]
}

const headings = ['', 'measured', 'floor', 'promise', ''] as const

/** The sections as one table in plain text, columns as wide as their longest cell. */
export function table(sections: readonly Section[]): string {
  const rows = sections.map(({ figures }) => figures.map(cells))
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.flat().map((row) => row[column] ?? '')].map((cell) => cell.length)),
  )
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()
  const parts = sections.flatMap(({ title, notes = [] }, at) => [
    '',
    title,
    ...(rows[at] ?? []).map(line),
    ...notes.map((note) => `    ${note}`),
  ])
  return [line(headings), ...parts].join('\n')
}

function cells({ what, value, floor = '', promise }: Figure): string[] {
  return [what, value, floor, promise?.words ?? '', promise ? (promise.kept ? 'kept' : 'MISSED') : '']
}

/** "12.3 ms"; two digits behind the point below ten, where they still say something. */
export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`
}

/** A promise of "at most": its words and whether `value` keeps it. */
export function atMost(value: number, limit: number, unit: string): NonNullable<Figure['promise']> {
  return { words: `≤ ${limit} ${unit}`, kept: value <= limit }
}
