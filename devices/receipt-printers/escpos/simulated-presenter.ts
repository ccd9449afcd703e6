import type { Clock } from '../../lib/clock.ts'

export interface SimulatedPresenterOptions {
  readonly dialect: 'none' | 'custom-ge' | 'masung' | 'citizen'
  /** The variant of Masung whose bits mean the opposite. */
  readonly activeLow: boolean
  /** A visitor takes each slip so long after it came; never when undefined. */
  readonly takenAfterMs: number | undefined
  readonly clock: Clock
  /** Called when what it would say has changed. */
  onChange(): void
}

const CUSTOM_AT_OUTPUT = 0x08
const CUSTOM_JAM = 0x80
const MASUNG_AT_EXIT = 0x04
const MASUNG_JAM = 0x08

/** The part of a kiosk printer that holds the cut slip out to the visitor, and can take it back. */
export class SimulatedPresenter {
  readonly #options: SimulatedPresenterOptions
  #inside = false
  #jamsNext = false
  #pieces = 0
  atExit = false
  jammed = false
  /** What became of the slips. */
  readonly fates: ('taken' | 'retracted' | 'ejected')[] = []

  constructor(options: SimulatedPresenterOptions) {
    this.#options = options
  }

  /** Custom's waits for the command; the others push the slip out by themselves. */
  receiveSlip(): void {
    const { dialect } = this.#options
    if (dialect === 'none') return
    this.#inside = true
    if (dialect !== 'custom-ge') this.present()
  }

  present(): void {
    if (!this.#inside) return
    this.#inside = false
    if (this.#jamsNext) this.jammed = true
    else this.atExit = true
    this.#jamsNext = false
    this.#options.onChange()
    this.#takeLater(++this.#pieces)
  }

  /** GS e 2 and GS e 5. */
  remove(fate: 'retracted' | 'ejected'): void {
    if (this.#inside || this.atExit) this.#end(fate)
  }

  take(): void {
    if (this.atExit) this.#end('taken')
  }

  jamNext(): void {
    this.#jamsNext = true
  }

  /** Somebody pulled the piece out from behind. */
  clearJam(): void {
    this.jammed = false
    this.#options.onChange()
  }

  /** The status byte of Custom and Masung. */
  statusByte(): number {
    const [exit, jam] =
      this.#options.dialect === 'masung' ? [MASUNG_AT_EXIT, MASUNG_JAM] : [CUSTOM_AT_OUTPUT, CUSTOM_JAM]
    const bits = (this.atExit ? exit : 0) | (this.jammed ? jam : 0)
    return this.#options.activeLow ? ~bits & 0xff : bits
  }

  #end(fate: 'taken' | 'retracted' | 'ejected'): void {
    this.atExit = false
    this.#inside = false
    this.fates.push(fate)
    this.#options.onChange()
  }

  #takeLater(piece: number): void {
    const { clock, takenAfterMs } = this.#options
    if (takenAfterMs === undefined) return
    void clock.sleep(takenAfterMs).then(() => {
      if (piece === this.#pieces) this.take()
    })
  }
}
