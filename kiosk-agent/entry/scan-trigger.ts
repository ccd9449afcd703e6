import type { Commands } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Log } from '../log.ts'
import type { View } from './view.ts'

/**
 * Whether a code would be of use now: at the beginning of a visit, and while the health code is missing or to be shown
 * again. `present` is undefined without a sensor; with one, nobody is waited for who is not there.
 */
export function codeIsAwaited({ service, session, asks }: View, present: boolean | undefined): boolean {
  if (service.state === 'emergency' || service.state === 'out-of-service') return false
  if (!asks.includes('health')) return false
  if (!session) return service.state !== 'maintenance' && (present ?? true)
  if (session.phase !== 'collecting') return false
  const health = session.persons[session.current]?.checks.find(({ check }) => check === 'health')
  return health?.state === 'missing' || health?.state === 'attention'
}

/** Tells the scan head when to read. */
export interface ScanTrigger {
  follow(awaited: boolean): void
  /** A code came: a head that reads one code for each trigger is waiting now. */
  codeCame(): void
  stop(): void
}

export interface ScanTriggerOptions {
  scanner(): Commands<'code-scanner'> | undefined
  readonly clock: Clock
  readonly log: Log
}

/** The time of a triggered head is over sooner or later without a word: while a code is awaited it is told again. */
const AGAIN_MS = 5000

/**
 * Trigger on when a code is awaited, off when it is not. A head that reads by itself is told the same and reads on; what
 * it reads when nobody waits is dropped as before. A trigger that fails is logged, and told again while it matters.
 */
export function createScanTrigger({ scanner, clock, log }: ScanTriggerOptions): ScanTrigger {
  let awaited = false
  /** The head that was told last, and what. */
  let told: { readonly head: Commands<'code-scanner'>; readonly on: boolean } | undefined
  let again = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()
  let failing = false

  function tell(): void {
    again.abort()
    again = new AbortController()
    const head = scanner()
    if (!head?.trigger) return
    const on = awaited
    told = { head, on }
    // One after the other, so that an "off" that is late never ends what came after it.
    turn = turn
      .then(() => head.trigger?.(on))
      .then(
        () => {
          failing = false
        },
        (error) => {
          if (!failing) log('the code scanner was not triggered; it is told again', { on, error })
          failing = true
        },
      )
    if (on) clock.sleep(AGAIN_MS, again.signal).then(tell, () => {})
  }

  return {
    follow(now) {
      awaited = now
      const head = scanner()
      // A head that has just come waits for nothing yet.
      const known = told !== undefined && told.head === head ? told.on : false
      if (head?.trigger && known !== awaited) tell()
    },
    codeCame() {
      if (awaited) tell()
    },
    stop: () => again.abort(),
  }
}
