import { type Clock, systemClock } from '../../lib/clock.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { readProfile } from './read-profile.ts'
import { Reception } from './reception.ts'
import type { SimulatedPresenterOptions } from './simulated-presenter.ts'
import { SimulatedPrinter, type Slip } from './simulated-printer.ts'

export interface EscposSimulationOptions {
  /** Paper runs out, the cover opens, or the link breaks, once so many bytes were received. */
  readonly paperOutAfterBytes?: number
  readonly coverOpenAfterBytes?: number
  readonly dropLinkAfterBytes?: number
  /** It hears and says nothing any more; or it prints on and only its answers are lost. */
  readonly deafAfterBytes?: number
  readonly muteAfterBytes?: number
  /** Its power fails: the link breaks, what waited in its buffers and how it was set up are lost. */
  readonly powerCutAfterBytes?: number
  /** A printer that is deaf: it never answers and never prints. */
  readonly silent?: boolean
  /** Clones without process id confirmation or without GS r. */
  readonly gsH48?: boolean
  readonly gsr?: boolean
  /** How it hands slips over; `activeLow` is the variant of Masung whose bits mean the opposite. */
  readonly presenter?: SimulatedPresenterOptions['dialect']
  readonly activeLow?: boolean
  /** A visitor takes each slip so long after it came; never when absent. */
  readonly takenAfterMs?: number
  /** Takes bytes no faster than this line speed; unlimited when absent. */
  readonly paceBaud?: number
  /** Sent before every answer. */
  readonly noise?: readonly number[]
  readonly clock?: Clock
}

export type PrinterFaults = Pick<
  EscposSimulationOptions,
  | 'paperOutAfterBytes'
  | 'coverOpenAfterBytes'
  | 'dropLinkAfterBytes'
  | 'deafAfterBytes'
  | 'muteAfterBytes'
  | 'powerCutAfterBytes'
>

export interface EscposControls {
  setPaper(paper: 'full' | 'low' | 'out'): void
  setCover(open: boolean): void
  /** Ends `deaf` and `mute`, or begins them at once. Who was deaf hears again only after its power was off. */
  setSenses(senses: { readonly deaf: boolean; readonly mute: boolean }): void
  /** The next cut gets stuck; opening and closing the cover frees the cutter. */
  jamCutter(): void
  /** Paper jam as SNBC's anti-jam module tells it. */
  setPaperJam(jammed: boolean): void
  /** Takes the slip that the presenter holds out. */
  takeSlip(): void
  /** The next slip gets stuck in the presenter, until somebody clears it. */
  jamPresenter(): void
  clearPresenter(): void
  /** What became of the slips a presenter held out, oldest first. */
  readonly fates: readonly ('taken' | 'retracted' | 'ejected')[]
  /** Lets a fault happen after so many more bytes. */
  arm(faults: PrinterFaults): void
  /**
   * One for each cut, oldest first, the last 50 of them: the bytes the printer executed for that piece of paper, up to
   * and with the cut.
   */
  readonly slips: readonly Slip[]
  onSlip(listener: (slip: Slip) => void): void
  /** What came over the link, the last 128 kB of it at least. */
  readonly received: Uint8Array
}

const DEMO_TAKEN_AFTER_MS = 3000

/** A printer as a terminal's settings describe it, at which somebody takes the slips. */
export function simulateConfiguredEscpos({
  profile,
  clock = systemClock,
}: {
  readonly profile: string
  readonly clock?: Clock
}) {
  const { dialect, activeLow } = readProfile(profile).presenter
  return simulateEscpos({ presenter: dialect, activeLow, takenAfterMs: DEMO_TAKEN_AFTER_MS, clock })
}

/** An ESC/POS printer made of software, true to the byte: what it was not sent, it does not print. */
export function simulateEscpos(options: EscposSimulationOptions = {}): Simulator<EscposControls> {
  const { clock = systemClock, noise = [], paceBaud, gsH48 = true, gsr = true } = options
  const senses = { deaf: options.silent ?? false, mute: false }
  let plugged: StreamLink | undefined
  const printer = new SimulatedPrinter({
    gsH48,
    gsr,
    presenter: {
      dialect: options.presenter ?? 'none',
      activeLow: options.activeLow ?? false,
      takenAfterMs: options.takenAfterMs,
      clock,
    },
    now: () => clock.now(),
    // A cable that was pulled swallows the answer.
    answer(bytes) {
      if (!senses.mute) void plugged?.write(Uint8Array.from([...noise, ...bytes])).catch(() => {})
    },
  })
  const reception = new Reception({
    clock,
    paceBaud,
    onByte: (byte) => {
      if (!senses.deaf) printer.receive(byte)
    },
  })
  const arm: EscposControls['arm'] = (faults) => {
    reception.plan(faults.paperOutAfterBytes, () => printer.setPaper('out'))
    reception.plan(faults.coverOpenAfterBytes, () => printer.setCover(true))
    reception.plan(faults.dropLinkAfterBytes, () => void plugged?.close())
    reception.plan(faults.deafAfterBytes, () => Object.assign(senses, { deaf: true }))
    reception.plan(faults.muteAfterBytes, () => Object.assign(senses, { mute: true }))
    reception.plan(faults.powerCutAfterBytes, losePower)
  }
  arm(options)
  function losePower() {
    printer.losePower()
    void plugged?.close()
  }

  return {
    attach(far) {
      plugged = far
      void reception.listen(far)
    },
    controls: controlsOf(printer, reception, {
      arm,
      setSenses(wanted) {
        if (senses.deaf && !wanted.deaf) losePower()
        Object.assign(senses, wanted)
      },
    }),
  }
}

function controlsOf(
  printer: SimulatedPrinter,
  reception: Reception,
  faults: Pick<EscposControls, 'arm' | 'setSenses'>,
): EscposControls {
  return {
    ...faults,
    setPaper: (paper) => printer.setPaper(paper),
    setCover: (open) => printer.setCover(open),
    jamCutter: () => printer.jamCutter(),
    setPaperJam: (jammed) => printer.setPaperJam(jammed),
    takeSlip: () => printer.presenter.take(),
    jamPresenter: () => printer.presenter.jamNext(),
    clearPresenter: () => printer.presenter.clearJam(),
    get fates() {
      return printer.presenter.fates
    },
    onSlip: (listener) => printer.onSlip(listener),
    get slips() {
      return printer.slips
    },
    get received() {
      return reception.received
    },
  }
}
