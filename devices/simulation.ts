import type { StreamLink } from './link/link.ts'
import type { HttpDevice, HttpEnd } from './link/memory-http.ts'
import type { PipesDevice, PipesEnd } from './link/memory-pipes.ts'
import type { ReportDevice, ReportEnd } from './link/memory-report.ts'

/**
 * A device made of software, at the far end of a link. Simulators are product code: the demo terminal, `npm run simulate`
 * and the tests use the same ones. `Controls` is what a person would do at the real thing.
 */
export interface Simulator<Controls> {
  readonly linkKind?: 'stream'
  /** Plugs the device into the far end of a link. The device keeps its own memory when plugged in again. */
  attach(far: StreamLink): void
  readonly controls: Controls
}

/** The same for a HID device. It speaks into `far`, and what it returns is how it takes reports. */
export interface ReportSimulator<Controls> {
  readonly linkKind: 'report'
  attach(far: ReportEnd): ReportDevice
  readonly controls: Controls
}

/** The same for a USB device with bulk pipes. */
export interface PipesSimulator<Controls> {
  readonly linkKind: 'pipes'
  attach(far: PipesEnd): PipesDevice
  readonly controls: Controls
}

/** The same for a device that is a small web server. */
export interface HttpSimulator<Controls> {
  readonly linkKind: 'http'
  attach(far: HttpEnd): HttpDevice
  readonly controls: Controls
}

export type AnySimulator<Controls> =
  | Simulator<Controls>
  | ReportSimulator<Controls>
  | PipesSimulator<Controls>
  | HttpSimulator<Controls>
