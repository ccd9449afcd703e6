import { DeviceError } from '../../devices/errors.ts'
import type { Commands, GatePulse } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import { createPassageWatch } from './passage-watch.ts'
import { Strangers } from './strangers.ts'

/** Permission for persons to pass this lane once each, already in the ledger. */
export interface Grant {
  readonly grantId: string
  readonly nonce: string
  readonly persons: number
  /** `clock.monotonic()` after which the gate is not opened any more. */
  readonly notAfter: number
}

export type LaneState = 'opening' | 'open' | 'passed' | 'timed-out' | 'fault'

export interface LaneOptions {
  /** The gate's commands; undefined while it is not online. */
  gate(): Commands<'gate'> | undefined
  readonly clock: Clock
  readonly log: Log
  /** Somebody must pass within so long after the pulse. */
  readonly passageMs: number
  /** Writes down what happened at the lane; resolves when synced. Trouble with it never stops what goes on here. */
  record(...entries: Entry[]): Promise<unknown>
  /** Tells the hall store how a claim ended; keeps trying by itself. */
  settle(nonce: string, how: 'inside' | 'unconfirmed' | 'released'): void
  /** Names somebody who went in without a right, for the hall's head count; undefined: whoever passes now is not counted. */
  newNonce(): string | undefined
  /** Counts that person in; keeps trying by itself. */
  slippedIn(nonce: string): void
  onChange(grantId: string, state: LaneState): void
  /** Something stays in the passage, or is out of it again. */
  onHeld?(held: boolean): void
}

export interface Lane {
  /** Takes a grant over. Grants are carried out one after the other, each with its own expiry. */
  carryOut(grant: Grant): void
  /** Somebody went through the gate. */
  passed(): void
  /** Something stays in the passage, or the contact is stuck; or no longer, also because the gate went away. */
  held(active: boolean): void
  readonly isHeld: boolean
  /** What was seen since the agent started. */
  readonly counts: Readonly<Record<Seen, number>>
  /** A grant is being carried out or waits for its turn. */
  readonly busy: boolean
  /** One pulse for a technician, behind every grant, by the same rules. Rejects when the ledger did not take the order. */
  testPulse(order: TestOrder): Promise<TestPulse>
  /** Resolves when no grant is left. */
  drained(): Promise<void>
}

/** A technician's order to open once. Nobody is admitted by it. */
export interface TestOrder {
  readonly lane: string
  /** Id of the account. */
  readonly by: string
  /** Ends the waiting for somebody to pass. */
  readonly signal: AbortSignal
  /** Appends to the ledger; resolves when synced. Not a byte is sent for what it did not take. */
  record(entry: Entry): Promise<unknown>
  /** The gate was told; now somebody may walk. */
  onOpened(outcome: GatePulse['outcome']): void
}

export interface TestPulse {
  readonly outcome: GatePulse['outcome'] | 'not-sent'
  readonly error?: string
  /** Undefined where nobody can know: not sent, or no passage input. */
  readonly passed?: boolean
}

/** A gate that has not answered so long after the grant expired never will; not a byte is sent after the expiry anyway. */
const ANSWER_LIMIT_MS = 3000

type TestState = Extract<Entry, { type: 'test-pulse' }>['state']
type Ended = Extract<Entry, { type: 'grant-ended' }>['how']
/** A technician stands there and waits. */
const TEST_VALID_MS = 3000

/** How somebody went through, and grants on which nobody did. */
export type Seen = NonNullable<Extract<Entry, { type: 'passage' }>['how']> | 'timed-out' | 'held'

/** What became of the command to open. */
interface Opening {
  readonly outcome: GatePulse['outcome'] | 'not-sent'
  readonly error?: string
  /** `clock.monotonic()`; a passage seen before it has nothing to do with this grant. */
  readonly writtenAt: number
}

/**
 * The lane behind the terminal, and the only file that commands a gate. Profile `single`: one pulse, one person.
 *
 *   grant → opening → open → passed               the visit begins
 *              │        └──→ timed-out            right and appointment go back; a late passage binds to it again
 *              └──→ fault                         not a byte was sent, or nobody knows: then the person counts as inside
 *
 * Whoever passes without a grant is written down as late, tailgating, forced, or fleeing a fire. Nothing closes for it: the
 * gate's own board guards the passage, this file only knows.
 */
export function createLane(options: LaneOptions): Lane {
  const { clock, log, settle } = options
  let turn: Promise<void> = Promise.resolve()
  let strangersSettled: Promise<void> = Promise.resolve()
  let waiting = 0
  let held = false
  const strangers = new Strangers()
  const watch = createPassageWatch({ ...options, strangers, onStranger: stranger })
  const counts = { granted: 0, late: 0, tailgating: 0, forced: 0, fire: 0, 'timed-out': 0, held: 0 }

  async function carryOut(grant: Grant): Promise<void> {
    tell(grant, 'opening')
    const gate = options.gate()
    watch.begin()
    const { writtenAt, ...pulse } = await open(grant, gate)
    const ours = watch.written(pulse.outcome === 'not-sent' ? Number.POSITIVE_INFINITY : writtenAt)
    void write({ type: 'pulse', grantId: grant.grantId, ...pulse })
    if (pulse.outcome === 'not-sent') return finish(grant, 'not-opened')
    strangers.opened()
    tell(grant, 'open')
    if (!gate?.seesPassage) return finish(grant, 'unconfirmed')
    const passed = ours || (await watch.passes(writtenAt))
    if (passed) return finish(grant, 'passed')
    strangers.missed(grant, clock.monotonic())
    // A gate that went away while we watched proves nothing: only one that watched all the time does.
    return finish(grant, options.gate() === gate ? 'timed-out' : 'unconfirmed')
  }

  async function carryOutTest({ lane, by, signal, record, onOpened }: TestOrder): Promise<TestPulse> {
    const entry = (state: TestState, error?: string): Entry => ({
      ...{ type: 'test-pulse', lane, by, state },
      ...(error === undefined ? {} : { error }),
    })
    await record(entry('ordered'))
    const gate = options.gate()
    watch.begin()
    const { writtenAt, ...pulse } = await open({ notAfter: clock.monotonic() + TEST_VALID_MS }, gate)
    const ours = watch.written(pulse.outcome === 'not-sent' ? Number.POSITIVE_INFINITY : writtenAt)
    void write(entry(pulse.outcome, pulse.error))
    if (pulse.outcome === 'not-sent') return pulse
    strangers.opened()
    onOpened(pulse.outcome)
    if (!gate?.seesPassage) return pulse
    const passed = ours || (await watch.passes(writtenAt, signal))
    void write(entry(passed ? 'passed' : 'nobody-passed'))
    return { ...pulse, passed }
  }

  async function open(
    { notAfter }: Pick<Grant, 'notAfter'>,
    gate: Commands<'gate'> | undefined,
  ): Promise<Opening> {
    const writtenAt = clock.monotonic()
    const notSent = (error: string) => ({ outcome: 'not-sent', error, writtenAt }) as const
    if (!gate) return notSent('the gate is not connected')
    if (writtenAt > notAfter) return notSent('the grant expired while it waited for its turn')
    if (gate.fire()) return notSent('the fire input is active')
    try {
      return await inTime(gate.open({ notAfter }), notAfter)
    } catch (error) {
      log('the gate was not opened', { error })
      const message = error instanceof Error ? error.message : String(error)
      const certain = error instanceof DeviceError && (error.code === 'expired' || error.code === 'fire')
      // Any other failure leaves open whether the bytes arrived.
      return certain ? notSent(message) : { outcome: 'unconfirmed', error: message, writtenAt }
    }
  }

  async function inTime(pulse: Promise<GatePulse>, notAfter: number): Promise<GatePulse> {
    const answered = new AbortController()
    const limit = clock.sleep(notAfter - clock.monotonic() + ANSWER_LIMIT_MS, answered.signal).then(() => {
      throw new DeviceError('timeout', 'the gate did not answer the command to open')
    })
    limit.catch(() => {})
    return Promise.race([pulse, limit]).finally(() => answered.abort())
  }

  async function finish(grant: Grant, how: Ended): Promise<void> {
    const { grantId, nonce } = grant
    const seen: Entry[] = how === 'passed' ? [{ type: 'passage', grantId, late: false, how: 'granted' }] : []
    if (how === 'passed') counts.granted++
    if (how === 'timed-out') counts['timed-out']++
    tell(grant, shown[how])
    await write(...seen, { type: 'grant-ended', grantId, how })
    settle(nonce, how === 'passed' ? 'inside' : how === 'unconfirmed' ? 'unconfirmed' : 'released')
  }

  /** Somebody went through whom no open grant let in: the one who was too slow, or nobody we know. */
  function stranger(at: number): void {
    const { how, grant: late } = strangers.judge(at, options.gate()?.fire() ?? false)
    counts[how]++
    if (late) tell(late, 'passed')
    const grantId = late?.grantId ?? null
    const nonce = how === 'tailgating' || how === 'forced' ? options.newNonce() : undefined
    const written = write({
      ...{ type: 'passage', grantId, late: late !== undefined, how },
      ...(nonce === undefined ? {} : { nonce }),
    })
    strangersSettled = strangersSettled
      .then(() => written)
      .then(() => {
        if (late) settle(late.nonce, 'inside')
        if (nonce !== undefined) options.slippedIn(nonce)
      })
  }

  /** What happened has happened, whether the ledger takes it or not. */
  async function write(...entries: Entry[]): Promise<void> {
    try {
      await options.record(...entries)
    } catch (error) {
      log('what happened at the lane was not written down', { error })
    }
  }

  function tell({ grantId }: Grant, state: LaneState): void {
    try {
      options.onChange(grantId, state)
    } catch (error) {
      log('a change of the lane could not be told', { error })
    }
  }

  function inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    waiting++
    const done = turn.then(job).finally(() => {
      waiting--
    })
    turn = done.then(
      () => {},
      () => {},
    )
    return done
  }

  return {
    carryOut(grant) {
      inTurn(() => carryOut(grant)).catch((error) => log('a grant was not carried out', { error }))
    },
    testPulse: (order) => inTurn(() => carryOutTest(order)),
    passed: watch.seen,
    held(active) {
      if (active === held) return
      held = active
      if (held) counts.held++
      void write({ type: 'gate-held', active })
      options.onHeld?.(held)
    },
    get isHeld() {
      return held
    },
    counts,
    get busy() {
      return waiting > 0
    },
    async drained() {
      await turn
      await strangersSettled
    },
  }
}

const shown = {
  passed: 'passed',
  'timed-out': 'timed-out',
  unconfirmed: 'open',
  'not-opened': 'fault',
} as const
