/**
 * Reports of the boards "www.dcttech.com USBRelay1" to "USBRelay8" (drivers of sigrok and usbrelay). Byte 0 is the report
 * id, always 0 on the way out:
 *
 *   relay n on    00 FF n 00 00 00 00 00 00        state asked as report 0   00 c1 c2 c3 c4 c5 00 00 bits
 *   relay n off   00 FD n 00 00 00 00 00 00        state asked as report 1   c1 c2 c3 c4 c5 00 00 bits [00]
 *
 * c1…c5 is the board's name, bit 0 is relay 1.
 */
export interface BoardState {
  /** Five printable characters: the only thing that tells one board from another. */
  readonly name: string
  /** Bit 0 is relay 1. */
  readonly relays: number
}

export const STATE_BYTES = 9
const NAME_BYTES = 5
const RELAYS_AFTER = 7
const ON = 0xff
const OFF = 0xfd

/** `relay` counts from 1. */
export function switchRelay(relay: number, on: boolean): Uint8Array {
  return Uint8Array.of(0, on ? ON : OFF, relay, 0, 0, 0, 0, 0, 0)
}

/** For the board's end: what a report orders; undefined for an order nobody here gives. */
export function readOrder(report: Uint8Array): { readonly relay: number; readonly on: boolean } | undefined {
  const [id, order, relay = 0] = report
  if (id !== 0 || (order !== ON && order !== OFF)) return undefined
  return { relay, on: order === ON }
}

/**
 * The relays stand in byte 7 or in byte 8, as the system keeps the report id or drops it. Where the name stands tells which:
 * it is five printable characters, and neither a report id nor the bytes behind it are printable. Undefined: no such board.
 */
export function readState(answer: Uint8Array): BoardState | undefined {
  for (const start of [0, 1]) {
    const name = answer.subarray(start, start + NAME_BYTES)
    const relays = answer[start + RELAYS_AFTER]
    if (relays === undefined || name.length < NAME_BYTES || !name.every(isPrintable)) continue
    return { name: Buffer.from(name).toString('latin1'), relays }
  }
  return undefined
}

/** For the board's end: its answer, with or without the report id before it. */
export function writeState({ name, relays }: BoardState, withId: boolean): Uint8Array {
  const body = [...Buffer.from(name, 'latin1'), 0, 0, relays]
  return Uint8Array.from(withId ? [0, ...body] : body)
}

/** How many relays the board's own product text promises; undefined for another gadget of the shared USB identity. */
export function relayCount(product: string | undefined): number | undefined {
  const [, digit] = /^USBRelay([1-8])$/.exec(product ?? '') ?? []
  return digit === undefined ? undefined : Number(digit)
}

const isPrintable = (byte: number) => byte > 0x20 && byte < 0x7f
