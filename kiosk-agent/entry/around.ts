import type { DeviceEvent } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Log } from '../log.ts'
import { createCardGuardian } from './card-guardian.ts'
import type { Equipment } from './equipment.ts'
import { guideLights } from './guide-lights.ts'
import type { Journal } from './journal.ts'
import { codeIsAwaited, createScanTrigger } from './scan-trigger.ts'
import { createSurroundings } from './surroundings.ts'
import type { View } from './view.ts'

export interface AroundOptions {
  readonly equipment: Equipment
  readonly clock: Clock
  readonly log: Log
  readonly journal: Journal
  callHelp(): void
  /** Presence changed: the session has to know. */
  onPresence(): void
  onChange(): void
}

/** What is around an admission and decides nothing: sensors, lights, the scan head's trigger, the card left behind. */
export interface Around {
  readonly present: boolean | undefined
  readonly kioskOpen: boolean
  readonly cardLeft: boolean
  onAuxiliary(event: DeviceEvent<'auxiliaries'>): void
  /** Devices came or went. */
  refresh(): void
  /** What the screen shows may have changed: lights and trigger go with it. While a decision is being written down lights wait. */
  follow(view: View, deciding: boolean): void
  codeCame(): void
  sessionOver(sessionId: string, withCard: boolean): void
  sessionBegan(withCard: boolean): void
  stop(): void
}

export function createAround(options: AroundOptions): Around {
  const { equipment } = options
  let stopped = false
  const guardian = createCardGuardian({ ...options, reader: equipment.reader })
  const trigger = createScanTrigger({ ...options, scanner: equipment.scanner })
  const surroundings = createSurroundings({
    ...options,
    auxiliaries: equipment.auxiliaries,
    onChange: options.onPresence,
  })
  return {
    get present() {
      return surroundings.present
    },
    get kioskOpen() {
      return surroundings.kioskOpen
    },
    get cardLeft() {
      return guardian.cardLeft
    },
    onAuxiliary: surroundings.onEvent,
    refresh: surroundings.refresh,
    follow(view, deciding) {
      if (stopped) return
      guardian.follow(isReminding(view))
      // Between the last evidence and its result nobody is invited yet.
      if (!deciding) surroundings.show(guideLights(view, surroundings.present ?? false))
      trigger.follow(codeIsAwaited(view, surroundings.present))
    },
    codeCame: trigger.codeCame,
    sessionOver(sessionId, withCard) {
      if (withCard) guardian.watch(sessionId)
    },
    sessionBegan: guardian.leave,
    stop() {
      stopped = true
      guardian.stop()
      trigger.stop()
      surroundings.stop()
    },
  }
}

/** The result has had its time, or its visitor has gone in: then the card on the reader is what the screen is about. */
function isReminding({ cardLeft, outcome, session, help, service }: View): boolean {
  if (!cardLeft || session || help || service.state === 'emergency') return false
  return outcome === null || outcome.lane === 'passed'
}
