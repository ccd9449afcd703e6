import type { LitDevice } from '../kinds.ts'

/** What a person can do and see at simulated auxiliaries, whatever board they hang on. */
export interface AuxiliariesControls {
  setPresence(present: boolean): void
  /** Pressed for 300 ms. */
  pressCallButton(): void
  setDoor(open: boolean): void
  /** The devices that have a light. */
  readonly lights: readonly LitDevice[]
  isLit(device: LitDevice): boolean
  /** Called when a light goes on or out. */
  onLight(listener: () => void): void
  /** A board without power: it does and says nothing. */
  silent(silent: boolean): void
}
