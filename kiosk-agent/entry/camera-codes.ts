import type { DeviceEvent } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import { codeEvents } from '../../devices/lib/code-events.ts'
import type { Log } from '../log.ts'

export interface CameraCodesOptions {
  readonly clock: Clock
  readonly log: Log
  onCode(event: DeviceEvent<'code-scanner'>): void
}

/** Codes that the screen read with its camera. */
export interface CameraCodes {
  /** The code's bytes in base64. */
  take(bytes: string): void
}

/** As a scanner's drivers have it, unless a site says otherwise. */
const repeats = { sameCodeMs: 1000, otherCodeMs: 200 }

/** From here on a camera's code goes the way of a scanner's: once a presentation, and believed no more than that. */
export function createCameraCodes({ clock, log, onCode }: CameraCodesOptions): CameraCodes {
  const codes = codeEvents({ options: repeats, clock, log, emit: onCode })
  return { take: (bytes) => codes.take({ code: { bytes: Buffer.from(bytes, 'base64') } }) }
}
