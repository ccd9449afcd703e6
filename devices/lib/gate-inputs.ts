export interface InputWiring {
  readonly passageInput: number | null
  readonly fireInput: number | null
  readonly fireActive: 'high' | 'low'
}

export type InputEvent =
  | { readonly type: 'passed' }
  | { readonly type: 'held'; readonly active: boolean }
  | { readonly type: 'fire'; readonly active: boolean }

/** A passage contact has to be at rest for so long before it can count the next person: contacts bounce. */
const restMs = 150
/** Nobody takes so long to pass, with a wheelchair or a child either. */
const heldMs = 10_000

/** Turns the board's input bits into what happened at the gate. Pure: every look brings its time along. */
export class InputWatch {
  readonly #wiring: InputWiring
  #fire: boolean
  #high: boolean
  #restingSince: number
  #highSince: number | undefined
  #held = false

  /** `bits` as read when the connection began: a contact already closed then is nobody's passage. */
  constructor(wiring: InputWiring, bits: number) {
    this.#wiring = wiring
    this.#fire = this.#fireIn(bits)
    this.#high = isSet(bits, wiring.passageInput)
    this.#restingSince = Number.NEGATIVE_INFINITY
  }

  get fire(): boolean {
    return this.#fire
  }

  see(bits: number, now: number): InputEvent[] {
    const events: InputEvent[] = []
    const fire = this.#fireIn(bits)
    if (fire !== this.#fire) events.push({ type: 'fire', active: fire })
    this.#fire = fire

    const high = isSet(bits, this.#wiring.passageInput)
    if (high && !this.#high && now - this.#restingSince >= restMs) events.push({ type: 'passed' })
    if (!high && this.#high) this.#restingSince = now
    this.#high = high

    this.#highSince = high ? (this.#highSince ?? now) : undefined
    const held = this.#highSince !== undefined && now - this.#highSince >= heldMs
    if (held !== this.#held) events.push({ type: 'held', active: held })
    this.#held = held
    return events
  }

  #fireIn(bits: number): boolean {
    const { fireInput, fireActive } = this.#wiring
    return fireInput !== null && isSet(bits, fireInput) === (fireActive === 'high')
  }
}

function isSet(bits: number, index: number | null): boolean {
  return index !== null && ((bits >> index) & 1) === 1
}
