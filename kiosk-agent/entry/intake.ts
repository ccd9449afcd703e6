import type { Clock } from '../../devices/lib/clock.ts'
import { scannedText } from '../codes/scanned-text.ts'
import type { KindEvent } from '../device-hub.ts'
import type { HealthAdapter } from '../gateways/health/health-adapter.ts'
import type { ScreenState } from './screen-state.ts'
import type { SessionRun } from './session-run.ts'

/** What the readers, scanners and thermometers at the door tell. */
export type EvidenceOfDevice = Exclude<KindEvent, { kind: 'gate' | 'receipt-printer' | 'auxiliaries' }>

export interface IntakeOptions {
  readonly run: SessionRun
  readonly screen: ScreenState
  readonly health: Pick<HealthAdapter, 'recognises'>
  readonly clock: Clock
  /** False while nobody is checked. */
  takesEvidence(): boolean
  /** A code was seen, whatever became of it. */
  onCode(): void
}

/** Makes events of the session out of what devices tell, as long as anybody is checked here. */
export function createIntake(options: IntakeOptions): (event: EvidenceOfDevice) => void {
  const { run, screen, health, clock } = options
  return ({ kind, event }) => {
    if (!options.takesEvidence()) return
    const { phase } = run.session
    if (kind === 'id-card-reader') run.dispatch(event)
    if (kind === 'code-scanner' && !(phase === 'idle' && screen.isRefusing(clock.monotonic()))) {
      const text = scannedText(event.bytes)
      const known = text !== undefined && health.recognises(text)
      run.dispatch({ type: 'code', code: known ? text : undefined })
    }
    if (kind === 'code-scanner') options.onCode()
    if (kind === 'thermometer' && event.type === 'temperature' && phase === 'collecting')
      run.dispatch({ type: 'temperature', sample: event.sample, takenAt: run.now() })
  }
}
