import type { IdCard } from '../../kinds.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { type Clock, systemClock } from '../clock.ts'
import { frames } from '../frames.ts'
import { pacedWriter } from '../paced.ts'
import { type SamRequest, samModule } from './codec.ts'
import { encodeCardText } from './encode-card-text.ts'
import { cardSlot } from './simulated-card-slot.ts'
import { type SamModuleOptions, simulatedModule } from './simulated-module.ts'

/** What a person does at the reader. */
export interface SamControls {
  /** Lays a card down; instead of the one that lies there, if one does. */
  layCard(card: IdCard): void
  takeCard(): void
  readonly card: IdCard | undefined
}

/** Faults and speed of a simulated reader. They are read as they are needed, so a caller may change them while it runs. */
export interface SamSimulatorOptions extends SamModuleOptions {
  readonly clock?: Clock
  /** A model on which another read makes a card found that was never lifted. */
  readonly findsAgain?: boolean
  /** Sent before every answer. */
  noise?: Uint8Array
  /** Says nothing at all. */
  dead?: boolean
  /** Another make of device: whatever it receives, it answers with these bytes. */
  wrongDevice?: Uint8Array
  /** Bytes to answer a request with, instead of doing it; undefined to do it. */
  bytes?: (request: SamRequest) => Uint8Array | undefined
  /** Answers take their time on a wire of this speed. Undefined: no time at all. */
  readonly paceBaud?: number
  /** Milliseconds the module itself takes for a request. */
  deviceMs?: (request: SamRequest) => number
}

/** A reader with a SAM_V module made of software: real bytes, real semantics of find, faults as options. */
export function simulatedReader(options: SamSimulatorOptions = {}): Simulator<SamControls> {
  const { clock = systemClock } = options
  const slot = cardSlot(options)
  const answerTo = simulatedModule(slot, options)

  async function serve(far: StreamLink) {
    const write = pacedWriter(far, clock, options.paceBaud)
    if (options.wrongDevice) {
      for await (const _ of far.bytes) await write(options.wrongDevice)
      return
    }
    for await (const request of frames(far.bytes, samModule)) {
      if (options.dead) continue
      const deviceMs = options.deviceMs?.(request) ?? 0
      if (deviceMs > 0) await clock.sleep(deviceMs, far.closed)
      const answer = options.bytes?.(request) ?? samModule.encode(answerTo(request))
      await write(Uint8Array.from([...(options.noise ?? []), ...answer]))
    }
  }

  return {
    attach(far) {
      serve(far).catch((error) => {
        // A cable pulled while the module speaks is nothing to report.
        if (!far.closed.aborted) throw error
      })
    },
    controls: {
      layCard(card) {
        // A block that cannot be encoded is the caller's mistake: say so here, not at the next poll.
        encodeCardText(card)
        slot.lay(card)
      },
      takeCard: () => slot.take(),
      get card() {
        return slot.card
      },
    },
  }
}
