import { sum8 } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { type Found, searchFrame } from '../../lib/search.ts'

/**
 * Wire format of the LCUS relay boards (sellers' sheets, operation list from public drivers):
 *
 *   question   A0  channel  operation  sum        channels from 1
 *   answer     A0  channel  00 or 01   sum        the state: off or on
 *
 * `sum` is the low 8 bits of the sum of everything before it.
 */
export interface LcusQuestion {
  readonly channel: number
  readonly operation: LcusOperation
}

/** What this software can say: there is no "on" among it. */
export type LcusOperation = 'off-silently' | 'off' | 'query' | 'pulse'

export interface LcusState {
  readonly channel: number
  readonly on: boolean
}

const START = 0xa0
const frameLength = 4
const operations: Record<LcusOperation, number> = {
  'off-silently': 0x00,
  off: 0x02,
  query: 0x05,
  pulse: 0x06,
}

/** The agent's end. Other channels' states are frames too, which nobody asked for. */
export const lcusHost: Codec<LcusState, LcusQuestion> = {
  encode: ({ channel, operation }) => frame(channel, operations[operation]),
  decode: (bytes) =>
    searchFrame(bytes, (part) =>
      decode(part, ({ channel, code }) => (code <= 1 ? { channel, on: code === 1 } : undefined)),
    ),
}

/** The board's end, for the simulator: every operation by its number. */
export const lcusBoard: Codec<{ readonly channel: number; readonly code: number }, LcusState> = {
  encode: ({ channel, on }) => frame(channel, on ? 1 : 0),
  decode: (bytes) => searchFrame(bytes, (part) => decode(part, (all) => (all.code <= 6 ? all : undefined))),
}

function frame(channel: number, code: number): Uint8Array {
  return Uint8Array.from([START, channel, code, sum8([START, channel, code])])
}

function decode<Frame>(
  bytes: Uint8Array,
  read: (frame: { channel: number; code: number }) => Frame | undefined,
): Found<Frame> {
  const [start, channel = 0, code = 0, sum] = bytes
  if (start !== START) return 'no'
  if (bytes.length < frameLength) return 'more'
  if (sum8([START, channel, code]) !== sum) return 'no'
  const found = read({ channel, code })
  return found === undefined ? 'no' : { frame: found, used: frameLength }
}
