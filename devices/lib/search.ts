import type { Step } from './frames.ts'

/** What stands at the front of some bytes: a whole frame, no frame, or the beginning of one. */
export type Found<Frame> = { readonly frame: Frame; readonly used: number } | 'no' | 'more'

/**
 * Finds the next frame of a protocol without a start byte of its own. Noise can look like the beginning of a longer frame than
 * the one behind it, so while the front is unfinished, a whole frame further on wins.
 */
export function searchFrame<Frame>(bytes: Uint8Array, at: (part: Uint8Array) => Found<Frame>): Step<Frame> {
  let unfinished: number | undefined
  for (let from = 0; from < bytes.length; from++) {
    const found = at(bytes.subarray(from))
    if (typeof found === 'object') return from === 0 ? found : { skip: from }
    if (found === 'more') unfinished ??= from
  }
  if (unfinished === undefined) return { skip: bytes.length }
  return unfinished === 0 ? 'more' : { skip: unfinished }
}
