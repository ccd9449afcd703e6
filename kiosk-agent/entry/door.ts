import type { DeviceEvent } from '../../devices/kinds.ts'
import { guarded } from '../guarded.ts'
import type { Entry } from '../ledger/entries.ts'
import { noSlips } from '../paper/left-slips.ts'
import { withLimit } from '../with-limit.ts'
import { createAround } from './around.ts'
import { createCameraCodes } from './camera-codes.ts'
import { createDecisionWriter } from './decision-writer.ts'
import type { Door, DoorOptions } from './door-contract.ts'
import { createEffects } from './effects.ts'
import { createEquipment } from './equipment.ts'
import { createHallLink } from './hall-link.ts'
import { isoTime } from './hall-time.ts'
import { createHandover } from './handover.ts'
import { createIntake } from './intake.ts'
import { createIntents } from './intents.ts'
import { createJournal, isHopeless } from './journal.ts'
import { asked, type Circumstances } from './judgement.ts'
import { createLane } from './lane.ts'
import { ScreenState } from './screen-state.ts'
import { createSessionRun } from './session-run.ts'
import { createSettlement } from './settlement.ts'
import { createSlipDesk } from './slip-desk.ts'
import { doorView, fit, hallView, sessionView, type Unfit, type View } from './view.ts'

/** The rest of the door must come to an end, whatever hangs: what is open then is settled at the next start. */
const CLOSE_LIMIT_MS = 5000

/** The door of an entry terminal: the pure session on real devices, store and ledger. */
export function createDoor(options: DoorOptions): Door {
  const { clock, hall, log, rules, terminal } = options
  const closing = new AbortController()
  const screen = new ScreenState({
    language: terminal.language,
    session: rules.set.session,
  })
  const equipment = createEquipment(options.hub)
  let healthAnswers = true
  let fire = false
  let broken = false
  let settled = false
  let unfit: Unfit = fit
  let slipped = 0

  const follow = guarded(log, 'lights and scanner could not follow the screen', () =>
    around.follow(viewAt(clock.now()), screen.deciding),
  )
  const tellScreen = guarded(log, 'the screen could not be told', () => {
    desk.follow()
    options.onChange()
    handover.follow()
  })
  const onChange = () => {
    tellScreen()
    follow()
  }
  const journal = createJournal({ record, clock, log, signal: closing.signal })
  const hallLink = createHallLink({ store: options.store, clock, log, onChange })
  const settlement = createSettlement({
    store: options.store,
    terminalId: terminal.id,
    clock,
    log,
    record,
    claimAnswered: hallLink.claimAnswered,
    signal: closing.signal,
  })
  const lane = createLane({
    gate: equipment.gate,
    clock,
    log,
    passageMs: terminal.lane.passageSeconds * 1000,
    record: journal.write,
    settle: settlement.settle,
    // A technician who tries the gate walks through it and back.
    newNonce: () => (handover.state === 'closed' ? undefined : `${options.epoch}-walk-${++slipped}`),
    slippedIn(nonce) {
      settlement.slippedIn(nonce)
      void hallLink.recount()
    },
    onChange(grantId, state) {
      screen.update(({ id }) => id === grantId, { lane: state })
      void hallLink.recount()
      onChange()
    },
    onHeld: onChange,
  })
  const desk = createSlipDesk({
    screen,
    equipment,
    clock,
    log,
    record,
    journal,
    signal: closing.signal,
    onChange() {
      run.setAlarm()
      onChange()
    },
  })
  const run = createSessionRun({
    ...options,
    screen,
    equipment,
    lane,
    circumstances,
    perform: (effect) => effects.perform(effect),
    onOver: (sessionId, withCard) => around.sessionOver(sessionId, withCard),
    onBegun: (withCard) => around.sessionBegan(withCard),
    onChange,
  })
  const onCode = (event: DeviceEvent<'code-scanner'>) => intake({ kind: 'code-scanner', event })
  const camera = terminal.camera ? createCameraCodes({ clock, log, onCode }) : undefined
  const intents = createIntents({ clock, screen, run, journal, desk, camera, onChange })
  const around = createAround({
    equipment,
    clock,
    log,
    journal,
    callHelp() {
      // A technician who tries the button calls nobody.
      if (handover.state === 'closed') return
      intents.callHelp(true)
      onChange()
    },
    onPresence: () => run.dispatch({ type: 'tick' }),
    onChange,
  })
  const intake = createIntake({ ...options, run, screen, takesEvidence, onCode: around.codeCame })
  const effects = createEffects({
    ...options,
    record,
    journal,
    hallLink,
    settlement,
    writer: createDecisionWriter({
      ...options,
      record,
      lane,
      desk,
      settle: settlement.settle,
    }),
    language: () => screen.language,
    circumstances,
    dispatch: run.dispatch,
    onHealthAnswer(answers) {
      healthAnswers = answers
    },
    onDecided(outcome) {
      // Somebody else's session may have begun while the ledger was syncing: then the screen is theirs.
      if (run.wasLast(outcome.id)) screen.show(outcome, clock.monotonic())
      else desk.journal.forget(outcome.slipCode)
      void hallLink.recount()
      run.setAlarm()
      onChange()
    },
    onUndecided(sessionId) {
      if (run.wasLast(sessionId)) screen.clear()
      onChange()
    },
  })

  const handover = createHandover({
    run,
    screen,
    lane,
    clock,
    log,
    effectsDrained: effects.drained,
    slipsDrained: desk.journal.drained,
    onChange,
  })

  /** The ledger is the one thing without which nothing may be decided: its last answer says whether the door works. */
  async function record(...entries: Entry[]): Promise<void> {
    try {
      await options.record(...entries)
      setBroken(false)
    } catch (error) {
      if (!isHopeless(error)) setBroken(true)
      throw error
    }
  }

  function circumstances(): Circumstances {
    const { hours, utcOffsetMinutes } = hall
    const capacity = hallLink.head?.capacity ?? hall.capacity
    const available = { thermometer: equipment.isOnline('thermometer'), gate: equipment.isOnline('gate') }
    return {
      rules: rules.set,
      present: around.present,
      hall: { hours, utcOffsetMinutes, capacity, free: hallLink.head?.free, available },
    }
  }

  function setBroken(now: boolean): void {
    if (broken === now) return
    broken = now
    onChange()
  }

  function setFire(active: boolean): void {
    if (active === fire) return
    fire = active
    void journal.write({ type: 'fire', active })
    if (fire) run.dispatch({ type: 'cancel' })
    onChange()
  }

  function onGate(event: DeviceEvent<'gate'>): void {
    if (event.type === 'passed') lane.passed()
    if (event.type === 'held') lane.held(event.active)
    if (event.type === 'fire') setFire(event.active)
  }

  /** While the hall burns, or nothing can be written down, nobody is checked. */
  function takesEvidence(): boolean {
    const shut = fire || broken || !settled || unfit.shut.length > 0
    return !shut && !closing.signal.aborted && handover.takesEvidence()
  }

  function viewAt(now: number): View {
    const { session } = run
    return doorView({
      build: options.build,
      terminal,
      hall: hallView(hall, hallLink.head, now),
      language: screen.language,
      asks: asked(rules.set),
      devices: options.hub().devices,
      fire,
      maintenance: handover.state !== 'open',
      gateHeld: lane.isHeld,
      kioskOpen: around.kioskOpen,
      cardLeft: around.cardLeft,
      broken: broken || !settled,
      storeAnswers: hallLink.head !== undefined,
      healthAnswers,
      unfit,
      printer: terminal.slips.print === 'never' ? 'ok' : equipment.printerState(),
      session: session.phase === 'idle' ? null : sessionView(session, circumstances(), run.now()),
      outcome: desk.shown(screen.outcomeAt(clock.monotonic())),
      help:
        screen.helpSince === undefined ? null : { since: isoTime(screen.helpSince, hall.utcOffsetMinutes) },
    })
  }

  return {
    view: viewAt,
    onDevice(event) {
      if (event.kind === 'gate') return onGate(event.event)
      if (event.kind === 'auxiliaries') return around.onAuxiliary(event.event)
      if (event.kind === 'receipt-printer') return desk.onPrinter(event.event)
      intake(event)
    },
    refresh() {
      equipment.refresh()
      around.refresh()
      desk.refresh()
      // A gate that comes back tells of a fire, but not that one ended while it was away.
      const gate = equipment.gate()
      if (gate) setFire(gate.fire())
      // What it saw in the passage it will tell again.
      else lane.held(false)
      run.dispatch({ type: 'tick' })
    },
    setBroken,
    handover,
    get isOnFire() {
      return fire
    },
    intent: (intent) => (closing.signal.aborted ? 'stale' : intents.take(intent)),
    async start(former, slips = noSlips) {
      desk.found(slips)
      void hallLink.watch(closing.signal)
      await settlement.settleFormerRuns(former)
      settled = !closing.signal.aborted
      onChange()
    },
    setUnfit(found) {
      unfit = found
      onChange()
    },
    testPulse: (order) => lane.testPulse({ ...order, lane: terminal.lane.id, record }),
    printTest: desk.printTest,
    async close() {
      run.dispatch({ type: 'cancel' })
      closing.abort(new Error('the agent is stopping'))
      run.stop()
      around.stop()
      const drained = async () => {
        await effects.drained()
        await Promise.all([lane.drained(), withLimit(clock, desk.journal.drained(), CLOSE_LIMIT_MS)])
        await settlement.drained()
        await journal.drained()
      }
      await withLimit(clock, drained(), CLOSE_LIMIT_MS + terminal.lane.passageSeconds * 1000)
    },
  }
}
