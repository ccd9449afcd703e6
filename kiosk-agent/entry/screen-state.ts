import type { Language, Outcome } from '../api/contract.ts'

type OutcomeView = Omit<Outcome, 'remainingMs'>

/** Staff see the call; after this the screen is free for the next visitor. */
const HELP_SHOWN_MS = 120_000

/** What the screen shows besides the session: the language, the last result, a call for help. Each with its end. */
export class ScreenState {
  readonly #defaultLanguage: Language
  readonly #outcomeMs: number
  language: Language
  #outcome: { view: OutcomeView; until: number } | undefined
  #help: { since: number } | undefined

  constructor(options: { readonly language: Language; readonly outcomeMs: number }) {
    this.#defaultLanguage = options.language
    this.#outcomeMs = options.outcomeMs
    this.language = options.language
  }

  get helpSince(): number | undefined {
    return this.#help?.since
  }

  get outcomeId(): string | null {
    return this.#outcome?.view.id ?? null
  }

  outcomeAt(now: number): Outcome | null {
    if (!this.#outcome) return null
    return { ...this.#outcome.view, remainingMs: Math.max(0, this.#outcome.until - now) }
  }

  show(view: OutcomeView, now: number): void {
    this.#outcome = { view, until: now + this.#outcomeMs }
  }

  /** Changes the result shown, if it is still the one meant. */
  update(isMeant: (view: OutcomeView) => boolean, change: Partial<OutcomeView>): void {
    if (this.#outcome && isMeant(this.#outcome.view))
      this.#outcome = { ...this.#outcome, view: { ...this.#outcome.view, ...change } }
  }

  /** True when something changed. */
  callHelp(wanted: boolean, now: number): boolean {
    if (wanted === (this.#help !== undefined)) return false
    this.#help = wanted ? { since: now } : undefined
    return true
  }

  /** A visitor begins. What the last one left goes; a language chosen on the welcome screen was the new one's. */
  welcome(): void {
    if (this.#outcome || this.#help) this.language = this.#defaultLanguage
    this.#outcome = undefined
    this.#help = undefined
  }

  /** The visitor is gone: nothing of this one is left for the next. */
  clear(): void {
    this.#outcome = undefined
    this.language = this.#defaultLanguage
  }

  /** Ends what is over by now. */
  expire(now: number, sessionRuns: boolean): void {
    if (this.#outcome && now >= this.#outcome.until) {
      this.#outcome = undefined
      if (!sessionRuns) this.language = this.#defaultLanguage
    }
    if (this.#help && now >= this.#help.since + HELP_SHOWN_MS) this.#help = undefined
  }

  /** Moments at which `expire` will change something. */
  moments(): number[] {
    return [this.#outcome?.until, this.#help && this.#help.since + HELP_SHOWN_MS].filter(
      (moment) => moment !== undefined,
    )
  }
}
