import { columns, rows } from './codec.ts'

/** A part of the picture as a person sees it, columns from the left, rows from the top. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The module begins at the top right; a picture for people begins at the top left. */
export function asSeen(pixels: Int16Array): Int16Array {
  return pixels.map((_, index) => {
    const column = index % columns
    return pixels[index - column + (columns - 1 - column)] ?? 0
  })
}

/** The warmest pixel of the region, in hundredths of a degree: on a face the inner corner of an eye or the forehead. */
export function warmest(seen: Int16Array, { left, top, width, height }: Region): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let row = top; row < Math.min(rows, top + height); row++) {
    for (let column = left; column < Math.min(columns, left + width); column++)
      highest = Math.max(highest, seen[row * columns + column] ?? Number.NEGATIVE_INFINITY)
  }
  return highest
}
