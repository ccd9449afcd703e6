import type { Kind } from '../kinds.ts'
import type { Codec } from '../lib/frames.ts'
import { Framer } from '../lib/frames.ts'
import type { Found } from '../lib/search.ts'
import type { ModelId } from '../registry.ts'

/** A device block without the port, as an answer suggests it. */
export interface Suggestion {
  readonly driver: ModelId
  /** Everything but the port. */
  options(baudRate: number): Readonly<Record<string, unknown>>
  /** Dotted names of options that hold a starting value only. */
  readonly toBeSet?: readonly string[]
}

/** How one model is recognised by what it says unasked. */
export interface Voice {
  readonly kind: Kind
  /** Looks at everything that was heard at one speed. */
  proven(bytes: Uint8Array): boolean
  readonly suggestions: readonly Suggestion[]
}

/** The mildest question of one model: it changes nothing in the device, and its answer proves the model. */
export interface Probe {
  readonly kind: Kind
  /** The speeds at which such devices are delivered, and those that are commonly set, the likeliest first. */
  readonly bauds: readonly number[]
  /** What is written, one after the other. */
  readonly asks: readonly Uint8Array[]
  /** So long an answer may take, after the last byte was written. */
  readonly waitMs: number
  /** Looks at everything that came since the question, after every piece of it. */
  proven(bytes: Uint8Array): boolean
  /** Everything that is said within this time counts, too: a single byte proves nothing while the next may follow. */
  readonly settleMs?: number
  /** Whoever says anything else to it is asked nothing more, unless it is known of what kind the device is. */
  readonly watched?: true
  /** Why nobody is asked this unless it is known what kind of device hangs there. */
  readonly onlyIfClaimed?: 'relay-order' | 'paper-feed' | 'changes-something'
  /** The likeliest first: some devices serve as more than one model. */
  readonly suggestions: readonly Suggestion[]
}

/** Whether a whole frame stands in the bytes that fits; one that a false start hides counts. */
export function framed<Frame>(
  codec: Pick<Codec<Frame, never>, 'decode'>,
  fits: (frame: Frame) => boolean,
  maxLength = 4096,
): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    const framer = new Framer(codec, { maxLength })
    return [...framer.push(bytes), ...framer.giveUp()].some(fits)
  }
}

/** Nothing that is looked for byte by byte is longer than this. */
const LONGEST_TEXT = 2048

/** The same for answers without a length, which end where the bytes end. `start` is their first byte, where they have one. */
export function ended<Frame>(
  at: (bytes: Uint8Array) => Found<Frame>,
  fits: (frame: Frame) => boolean,
  start?: number,
): (bytes: Uint8Array) => boolean {
  return (all) => {
    const bytes = all.subarray(-LONGEST_TEXT)
    for (let from = 0; from < bytes.length; from++) {
      if (start !== undefined && bytes[from] !== start) continue
      for (let to = from + 1; to <= bytes.length; to++) {
        const found = at(bytes.subarray(from, to))
        if (typeof found === 'object' && fits(found.frame)) return true
        if (found === 'no') break
      }
      if (start === undefined) return false
    }
    return false
  }
}
