import type { DeviceEvent } from '../../kinds.ts'

/** Which input of the board a sensor is wired to, and its level when it tells something. */
export interface WiredInput {
  readonly input: number
  readonly active: 'high' | 'low'
}

export interface IoWiring {
  /** Active: somebody stands there. */
  readonly presence?: WiredInput | undefined
  /** Active: pressed. */
  readonly callButton?: WiredInput | undefined
  /** Active: open. */
  readonly door?: WiredInput | undefined
}

type IoEvent = DeviceEvent<'auxiliaries'>

/** A button has to be released for so long before it can call again: contacts bounce. */
const restMs = 100

/** Turns the board's input bits into what happened around the kiosk. Pure: every look brings its time along. */
export class IoInputs {
  readonly #wiring: IoWiring
  #presence: boolean | undefined
  #door: boolean | undefined
  #pressed: boolean
  #releasedSince = Number.NEGATIVE_INFINITY

  /** `bits` as read when the connection began: a button held then calls nobody. */
  constructor(wiring: IoWiring, bits: number) {
    this.#wiring = wiring
    this.#pressed = isActive(bits, wiring.callButton) ?? false
  }

  get presence(): boolean | undefined {
    return this.#presence
  }

  get door(): boolean | undefined {
    return this.#door
  }

  /** The first look tells how everything is, later ones what changed. */
  see(bits: number, now: number): IoEvent[] {
    const events: IoEvent[] = []
    const present = isActive(bits, this.#wiring.presence)
    if (present !== undefined && present !== this.#presence) events.push({ type: 'presence', present })
    this.#presence = present

    const open = isActive(bits, this.#wiring.door)
    if (open !== undefined && open !== this.#door) events.push({ type: 'door', open })
    this.#door = open

    const pressed = isActive(bits, this.#wiring.callButton) ?? false
    if (pressed && !this.#pressed && now - this.#releasedSince >= restMs) events.push({ type: 'call-button' })
    if (!pressed && this.#pressed) this.#releasedSince = now
    this.#pressed = pressed
    return events
  }
}

function isActive(bits: number, wired: WiredInput | undefined): boolean | undefined {
  return wired && (((bits >> wired.input) & 1) === 1) === (wired.active === 'high')
}
