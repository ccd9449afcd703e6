import type { Clock } from '../../devices/lib/clock.ts'
import type { Intent } from '../api/contract.ts'
import type { CameraCodes } from './camera-codes.ts'
import type { Journal } from './journal.ts'
import type { ScreenState } from './screen-state.ts'
import type { SessionRun } from './session-run.ts'
import type { SlipDesk, SlipIntent } from './slip-desk.ts'

export interface IntentsOptions {
  readonly clock: Clock
  readonly screen: ScreenState
  readonly run: SessionRun
  readonly journal: Journal
  readonly desk: Pick<SlipDesk, 'take'>
  /** Undefined where the terminal has no camera. */
  readonly camera: CameraCodes | undefined
  onChange(): void
}

/** What a visitor may ask for by touching the screen, or by the call button beside it. */
export interface Intents {
  /** `stale`: it was about a session or outcome that is over. */
  take(intent: Intent): 'accepted' | 'stale'
  callHelp(wanted: boolean): void
}

export function createIntents(options: IntentsOptions): Intents {
  const { clock, screen, run, journal, desk, camera, onChange } = options

  function isStale(intent: Intent): boolean {
    const { session } = run
    const current = session.phase === 'idle' ? screen.outcomeId : session.id
    if ('about' in intent && intent.about !== current) return true
    if (intent.type === 'code-by-camera') return camera === undefined
    return intent.type === 'dismiss-outcome' && session.phase !== 'idle'
  }

  function obey(intent: Exclude<Intent, { type: SlipIntent }>): void {
    switch (intent.type) {
      case 'set-language':
        screen.choose(intent.language, clock.monotonic())
        run.setAlarm()
        break
      case 'attest-mask':
        run.dispatch({ type: 'mask-attested' })
        break
      case 'no-phone':
      case 'more-time':
      case 'cancel':
        run.dispatch({ type: intent.type })
        break
      case 'code-by-camera':
        camera?.take(intent.bytes)
        break
      case 'dismiss-outcome':
        screen.clear()
        break
      case 'call-help':
        callHelp(true)
        break
      case 'cancel-help':
        callHelp(false)
        break
    }
    onChange()
  }

  function callHelp(wanted: boolean): void {
    if (!screen.callHelp(wanted ? clock.now() : undefined, clock.monotonic())) return
    void journal.write({ type: 'help', what: wanted ? 'called' : 'cancelled' })
    run.setAlarm()
  }

  return {
    take(intent) {
      if (isStale(intent)) return 'stale'
      if (intent.type === 'have-slip' || intent.type === 'print-again')
        return desk.take(intent) ? 'accepted' : 'stale'
      obey(intent)
      return 'accepted'
    },
    callHelp,
  }
}
