import type { Grant } from './lane.ts'

/** A passage so long after its grant was taken back still belongs to it, unless the gate was opened for somebody else in between. */
const LATE_PASSAGE_MS = 60_000
/** Whoever follows so closely used the opening of the one in front, even where its window was nearly over. */
const CLOSE_BEHIND_MS = 3000

export type Stranger =
  /** The one who was too slow. */
  | { readonly how: 'late'; readonly grant: Grant }
  /** Behind somebody who was admitted; without any grant; or out of the way of a fire. */
  | { readonly how: 'tailgating' | 'forced' | 'fire'; readonly grant: undefined }

/** Tells who went through when no open grant let them in. Pure; times are milliseconds of a clock that never jumps. */
export class Strangers {
  /** The gate was opened for it last, and nobody was seen to pass. */
  #missed: { readonly grant: Grant; readonly at: number } | undefined
  #followedUntil = Number.NEGATIVE_INFINITY

  /** The gate was opened for somebody: a passage belongs to the ones before no more. */
  opened(): void {
    this.#missed = undefined
  }

  missed(grant: Grant, at: number): void {
    this.#missed = { grant, at }
  }

  /** Somebody passed on a grant whose window ends then. */
  passed(at: number, windowEnds: number): void {
    this.#followedUntil = Math.max(windowEnds, at + CLOSE_BEHIND_MS)
  }

  judge(at: number, fire: boolean): Stranger {
    const missed = this.#missed
    this.#missed = undefined
    if (missed && at - missed.at <= LATE_PASSAGE_MS) return { how: 'late', grant: missed.grant }
    if (fire) return { how: 'fire', grant: undefined }
    return { how: at <= this.#followedUntil ? 'tailgating' : 'forced', grant: undefined }
  }
}
