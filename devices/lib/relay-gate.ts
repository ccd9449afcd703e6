import type { KeptSession } from '../driver.ts'
import { asDeviceError, DeviceError } from '../errors.ts'
import type { Commands, GatePulse } from '../kinds.ts'
import type { InputWatch, InputWiring } from './gate-inputs.ts'
import { isOn, type RelayLine } from './relay-line.ts'

export interface GateOptions extends InputWiring {
  readonly relay: number
  readonly pulseMs: number
  readonly pollMs: number
  readonly maxLatencyMs: number
  readonly timeoutMs: number
}

export interface GateParts {
  readonly session: KeptSession<'gate', GateOptions>
  readonly line: RelayLine
  readonly watch: InputWatch
  /** The relay was on when the connection began and was left so, because of a fire. */
  readonly foundOn: boolean
}

const unansweredLimit = 3
const longestHoldMs = 2000

/** Watches the inputs and opens on command. One thing at a time; a command waits for one poll at most. */
export function runGate({ session, line, watch, foundOn }: GateParts): Commands<'gate'> {
  const { link, options, signal, clock, log, emit } = session
  const hasInputs = options.passageInput !== null || options.fireInput !== null
  let turn: Promise<unknown> = Promise.resolve()
  let opens = 0
  let heldUntil = Number.NEGATIVE_INFINITY
  let unreadable = false
  /** Until then the relay may be on for a reason other than the pulse just sent. */
  let otherwiseOnUntil = foundOn ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY

  function inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = turn.then(job)
    turn = result.catch(() => {})
    return result
  }

  async function look() {
    try {
      if (!hasInputs) await line.relays()
      else for (const event of watch.see(await line.inputs(), clock.monotonic())) emit(event)
      unreadable = false
    } catch (error) {
      unreadable = true
      throw error
    }
  }

  async function poll() {
    let unanswered = 0
    while (!signal.aborted) {
      await clock.sleep(options.pollMs, signal)
      if (opens > 0 || clock.monotonic() < heldUntil) continue
      try {
        await inTurn(look)
        unanswered = 0
      } catch (error) {
        if (signal.aborted || link.closed.aborted) return
        unanswered++
        log('inputs unreadable', { unanswered, code: asDeviceError(error, 'bad-answer', link.name).code })
        // Ending the connection is how a driver asks for a new start.
        if (unanswered >= unansweredLimit) return link.close()
      }
    }
  }

  async function openOnce(notAfter: number): Promise<GatePulse> {
    if (unreadable) await look().catch((error) => noFireInput(error))
    if (watch.fire) throw new DeviceError('fire', `${link.name}: not opened, the fire input is active`)
    const { writtenAt, echoed } = await line.pulse({ ...options, notAfter })
    const mayBeOnAnyway = writtenAt < otherwiseOnUntil
    otherwiseOnUntil = writtenAt + options.pulseMs + options.timeoutMs + options.maxLatencyMs
    const relays = await line.relays().catch(() => undefined)
    // The line may still be settling after a silence; then the inputs are read anew before the next pulse.
    unreadable ||= !echoed || !relays
    const on = relays?.certain === true && isOn(relays.bits, options.relay)
    return { outcome: on && (echoed || !mayBeOnAnyway) ? 'confirmed' : 'unconfirmed', writtenAt }
  }

  function noFireInput(error: unknown) {
    if (link.closed.aborted) throw error
    if (options.fireInput === null) return
    throw new DeviceError('fire', `${link.name}: not opened, the fire input cannot be read`, { cause: error })
  }

  poll().catch(() => {}) // ends with the connection

  return {
    seesPassage: options.passageInput !== null,
    seesFire: options.fireInput !== null,
    fire: () => watch.fire,
    async open({ notAfter }) {
      opens++
      try {
        return await inTurn(() => openOnce(notAfter))
      } finally {
        opens--
        // The command that the line was kept free for has gone, and somebody may be walking already.
        heldUntil = Number.NEGATIVE_INFINITY
      }
    },
    holdPolling(hold) {
      heldUntil = hold ? clock.monotonic() + longestHoldMs : Number.NEGATIVE_INFINITY
    },
  }
}
