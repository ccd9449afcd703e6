import type { StreamLink } from './link/link.ts'

/**
 * A device made of software, at the far end of a link. Simulators are product code: the demo terminal, `npm run simulate`
 * and the tests use the same ones. `Controls` is what a person would do at the real thing.
 */
export interface Simulator<Controls> {
  /** Plugs the device into the far end of a link. The device keeps its own memory when plugged in again. */
  attach(far: StreamLink): void
  readonly controls: Controls
}
