import { DeviceError } from '../../../devices/errors.ts'
import type { CardPresence, Commands } from '../../../devices/kinds.ts'

/** Reader, scan head and board in memory: what they were told stands in order, and what they answer can be set. */
export class FakeAround {
  /** "id-card-reader slow" */
  readonly lights: string[] = []
  readonly triggers: boolean[] = []
  /** What lies on the reader; an error is thrown. */
  presence: CardPresence | Error = 'gone'
  looks = 0
  triggerFails = false
  reader: Commands<'id-card-reader'> = this.newReader(true)
  scanner: Commands<'code-scanner'> = this.newScanner()
  board: Commands<'auxiliaries'> = this.newBoard()
  /** Another board beside it. */
  second: Commands<'auxiliaries'> | undefined

  newReader(asks: boolean): Commands<'id-card-reader'> {
    const samNumber = undefined
    if (!asks) return { samNumber }
    return {
      samNumber,
      stillThere: async () => {
        this.looks++
        if (this.presence instanceof Error) throw this.presence
        return this.presence
      },
    }
  }

  /** Another connection is another object. */
  newScanner(): Commands<'code-scanner'> {
    return {
      suppressed: () => 0,
      trigger: async (on) => {
        this.triggers.push(on)
        if (this.triggerFails) throw new DeviceError('refused', 'the head refused')
      },
    }
  }

  newBoard(): Commands<'auxiliaries'> {
    return {
      lights: ['id-card-reader', 'code-scanner', 'thermometer', 'gate', 'receipt-printer'],
      presence: () => undefined,
      doorOpen: () => undefined,
      light: async (device, state) => void this.lights.push(`${device} ${state}`),
    }
  }
}
