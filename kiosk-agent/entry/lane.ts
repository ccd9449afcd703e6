import { DeviceError } from '../../devices/errors.ts'
import type { Commands, GatePulse } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'

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
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  /** Tells the hall store how a claim ended; keeps trying by itself. */
  settle(nonce: string, how: 'inside' | 'unconfirmed' | 'released'): void
  onChange(grantId: string, state: LaneState): void
}

export interface Lane {
  /** Takes a grant over. Grants are carried out one after the other, each with its own expiry. */
  carryOut(grant: Grant): void
  /** Somebody went through the gate. */
  passed(): void
  /** A grant is being carried out or waits for its turn. */
  readonly busy: boolean
  /** Resolves when no grant is left. */
  drained(): Promise<void>
}

/** A passage so long after its grant was taken back still belongs to it, unless another grant came in between. */
const LATE_PASSAGE_MS = 60_000

/**
 * The lane behind the terminal, and the only file that commands a gate. Profile `single`: one pulse, one person.
 *
 *   grant → opening → open → passed               the visit begins
 *              │        └──→ timed-out            right and appointment go back; a late passage binds to it again
 *              └──→ fault                         not a byte was sent, or nobody knows: then the person counts as inside
 */
export function createLane(options: LaneOptions): Lane {
  const { clock, log, record, settle, onChange } = options
  let turn: Promise<void> = Promise.resolve()
  let waiting = 0
  let sawPassage: (() => void) | undefined
  let takenBack: { readonly grant: Grant; readonly at: number } | undefined

  async function carryOut(grant: Grant): Promise<void> {
    takenBack = undefined
    onChange(grant.grantId, 'opening')
    const gate = options.gate()
    const pulse = await open(grant, gate)
    await record({ type: 'pulse', grantId: grant.grantId, ...pulse })
    if (pulse.outcome === 'not-sent') return finish(grant, 'not-opened')
    onChange(grant.grantId, 'open')
    if (!gate?.seesPassage) return finish(grant, 'unconfirmed')
    if (await passage()) {
      await record({ type: 'passage', grantId: grant.grantId, late: false })
      return finish(grant, 'passed')
    }
    // A gate that went away while we watched proves nothing: only one that watched all the time does.
    return finish(grant, options.gate() === gate ? 'timed-out' : 'unconfirmed')
  }

  async function open(
    { notAfter }: Grant,
    gate: Commands<'gate'> | undefined,
  ): Promise<{ outcome: GatePulse['outcome'] | 'not-sent'; error?: string }> {
    if (!gate) return { outcome: 'not-sent', error: 'the gate is not connected' }
    try {
      return { outcome: (await gate.open({ notAfter })).outcome }
    } catch (error) {
      const certain = error instanceof DeviceError && (error.code === 'expired' || error.code === 'fire')
      log('the gate was not opened', { error })
      return {
        // Any other failure leaves open whether the bytes arrived.
        outcome: certain ? 'not-sent' : 'unconfirmed',
        error: error instanceof Error ? error.message : String(error),
      }
    }
  }

  /** True when somebody passed in time. */
  async function passage(): Promise<boolean> {
    const over = new AbortController()
    const seen = new Promise<boolean>((resolve) => {
      sawPassage = () => resolve(true)
    })
    const timedOut = clock.sleep(options.passageMs, over.signal).then(
      () => false,
      () => false,
    )
    const passed = await Promise.race([seen, timedOut])
    sawPassage = undefined
    over.abort()
    return passed
  }

  async function finish(grant: Grant, how: Extract<Entry, { type: 'grant-ended' }>['how']): Promise<void> {
    await record({ type: 'grant-ended', grantId: grant.grantId, how })
    if (how === 'timed-out') takenBack = { grant, at: clock.monotonic() }
    settle(grant.nonce, how === 'passed' ? 'inside' : how === 'unconfirmed' ? 'unconfirmed' : 'released')
    onChange(grant.grantId, shown[how])
  }

  async function unexpectedPassage(): Promise<void> {
    const late =
      takenBack && clock.monotonic() - takenBack.at <= LATE_PASSAGE_MS ? takenBack.grant : undefined
    takenBack = undefined
    await record({ type: 'passage', grantId: late?.grantId ?? null, late: late !== undefined })
    if (late) settle(late.nonce, 'inside')
  }

  return {
    carryOut(grant) {
      waiting++
      turn = turn
        .then(() => carryOut(grant))
        .catch((error) => {
          // Only the ledger can fail here, and then the agent closes the door by itself.
          log('a grant could not be recorded', { error })
          onChange(grant.grantId, 'fault')
        })
        .finally(() => {
          waiting--
        })
    },
    passed() {
      if (sawPassage) sawPassage()
      else unexpectedPassage().catch((error) => log('a passage could not be recorded', { error }))
    },
    get busy() {
      return waiting > 0
    },
    drained: () => turn,
  }
}

const shown = {
  passed: 'passed',
  'timed-out': 'timed-out',
  unconfirmed: 'open',
  'not-opened': 'fault',
} as const
