/** What a gate needs of a relay board, whatever its protocol. Bit 0 is the first relay or input. */
export interface RelayLine {
  /** Whether any byte has come from the board's side. */
  heard(): boolean
  /** Eight input bits. An exception of the board rejects with `bad-answer`. */
  inputs(): Promise<number>
  /** Eight relay bits; `certain` unless the answer may be that of an earlier question. */
  relays(): Promise<{ readonly bits: number; readonly certain: boolean }>
  switchOff(relay: number): Promise<void>
  /**
   * Sends one pulse, once. Rejects only when not a byte was handed over, or with `refused` when the board said no;
   * whatever goes wrong later, the gate may have opened, and `echoed` says whether the board acknowledged this very pulse.
   */
  pulse(order: PulseOrder): Promise<{ readonly writtenAt: number; readonly echoed: boolean }>
}

export interface PulseOrder {
  readonly relay: number
  readonly pulseMs: number
  readonly notAfter: number
}

export function isOn(bits: number, index: number): boolean {
  return ((bits >> index) & 1) === 1
}
