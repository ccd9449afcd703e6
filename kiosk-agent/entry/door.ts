import type { Hall } from '../../config/schemas/hall.ts'
import type { RuleSet } from '../../config/schemas/rule-set.ts'
import type { TerminalSettings } from '../../config/schemas/terminal.ts'
import type { Kind, PrinterStatus } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Intent } from '../api/contract.ts'
import { scannedText } from '../codes/scanned-text.ts'
import type { DeviceHub, KindEvent } from '../device-hub.ts'
import type { HealthAdapter } from '../gateways/health/health-adapter.ts'
import type { HallStore } from '../hall/hall-store.ts'
import type { Entry, StoredEntry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import { createPrintJournal } from '../paper/print-journal.ts'
import { createDecisionWriter } from './decision-writer.ts'
import { createEffects } from './effects.ts'
import { createHallLink } from './hall-link.ts'
import { isoTime, openingState } from './hall-time.ts'
import { asked, type Circumstances } from './judgement.ts'
import { createLane } from './lane.ts'
import { ScreenState } from './screen-state.ts'
import { idle, next, type Session, type SessionEvent, wakeAt } from './session.ts'
import { createSettlement } from './settlement.ts'
import { doorView, sessionView, type View } from './view.ts'

export interface DoorOptions {
  readonly terminal: TerminalSettings
  readonly hall: Hall
  readonly rules: { readonly set: RuleSet; readonly version: number }
  readonly build: string
  /** Names this run of the agent; part of every session id. */
  readonly epoch: string
  readonly store: HallStore
  readonly health: HealthAdapter
  readonly hub: () => Pick<DeviceHub, 'devices' | 'commands'>
  /** The deletable key of a person in the hall store. */
  blindIndex(idNumber: string): string
  /** A commitment to an ID number, and the salt without which it leads to nobody. */
  commit(idNumber: string): { readonly commitment: string; readonly salt: string }
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** Something the screen shows may have changed. */
  onChange(): void
}

export interface Door {
  /** `now` in Unix milliseconds. */
  view(now: number): View
  onDevice(event: KindEvent): void
  /** Device states changed: one that came or went may answer an open question. */
  refresh(): void
  /** The ledger can write no more, or can again: nobody is admitted while it is broken. */
  setBroken(broken: boolean): void
  /** `stale`: it was about a session or outcome that is over. */
  intent(intent: Intent): 'accepted' | 'stale'
  /** Settles what a former run left open, then begins to admit. */
  start(former: readonly StoredEntry[]): Promise<void>
  close(): Promise<void>
}

/** The door of an entry terminal: the pure session on real devices, store and ledger. */
export function createDoor(options: DoorOptions): Door {
  const { clock, hall, log, onChange, record, rules, terminal } = options
  const closing = new AbortController()
  const screen = new ScreenState({
    language: terminal.language,
    outcomeMs: rules.set.session.outcomeSeconds * 1000,
  })
  let session: Session = idle(options.epoch)
  let healthAnswers = true
  let fire = false
  let broken = false
  let settled = false
  let paper: PrinterStatus | undefined
  let alarm = new AbortController()

  const hallLink = createHallLink({ store: options.store, clock, log, onChange })
  const settlement = createSettlement({ ...options, signal: closing.signal })
  const lane = createLane({
    gate: () => options.hub().commands('gate'),
    clock,
    log,
    passageMs: terminal.lane.passageSeconds * 1000,
    record,
    settle: settlement.settle,
    onChange(grantId, state) {
      screen.update(({ id }) => id === grantId, { lane: state })
      void hallLink.recount()
      onChange()
    },
  })
  const slips = createPrintJournal({
    printer: () => options.hub().commands('receipt-printer'),
    now: () => clock.now(),
    log,
    record,
    onChange(slipCode, slip) {
      screen.update((view) => view.slipCode === slipCode, { slip })
      onChange()
    },
  })
  const effects = createEffects({
    ...options,
    hallLink,
    settle: settlement.settle,
    writer: createDecisionWriter({ ...options, lane, slips, settle: settlement.settle }),
    language: () => screen.language,
    circumstances,
    dispatch,
    onHealthAnswer(answers) {
      healthAnswers = answers
    },
    onDecided(outcome) {
      // Somebody else's session may have begun while the ledger was syncing: then the screen is theirs.
      if (session.phase === 'idle') screen.show(outcome, clock.now())
      void hallLink.recount()
      setAlarm()
      onChange()
    },
    onFailure(error) {
      log('the door cannot go on', { error })
      setBroken(true)
    },
  })

  function isOnline(kind: Kind): boolean {
    return options.hub().devices.some((device) => device.kind === kind && device.state === 'online')
  }

  function circumstances(): Circumstances {
    const { hours, utcOffsetMinutes } = hall
    const capacity = hallLink.head?.capacity ?? hall.capacity
    const available = { thermometer: isOnline('thermometer'), gate: isOnline('gate') }
    return {
      rules: rules.set,
      hall: { hours, utcOffsetMinutes, capacity, free: hallLink.head?.free, available },
    }
  }

  function dispatch(event: SessionEvent): void {
    const before = session
    const step = next(session, event, circumstances(), clock.now())
    session = step.session
    if (session.phase !== 'idle' && (before.phase === 'idle' || before.id !== session.id)) screen.welcome()
    // The line to the gate is kept free from here on: a poll under way must not delay the pulse.
    if (session.phase === 'committing' && !lane.busy) options.hub().commands('gate')?.holdPolling(true)
    for (const effect of step.effects) {
      if (effect.type === 'end') screen.clear()
      effects.perform(effect)
    }
    setAlarm()
    onChange()
  }

  /** Wakes at the next moment at which time alone changes something. */
  function setAlarm(): void {
    alarm.abort()
    alarm = new AbortController()
    const now = clock.now()
    const sessionMoment = wakeAt(session, circumstances(), now)
    const moments = [...screen.moments(), ...(sessionMoment === undefined ? [] : [sessionMoment])]
    if (moments.length === 0) return
    const signal = AbortSignal.any([alarm.signal, closing.signal])
    clock.sleep(Math.max(1, Math.min(...moments) - now), signal).then(wake, () => {})
  }

  function wake(): void {
    screen.expire(clock.now(), session.phase !== 'idle')
    dispatch({ type: 'tick' })
  }

  function setBroken(now: boolean): void {
    if (broken === now) return
    broken = now
    onChange()
  }

  function obey(intent: Intent): void {
    switch (intent.type) {
      case 'set-language':
        screen.language = intent.language
        break
      case 'attest-mask':
        dispatch({ type: 'mask-attested' })
        break
      case 'no-phone':
      case 'more-time':
      case 'cancel':
        dispatch({ type: intent.type })
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
    if (!screen.callHelp(wanted, clock.now())) return
    effects.write({ type: 'help', what: wanted ? 'called' : 'cancelled' })
    setAlarm()
  }

  function onGate(event: Extract<KindEvent, { kind: 'gate' }>['event']): void {
    if (event.type === 'passed') {
      lane.passed()
    } else if (event.active !== fire) {
      fire = event.active
      effects.write({ type: 'fire', active: fire })
      if (fire) dispatch({ type: 'cancel' })
      onChange()
    }
  }

  function onEvidence({ kind, event }: Exclude<KindEvent, { kind: 'gate' | 'receipt-printer' }>): void {
    // While the hall burns, or nothing can be written down, nobody is checked.
    if (fire || broken || !settled) return
    if (kind === 'id-card-reader') dispatch(event)
    if (kind === 'code-scanner') {
      const text = scannedText(event.bytes)
      const known = text !== undefined && options.health.recognises(text)
      dispatch({ type: 'code', code: known ? text : undefined })
    }
    if (kind === 'thermometer' && session.phase === 'collecting')
      dispatch({ type: 'temperature', sample: event.sample, takenAt: clock.now() })
  }

  function printerState(): 'ok' | 'paper-low' | 'cannot-print' {
    if (terminal.slips.print === 'never') return 'ok'
    if (!options.hub().commands('receipt-printer') || paper?.fault) return 'cannot-print'
    return paper?.paper === 'low' ? 'paper-low' : 'ok'
  }

  function hallView(now: number): View['hall'] {
    const { open, hours, opensAt } = openingState(hall, now)
    const { head } = hallLink
    return {
      name: hall.name,
      phone: hall.phone,
      open,
      hours: [...hours],
      ...(opensAt === undefined ? {} : { opensAt: isoTime(opensAt, hall.utcOffsetMinutes) }),
      // Whoever holds a grant is as good as inside: the figure on the screen never invites one too many.
      ...(head ? { inside: head.inside + head.granted } : {}),
      capacity: head?.capacity ?? hall.capacity,
    }
  }

  return {
    view(now) {
      return doorView({
        build: options.build,
        terminal: { id: terminal.id, name: terminal.name, simulated: terminal.simulated },
        hall: hallView(now),
        language: screen.language,
        asks: asked(rules.set),
        devices: options.hub().devices,
        fire,
        broken: broken || !settled,
        storeAnswers: hallLink.head !== undefined,
        healthAnswers,
        printer: printerState(),
        session: session.phase === 'idle' ? null : sessionView(session, circumstances(), now),
        outcome: screen.outcomeAt(now),
        help:
          screen.helpSince === undefined ? null : { since: isoTime(screen.helpSince, hall.utcOffsetMinutes) },
      })
    },
    onDevice(event) {
      if (event.kind === 'gate') return onGate(event.event)
      if (event.kind !== 'receipt-printer') return onEvidence(event)
      paper = event.event.status
      onChange()
    },
    refresh() {
      if (!options.hub().commands('receipt-printer')) paper = undefined
      dispatch({ type: 'tick' })
    },
    setBroken,
    intent(intent) {
      const current = session.phase === 'idle' ? screen.outcomeId : session.id
      if ('about' in intent && intent.about !== current) return 'stale'
      obey(intent)
      return 'accepted'
    },
    async start(former) {
      void hallLink.watch(closing.signal)
      await settlement.settleFormerRuns(former)
      settled = true
      onChange()
    },
    async close() {
      dispatch({ type: 'cancel' })
      await effects.drained()
      await lane.drained()
      await slips.drained()
      closing.abort()
      await settlement.drained()
      alarm.abort()
    },
  }
}
