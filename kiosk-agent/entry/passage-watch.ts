import type { Clock } from '../../devices/lib/clock.ts'
import type { Strangers } from './strangers.ts'

export interface PassageWatchOptions {
  readonly clock: Clock
  /** Somebody must pass within so long after the pulse. */
  readonly passageMs: number
  readonly strangers: Strangers
  /** Somebody went through whom no open grant let in; when, `clock.monotonic()`. */
  onStranger(at: number): void
}

/** Tells whether whoever passes is the one the gate was opened for. */
export interface PassageWatch {
  /** The gate is being opened: from now on passages wait until it is known when the pulse was written. */
  begin(): void
  /** The pulse was written then, or never: true when its person has passed already. Whoever passed before is a stranger. */
  written(at: number): boolean
  /** True when somebody passes in the window of the pulse written then. `signal` ends the waiting. */
  passes(writtenAt: number, signal?: AbortSignal): Promise<boolean>
  /** Somebody went through the gate. */
  seen(): void
}

export function createPassageWatch(options: PassageWatchOptions): PassageWatch {
  const { clock, passageMs, strangers, onStranger } = options
  /** Passages seen while the gate is being opened, `clock.monotonic()`; undefined at all other times. */
  let early: number[] | undefined
  let sawPassage: (() => void) | undefined

  return {
    begin() {
      early = []
    },
    written(writtenAt) {
      const passages = early ?? []
      early = undefined
      const ours = passages.findIndex((at) => at >= writtenAt)
      for (const [index, at] of passages.entries()) {
        if (index === ours) strangers.passed(at, writtenAt + passageMs)
        else onStranger(at)
      }
      return ours >= 0
    },
    async passes(writtenAt, signal) {
      const over = new AbortController()
      const ended = signal ? AbortSignal.any([over.signal, signal]) : over.signal
      const passage = new Promise<boolean>((resolve) => {
        sawPassage = () => {
          sawPassage = undefined
          strangers.passed(clock.monotonic(), writtenAt + passageMs)
          resolve(true)
        }
      })
      const timedOut = clock.sleep(passageMs, ended).then(
        () => false,
        () => false,
      )
      const passed = await Promise.race([passage, timedOut])
      sawPassage = undefined
      over.abort()
      return passed
    },
    seen() {
      if (early) early.push(clock.monotonic())
      else if (sawPassage) sawPassage()
      else onStranger(clock.monotonic())
    },
  }
}
