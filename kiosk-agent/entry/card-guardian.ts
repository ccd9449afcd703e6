import type { Commands } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import type { Journal } from './journal.ts'

export interface CardGuardianOptions {
  reader(): Commands<'id-card-reader'> | undefined
  readonly clock: Clock
  readonly log: Log
  readonly journal: Pick<Journal, 'write'>
  onChange(): void
}

/** Looks after the card of a visitor whose session is over. It reminds, it counts, and it never keeps the next one waiting. */
export interface CardGuardian {
  /** The card is known to lie there still. */
  readonly cardLeft: boolean
  /** A session in which a card was read is over. */
  watch(sessionId: string): void
  /** The next visitor began, with a card of their own or without one. */
  leave(newCard: boolean): void
  /** Whether the reminder has the screen to itself now; from then on it is shown for so long and no longer. */
  follow(reminding: boolean): void
  stop(): void
}

type What = Extract<Entry, { type: 'card-left' }>['what']

/** Most visitors take their card as they read the result. */
const FIRST_LOOK_MS = 1500
/** A look costs the reader about a second. */
const LOOK_EVERY_MS = 2000
const REMINDED_MS = 8000
/** Answers in a row that tell nothing, after which nobody is asked any more. */
const USELESS_ANSWERS = 2

interface Watch {
  readonly sessionId: string
  readonly over: AbortController
  left: boolean
  /** The screen was the reminder's. */
  reminded: boolean
}

export function createCardGuardian({
  reader,
  clock,
  log,
  journal,
  onChange,
}: CardGuardianOptions): CardGuardian {
  let watch: Watch | undefined

  function write({ sessionId }: Watch, what: What): void {
    void journal.write({ type: 'card-left', sessionId, what })
  }

  /** Only a card that somebody was reminded of counts as left behind. */
  function end(watched: Watch, what: What): void {
    if (watch !== watched) return
    watch = undefined
    watched.over.abort()
    if (watched.reminded) write(watched, what)
    if (watched.left) onChange()
  }

  async function look(watched: Watch): Promise<void> {
    const { signal } = watched.over
    let useless = 0
    await clock.sleep(FIRST_LOOK_MS, signal)
    while (!signal.aborted) {
      const answer = await ask()
      if (signal.aborted) return
      if (answer === 'gone') return end(watched, 'taken')
      useless = answer === 'unknown' ? useless + 1 : 0
      if (useless === USELESS_ANSWERS) return end(watched, 'unknown')
      if (answer === 'there' && !watched.left) {
        watched.left = true
        onChange()
      }
      await clock.sleep(LOOK_EVERY_MS, signal)
    }
  }

  async function ask(): Promise<'there' | 'gone' | 'unknown'> {
    try {
      return (await reader()?.stillThere?.()) ?? 'unknown'
    } catch (error) {
      log('the reader could not be asked for the last card', { error })
      return 'unknown'
    }
  }

  return {
    get cardLeft() {
      return watch?.left ?? false
    },
    watch(sessionId) {
      if (watch) end(watch, 'unknown')
      if (!reader()?.stillThere) return
      const watched = { sessionId, over: new AbortController(), left: false, reminded: false }
      watch = watched
      look(watched).catch(() => {}) // ends with the watch
    },
    leave(newCard) {
      if (watch) end(watch, newCard ? 'taken' : 'unknown')
    },
    follow(reminding) {
      const watched = watch
      if (!watched?.left || !reminding || watched.reminded) return
      watched.reminded = true
      write(watched, 'noticed')
      clock.sleep(REMINDED_MS, watched.over.signal).then(
        () => end(watched, 'not-taken'),
        () => {},
      )
    },
    stop() {
      if (watch) end(watch, 'unknown')
    },
  }
}
