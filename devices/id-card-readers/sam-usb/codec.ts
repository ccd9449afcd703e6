/**
 * The module's frames (GA/T 467, chapter 7) on readers 0400:C35A, each cut in two for two pipes of its direction:
 *
 *   host → module   02: AA AA AA 96 69 LENhi LENlo     06: CMD PARA data CHK
 *   module → host   81: AA AA AA 96 69 LENhi LENlo     85: SW1 SW2 SW3 data CHK
 *
 * A reader with one pipe each way takes and gives whole frames.
 */
export interface SamPipes {
  readonly headOut: number
  readonly restOut: number
  readonly headIn: number
  readonly restIn: number
}

export const HEAD_BYTES = 7
/** LEN of the longest answer known: text, photo and fingerprints. */
export const MAX_REST_BYTES = 2314

const split: SamPipes = { headOut: 2, restOut: 6, headIn: 1, restIn: 5 }
const preamble = [0xaa, 0xaa, 0xaa, 0x96, 0x69]

/** Which pipes to use, by the endpoints a device describes; undefined when these are no reader's. */
export function pipesOf(endpoints: {
  readonly in: readonly number[]
  readonly out: readonly number[]
}): SamPipes | undefined {
  const has = (numbers: readonly number[], ...wanted: number[]) =>
    wanted.every((number) => numbers.includes(number))
  if (has(endpoints.out, split.headOut, split.restOut) && has(endpoints.in, split.headIn, split.restIn))
    return split
  const [out, ...moreOut] = endpoints.out
  const [incoming, ...moreIn] = endpoints.in
  if (out === undefined || incoming === undefined || moreOut.length > 0 || moreIn.length > 0) return undefined
  return { headOut: out, restOut: out, headIn: incoming, restIn: incoming }
}

export const isSplit = ({ headIn, restIn }: SamPipes): boolean => headIn !== restIn

/** How many bytes follow this head on the other pipe; undefined when it is none. */
export function restLength(head: Uint8Array): number | undefined {
  const [high = 0, low = 0] = head.subarray(preamble.length)
  const length = high * 256 + low
  const fits = head.length === HEAD_BYTES && preamble.every((byte, i) => head[i] === byte)
  return fits && length > 0 && length <= MAX_REST_BYTES ? length : undefined
}
