import { DeviceError } from '../../../devices/errors.ts'
import type { Commands, GatePulse } from '../../../devices/kinds.ts'
import type { FakeClock } from '../../support/fake-clock.ts'

/** How the gate behaves when it is told to open. */
export type Behaviour = 'confirms' | 'unconfirmed' | 'loses-link' | 'never-answers' | 'expired' | 'fire'

/** A gate in memory that remembers every pulse, and how late it came. */
export class FakeGate {
  readonly pulses: { readonly at: number; readonly notAfter: number }[] = []
  behaviour: Behaviour = 'confirms'
  online = true
  seesPassage = true
  /** A gate that does not look at the expiry itself. */
  careless = false
  fire = false
  /** Time from the command to the pulse, and from the pulse to its answer. */
  writeMs = 0
  answerMs = 0
  onPulse: () => void = () => {}
  readonly #clock: FakeClock
  #commands: Commands<'gate'> | undefined

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** The hub's view: another object for each connection. */
  readonly commands = (): Commands<'gate'> | undefined => {
    if (!this.online) {
      this.#commands = undefined
      return undefined
    }
    this.#commands ??= {
      seesPassage: this.seesPassage,
      seesFire: true,
      fire: () => this.fire,
      holdPolling: () => {},
      open: ({ notAfter }) => this.#open(notAfter),
    }
    return this.#commands
  }

  /** The cable is pulled and put back: a new connection. */
  replug(): void {
    this.online = false
    this.commands()
    this.online = true
  }

  async #open(notAfter: number): Promise<GatePulse> {
    const clock = this.#clock
    if (this.behaviour === 'expired' || this.behaviour === 'fire')
      throw new DeviceError(this.behaviour, 'not opened')
    if (this.writeMs > 0) await clock.sleep(this.writeMs)
    const writtenAt = clock.monotonic()
    if (writtenAt > notAfter && !this.careless) throw new DeviceError('expired', 'too late')
    this.pulses.push({ at: writtenAt, notAfter })
    this.onPulse()
    if (this.answerMs > 0) await clock.sleep(this.answerMs)
    if (this.behaviour === 'never-answers') return new Promise(() => {})
    if (this.behaviour === 'loses-link') {
      this.online = false
      throw new DeviceError('link-lost', 'the cable was pulled')
    }
    return { outcome: this.behaviour === 'unconfirmed' ? 'unconfirmed' : 'confirmed', writtenAt }
  }
}
