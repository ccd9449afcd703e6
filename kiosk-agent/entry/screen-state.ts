import type { RuleSet } from '../../config/schemas/rule-set.ts'
import type { Language, Outcome } from '../api/contract.ts'

type OutcomeView = Omit<Outcome, 'remainingMs'>

/** Staff see the call; after this the screen is free for the next visitor. */
const HELP_SHOWN_MS = 120_000
/** Whoever is refused by the card alone often still holds up a phone. */
const STILL_THERE_MS = 5000

/**
 * What the screen shows besides the session: the language, the last result, a call for help. Each with its end. Times are
 * `clock.monotonic()`: setting the clock neither keeps one visitor's result for the next nor takes it away.
 */
export class ScreenState {
  readonly #defaultLanguage: Language
  readonly #session: RuleSet['session']
  #language: Language
  /** A language chosen by somebody who then goes away without a visit. */
  #languageUntil: number | undefined
  #outcome: { view: OutcomeView; shownAt: number; until: number } | undefined
  #help: { since: number; until: number } | undefined
  /** The visit of whoever chose the language is decided. */
  #decided = false

  constructor(options: { readonly language: Language; readonly session: RuleSet['session'] }) {
    this.#defaultLanguage = options.language
    this.#language = options.language
    this.#session = options.session
  }

  get language(): Language {
    return this.#language
  }

  /** Unix milliseconds of the call for help. */
  get helpSince(): number | undefined {
    return this.#help?.since
  }

  get outcomeId(): string | null {
    return this.#outcome?.view.id ?? null
  }

  /** The short code of the result shown. */
  get slipCode(): string | undefined {
    return this.#outcome?.view.slipCode
  }

  /** A decision is being written down; its result is not on the screen yet. */
  get deciding(): boolean {
    return this.#decided && this.#outcome === undefined
  }

  choose(language: Language, now: number): void {
    this.#language = language
    this.#languageUntil = now + this.#session.idleSeconds * 1000
  }

  outcomeAt(now: number): Outcome | null {
    if (!this.#outcome) return null
    return { ...this.#outcome.view, remainingMs: Math.round(Math.max(0, this.#outcome.until - now)) }
  }

  /** Somebody was turned away a moment ago: a code shown now is theirs, and must not take their reasons off the screen. */
  isRefusing(now: number): boolean {
    const outcome = this.#outcome
    return (
      outcome !== undefined && outcome.view.decision !== 'admit' && now < outcome.shownAt + STILL_THERE_MS
    )
  }

  show(view: OutcomeView, now: number): void {
    const { admittedSeconds, refusedSeconds } = this.#session
    const seconds = view.decision === 'admit' ? admittedSeconds : refusedSeconds
    this.#outcome = { view, shownAt: now, until: now + seconds * 1000 }
  }

  /** Changes the result shown, if it is still the one meant. */
  update(isMeant: (view: OutcomeView) => boolean, change: Partial<OutcomeView>): void {
    if (this.#outcome && isMeant(this.#outcome.view))
      this.#outcome = { ...this.#outcome, view: { ...this.#outcome.view, ...change } }
  }

  /** The result is still needed: it is shown until then at least. */
  keepUntil(until: number): void {
    if (this.#outcome && this.#outcome.until < until) this.#outcome = { ...this.#outcome, until }
  }

  /** Calls for help, or takes the call back; `since` in Unix milliseconds. True when something changed. */
  callHelp(since: number | undefined, now: number): boolean {
    if ((since !== undefined) === (this.#help !== undefined)) return false
    this.#help = since === undefined ? undefined : { since, until: now + HELP_SHOWN_MS }
    return true
  }

  /** The visitor's case is decided; the result is shown in this language, if it is shown at all. */
  decided(): void {
    this.#decided = true
  }

  /** A visitor begins. What the last one left goes; a language chosen on the welcome screen was the new one's. */
  welcome(): void {
    if (this.#outcome || this.#help || this.#decided) this.#language = this.#defaultLanguage
    this.#languageUntil = undefined
    this.#outcome = undefined
    this.#help = undefined
    this.#decided = false
  }

  /** The visitor is gone: nothing of this one is left for the next. */
  clear(): void {
    this.#outcome = undefined
    this.#forgetLanguage()
  }

  /** Ends what is over by now. */
  expire(now: number, sessionRuns: boolean): void {
    if (this.#outcome && now >= this.#outcome.until) {
      this.#outcome = undefined
      if (!sessionRuns) this.#forgetLanguage()
    }
    if (this.#help && now >= this.#help.until) this.#help = undefined
    if (this.#languageUntil !== undefined && now >= this.#languageUntil) {
      if (sessionRuns || this.#outcome) this.#languageUntil = undefined
      else this.#forgetLanguage()
    }
  }

  /** Moments at which `expire` will change something. */
  moments(): number[] {
    return [this.#outcome?.until, this.#help?.until, this.#languageUntil].filter(
      (moment) => moment !== undefined,
    )
  }

  #forgetLanguage(): void {
    this.#language = this.#defaultLanguage
    this.#languageUntil = undefined
    this.#decided = false
  }
}
