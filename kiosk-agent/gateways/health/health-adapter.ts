/** What a health code says. `unknown` is never a pass. */
export type Grade = 'green' | 'yellow' | 'red' | 'unknown'

/** An answer of the provider, reduced to what the door may know. */
export interface HealthResult {
  readonly grade: Grade
  /** Unix milliseconds when the provider made this judgement, as it says. */
  readonly checkedAt: number
  /** The code itself was too old; its grade says nothing. */
  readonly codeExpired: boolean
  /** Whose code it is, as far as the provider tells. Masked there, compared position by position here. */
  readonly subject?: { readonly nameMasked?: string; readonly idMasked?: string }
  /** Which provider and adapter. */
  readonly source: string
}

/**
 * Why there is no result. Part of the API.
 *
 * `expired-code`, `not-a-health-code`: the visitor can mend it · `not-authorised`: tell staff, our key was refused ·
 * `busy`: overloaded or in maintenance · `offline`: no answer, or none that could be read
 */
export type HealthErrorCode = 'expired-code' | 'not-a-health-code' | 'not-authorised' | 'busy' | 'offline'

export class HealthError extends Error {
  override readonly name = 'HealthError'
  readonly code: HealthErrorCode
  constructor(code: HealthErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** One provider of health codes. Rejects with a HealthError; never invents a grade. */
export interface HealthAdapter {
  /** True when this adapter may ask about the scanned text. Nothing else ever leaves the terminal. */
  recognises(code: string): boolean
  verify(code: string, signal?: AbortSignal): Promise<HealthResult>
}
