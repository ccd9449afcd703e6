import { type EscposCommand, readCommand } from './command-reader.ts'
import { SimulatedPresenter, type SimulatedPresenterOptions } from './simulated-presenter.ts'

/** One piece of paper that fell out of the printer. */
export interface Slip {
  readonly id: string
  /** Unix milliseconds of the cut. */
  readonly at: number
  /** Everything executed for it, up to and with the cut. */
  readonly bytes: Uint8Array
}

export interface SimulatedPrinterOptions {
  readonly gsH48: boolean
  readonly gsr: boolean
  readonly presenter: Omit<SimulatedPresenterOptions, 'onChange'>
  now(): number
  answer(bytes: Uint8Array): void
}

/** A demo terminal runs for months. */
const KEPT_SLIPS = 50
const LONGEST_REAL_TIME_COMMAND = 10
const clearBuffers = '10140801031401060208'

/**
 * The printer behind the link. Real-time commands are executed the moment they are received, wherever they stand, a
 * picture's data included; everything else waits in the receive buffer while the printer is offline.
 */
export class SimulatedPrinter {
  readonly #options: SimulatedPrinterOptions
  readonly #listeners: ((slip: Slip) => void)[] = []
  readonly slips: Slip[] = []
  readonly presenter: SimulatedPresenter
  #asbTold = ''
  #paperJam = false
  #cuts = 0
  #paper: 'full' | 'low' | 'out' = 'full'
  #coverOpen = false
  #cutter: 'free' | 'jams-next' | 'jammed' = 'free'
  #asbMask = 0
  #buffer: number[] = []
  #executed: number[] = []
  #recent: number[] = []

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options
    this.presenter = new SimulatedPresenter({ ...options.presenter, onChange: () => this.#tellChange() })
  }

  /** Anti-jam module of SNBC. */
  setPaperJam(jammed: boolean): void {
    this.#change(() => {
      this.#paperJam = jammed
    })
  }

  receive(byte: number): void {
    this.#buffer.push(byte)
    this.#recent = [...this.#recent, byte].slice(-LONGEST_REAL_TIME_COMMAND)
    this.#realTime(Buffer.from(this.#recent).toString('hex'))
    this.#execute()
  }

  /** What was printed stays on the paper. */
  losePower(): void {
    this.#clear()
    this.#asbMask = 0
  }

  setPaper(paper: 'full' | 'low' | 'out'): void {
    this.#change(() => {
      this.#paper = paper
    })
  }

  setCover(open: boolean): void {
    this.#change(() => {
      this.#coverOpen = open
      if (open && this.#cutter === 'jammed') this.#cutter = 'free'
    })
  }

  jamCutter(): void {
    this.#cutter = 'jams-next'
  }

  onSlip(listener: (slip: Slip) => void): void {
    this.#listeners.push(listener)
  }

  get #dialect() {
    return this.#options.presenter.dialect
  }

  get #offline(): boolean {
    return this.#paper === 'out' || this.#coverOpen || this.#paperJam || this.#cutter === 'jammed'
  }

  #change(change: () => void): void {
    change()
    this.#tellChange()
    this.#execute()
  }

  #tellChange(): void {
    if (this.#asbMask !== 0 && this.#asb().join() !== this.#asbTold) this.#sendAsb()
  }

  #sendAsb(): void {
    this.#asbTold = this.#asb().join()
    this.#send(...this.#asb())
  }

  #realTime(recent: string): void {
    const eot = /1004(0[1-4])$/.exec(recent)
    if (eot) this.#send(this.#eot(Number(eot[1])))
    if (recent.endsWith('100405') && this.#dialect === 'masung') this.#send(this.presenter.statusByte())
    if (recent.endsWith('100502') && this.#cutter === 'jammed') {
      this.#clear()
      this.#change(() => {
        this.#cutter = 'free'
      })
    }
    if (recent.endsWith(clearBuffers)) {
      this.#clear()
      this.#send(0x37, 0x25, 0x00)
    }
  }

  /** What was printed before stays on the paper; what waited is gone. */
  #clear(): void {
    this.#buffer = []
    this.#recent = []
  }

  #execute(): void {
    while (!this.#offline && this.#buffer.length > 0) {
      const step = readCommand(Uint8Array.from(this.#buffer))
      if (step === 'more' || !('frame' in step)) return
      const bytes = this.#buffer.splice(0, step.used)
      this.#executed.push(...bytes)
      this.#run(step.frame, bytes.length)
    }
  }

  #run({ name, parameters }: EscposCommand, length: number): void {
    switch (name) {
      case 'ESC @':
        // Whether ESC @ resets GS a is not agreed on; here it does, which is the harder case.
        this.#asbMask = 0
        return
      case 'GS a':
        this.#asbMask = parameters[0] ?? 0
        if (this.#asbMask !== 0) this.#sendAsb()
        return
      case 'GS (H':
        if (this.#options.gsH48 && parameters[2] === 0x30 && parameters[3] === 0x30)
          this.#send(0x37, 0x22, ...parameters.subarray(4, 8), 0x00)
        return
      case 'GS r':
        if (this.#options.gsr) this.#send(this.#paper === 'low' ? 0x03 : 0x00)
        return
      case 'GS I':
        this.#send(0x5f, ...new TextEncoder().encode('CHINA GB18030'), 0x00)
        return
      case 'GS e':
        if (this.#dialect === 'custom-ge') this.#present(parameters[0])
        return
      case 'GS V':
      case 'ESC i':
      case 'ESC m':
        this.#cut(length)
    }
  }

  /** Custom's GS e. */
  #present(order: number | undefined): void {
    if (order === 2) this.presenter.remove('retracted')
    if (order === 3) this.presenter.present()
    if (order === 5) this.presenter.remove('ejected')
    if (order === 6) this.#send(this.presenter.statusByte())
  }

  #cut(length: number): void {
    if (this.#cutter === 'jams-next') {
      this.#executed.splice(-length)
      this.#change(() => {
        this.#cutter = 'jammed'
      })
      return
    }
    const slip: Slip = {
      id: String(++this.#cuts),
      at: this.#options.now(),
      bytes: Uint8Array.from(this.#executed),
    }
    this.#executed = []
    this.slips.push(slip)
    if (this.slips.length > KEPT_SLIPS) this.slips.shift()
    for (const listener of this.#listeners) listener(slip)
    this.presenter.receiveSlip()
  }

  #send(...bytes: number[]): void {
    this.#options.answer(Uint8Array.from(bytes))
  }

  #asb(): number[] {
    const general = 0x10 | (this.#offline ? 0x08 : 0) | (this.#coverOpen ? 0x20 : 0)
    const presenterJam = this.#dialect === 'citizen' && this.presenter.jammed
    const errors = (this.#cutter === 'jammed' ? 0x08 : 0) | (presenterJam ? 0x02 : 0)
    const sensors = this.#paper === 'out' ? 0x0f : this.#paper === 'low' ? 0x03 : 0
    return [general, errors, sensors, 0]
  }

  /** DLE EOT n; bits 1 and 4 are always 1. */
  #eot(n: number): number {
    switch (n) {
      case 1:
        return 0x12 | (this.#offline ? 0x08 : 0)
      case 2:
        return (
          0x12 |
          (this.#coverOpen ? 0x04 : 0) |
          (this.#paper === 'out' ? 0x20 : 0) |
          (this.#cutter === 'jammed' || this.#paperJam ? 0x40 : 0)
        )
      case 3:
        return 0x12 | (this.#cutter === 'jammed' ? 0x08 : 0) | (this.#paperJam ? 0x04 : 0)
      default:
        return 0x12 | this.#paperSensors()
    }
  }

  /** Bits 2 and 3 near end, 5 and 6 end; Citizen's presenter has bit 6 for itself. */
  #paperSensors(): number {
    const nearEnd = this.#paper === 'full' ? 0 : 0x0c
    const end = this.#paper === 'out' ? 0x60 : 0
    if (this.#dialect !== 'citizen') return nearEnd | end
    return nearEnd | (end & 0x20) | (this.presenter.atExit ? 0x40 : 0)
  }
}
