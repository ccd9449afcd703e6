import type { Commands, DeviceEvent, LightState, LitDevice } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Log } from '../log.ts'
import type { Lights } from './guide-lights.ts'
import type { Journal } from './journal.ts'

type Board = Commands<'auxiliaries'>

export interface SurroundingsOptions {
  /** The boards around the kiosk that are online. */
  auxiliaries(): readonly Board[]
  readonly clock: Clock
  readonly log: Log
  readonly journal: Pick<Journal, 'write'>
  callHelp(): void
  /** Presence or the kiosk's door changed. */
  onChange(): void
}

/** Sensors, button and lights around the kiosk. */
export interface Surroundings {
  /** Whether somebody is seen, damped; undefined without a sensor, and while it is away. */
  readonly present: boolean | undefined
  /** The door of the kiosk itself is open, as last told. */
  readonly kioskOpen: boolean
  onEvent(event: DeviceEvent<'auxiliaries'>): void
  /** Devices came or went. */
  refresh(): void
  /** Each light is told once for each change and each connection. */
  show(lights: Lights): void
  stop(): void
}

/** A presence sensor flickers at its border: somebody is gone when not seen for so long. */
const GONE_AFTER_MS = 1500

export function createSurroundings(options: SurroundingsOptions): Surroundings {
  const { clock, log } = options
  let present: boolean | undefined
  let kioskOpen = false
  let known: readonly Board[] = []
  let going = new AbortController()
  /** What each connection to a board was told. */
  const told = new WeakMap<Board, Map<LitDevice, LightState>>()

  function setPresent(now: boolean | undefined): void {
    if (present === now) return
    present = now
    options.onChange()
  }

  function seen(somebody: boolean): void {
    going.abort()
    if (somebody || present === undefined) setPresent(somebody)
    if (somebody || !present) return
    going = new AbortController()
    clock.sleep(GONE_AFTER_MS, going.signal).then(
      () => setPresent(false),
      () => {},
    )
  }

  function setOpen(open: boolean): void {
    if (kioskOpen === open) return
    kioskOpen = open
    void options.journal.write({ type: 'kiosk-door', open })
    options.onChange()
  }

  function tell(board: Board, device: LitDevice, state: LightState): void {
    board
      .light(device, state)
      // The board is told again by its driver, or anew when it is back: nothing to repeat here.
      .catch((error) => log('a guide light was not told', { device, error }))
  }

  function show(lights: Lights): void {
    for (const board of options.auxiliaries()) showOn(board, lights)
  }

  function showOn(board: Board, lights: Lights): void {
    // A board that has just come is dark.
    const states = told.get(board) ?? new Map<LitDevice, LightState>()
    told.set(board, states)
    const changed = board.lights.filter(
      (device) => (states.get(device) ?? 'off') !== (lights[device] ?? 'off'),
    )
    const goingOut = changed.filter((device) => !lights[device] || lights[device] === 'off')
    // First what goes out, so that never two places ask for something.
    for (const device of [...goingOut, ...changed.filter((each) => !goingOut.includes(each))]) {
      states.set(device, lights[device] ?? 'off')
      tell(board, device, lights[device] ?? 'off')
    }
  }

  return {
    get present() {
      return present
    },
    get kioskOpen() {
      return kioskOpen
    },
    onEvent(event) {
      if (event.type === 'presence') seen(event.present)
      if (event.type === 'door') setOpen(event.open)
      if (event.type === 'call-button') options.callHelp()
    },
    refresh() {
      const boards = options.auxiliaries()
      if (boards.length === known.length && boards.every((board) => known.includes(board))) return
      known = boards
      going.abort()
      // They may have told how things are before they were known to be there.
      const seeing = boards.map((board) => board.presence()).filter((each) => each !== undefined)
      setPresent(seeing.length === 0 ? undefined : seeing.includes(true))
      const open = boards.map((board) => board.doorOpen()).find((each) => each !== undefined)
      if (open !== undefined) setOpen(open)
    },
    show,
    stop() {
      going.abort()
      show({})
    },
  }
}
