/** One path over all black modules, row by row in runs. */
export function bitmapPath(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) =>
      [...row.matchAll(/#+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h${-run.length}z`),
    )
    .join('')
}
