import type { PrinterProfile } from './profile.ts'

/** What a presenter says of itself. */
export interface ExitState {
  /** Paper lies at the exit. */
  readonly atExit: boolean
  readonly jammed: boolean
}

/** What the makers do differently when a slip is handed over. Pure facts. */
export interface PresenterDialect {
  /** Asks for one byte whose bits are all free, or for DLE EOT 4. */
  readonly question: { readonly bytes: Uint8Array; readonly answer: 'any-byte' | 'eot' }
  state(byte: number): ExitState
  /** Sent behind the cut: the slip is pushed out to the visitor. Absent where it comes by itself. */
  readonly present?: Uint8Array
  /** Takes paper away from the exit. Absent where no such command is known. */
  readonly remove?: Readonly<Record<'retract' | 'eject', Uint8Array>>
}

type Dialects = Readonly<
  Record<Exclude<PrinterProfile['presenter']['dialect'], 'none'>, (activeLow: boolean) => PresenterDialect>
>

const dialects: Dialects = {
  /** GS e, KPM210/216 manual pp. 76-77: 2 retract, 3 present, 5 eject, 6 status (bit 3 ticket at output, bit 7 jam). */
  'custom-ge': () => ({
    question: { bytes: Uint8Array.of(0x1d, 0x65, 0x06), answer: 'any-byte' },
    state: (byte) => ({ atExit: (byte & 0x08) !== 0, jammed: (byte & 0x80) !== 0 }),
    present: Uint8Array.of(0x1d, 0x65, 0x03, 0x00),
    remove: { retract: Uint8Array.of(0x1d, 0x65, 0x02), eject: Uint8Array.of(0x1d, 0x65, 0x05) },
  }),
  /** DLE EOT 5, MS-D347 SDK: bit 2 paper at the exit, bit 3 jam; one variant means it the other way round. */
  masung: (activeLow) => ({
    question: { bytes: Uint8Array.of(0x10, 0x04, 0x05), answer: 'any-byte' },
    state(byte) {
      const bits = activeLow ? ~byte : byte
      return { atExit: (bits & 0x04) !== 0, jammed: (bits & 0x08) !== 0 }
    },
  }),
  /** PPU-231II manual p. 14: bit 6 of DLE EOT 4 is the presenter's sensor. A jam is told by automatic status. */
  citizen: () => ({
    question: { bytes: Uint8Array.of(0x10, 0x04, 0x04), answer: 'eot' },
    state: (byte) => ({ atExit: (byte & 0x40) !== 0, jammed: false }),
  }),
}

/** Undefined for a printer without a presenter. */
export function presenterDialect({ presenter }: PrinterProfile): PresenterDialect | undefined {
  return presenter.dialect === 'none' ? undefined : dialects[presenter.dialect](presenter.activeLow)
}
