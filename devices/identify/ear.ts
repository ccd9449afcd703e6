import type { Clock } from '../lib/clock.ts'
import type { StreamLink } from '../link/link.ts'

/** Everything that is heard on one open port. Kept in memory while the port is asked, and nowhere else. */
export interface Ear {
  /** How much was heard so far. */
  readonly length: number
  since(mark: number): Uint8Array
  /** True as soon as `proven` says so of what came since `mark`; false when `ms` are over first. */
  until(proven: (bytes: Uint8Array) => boolean, mark: number, ms: number): Promise<boolean>
  /** Resolves when nothing came for `ms`, on a restless line after four times as long. */
  untilQuiet(ms: number): Promise<void>
}

/** A device that never stops must not fill the memory; what is looked for is never as long as this. */
const KEPT_BYTES = 65_536
const PATIENCE = 4

/** Becomes the one reader of `link`. */
export function listenOn(link: StreamLink, clock: Clock, signal: AbortSignal): Ear {
  let heard = Buffer.alloc(0)
  let dropped = 0
  let lastAt = clock.monotonic()
  let stir: () => void = () => {}
  const over = AbortSignal.any([signal, link.closed])

  async function read() {
    for await (const chunk of link.bytes) {
      heard = Buffer.concat([heard, chunk])
      const excess = Math.max(0, heard.length - KEPT_BYTES)
      heard = heard.subarray(excess)
      dropped += excess
      lastAt = clock.monotonic()
      stir()
    }
  }
  void read()

  const since = (mark: number) => Uint8Array.from(heard.subarray(Math.max(0, mark - dropped)))

  return {
    get length() {
      return dropped + heard.length
    },
    since,
    async until(proven, mark, ms) {
      const end = clock.monotonic() + ms
      for (;;) {
        if (since(mark).length > 0 && proven(since(mark))) return true
        const rest = end - clock.monotonic()
        if (rest <= 0) return false
        const waiting = new AbortController()
        const stirred = new Promise<void>((resolve) => {
          stir = resolve
        })
        await Promise.race([stirred, clock.sleep(rest, AbortSignal.any([over, waiting.signal]))]).finally(
          () => waiting.abort(),
        )
      }
    },
    async untilQuiet(ms) {
      const from = clock.monotonic()
      for (;;) {
        const now = clock.monotonic()
        const rest = Math.min(Math.max(lastAt, from) + ms, from + PATIENCE * ms) - now
        if (rest <= 0) return
        await clock.sleep(rest, over)
      }
    },
  }
}
