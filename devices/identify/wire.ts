/** What a receiver makes of one character: the byte, and whether the stop bit was where it should be. */
export interface Received {
  readonly byte: number
  readonly framed: boolean
}

export interface Transmission {
  readonly bytes: Uint8Array
  readonly baudRate: number
  /** Idle bit times between two characters; 0 on a busy line. */
  readonly gapBits?: number
}

/** When a receiver looks: up to a sixteenth of a bit after the true beginning of the start bit. */
export interface Receiver {
  readonly baudRate: number
  readonly lateBits?: number
}

/** Places of a line that is read at another speed than it is written: nothing is ever exactly on an edge. */
const HAIR = 1e-9

/**
 * What a receiver of 8N1 characters reads on a line that is written at another speed. It waits for a falling edge, looks into
 * the middle of each of its own bits, and after the stop bit waits for the next edge.
 */
export function readAtSpeed(transmission: Transmission, { baudRate, lateBits = 0 }: Receiver): Received[] {
  const bits = levels(transmission)
  /** One of the receiver's bits, in bits of the sender. */
  const ratio = transmission.baudRate / baudRate
  const level = (at: number) => bits[Math.floor(at + HAIR)] ?? 1
  const received: Received[] = []
  for (let at = 0; ; ) {
    const edge = fallingEdge(bits, at)
    if (edge === undefined) return received
    const start = edge + lateBits * ratio
    if (level(start + 0.5 * ratio) !== 0) {
      // Too short for a start bit of this speed.
      at = start + 0.5 * ratio
      continue
    }
    let byte = 0
    for (let bit = 0; bit < 8; bit++) byte |= level(start + (1.5 + bit) * ratio) << bit
    at = start + 9.5 * ratio
    received.push({ byte, framed: level(at) === 1 })
  }
}

/** The line bit by bit: start 0, eight data bits with the lowest first, stop 1. */
function levels({ bytes, gapBits = 0 }: Transmission): number[] {
  return [...bytes].flatMap((byte) => [
    0,
    ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1),
    ...new Array<number>(1 + gapBits).fill(1),
  ])
}

/** The first bit from `at` on that is 0 after a 1. */
function fallingEdge(bits: readonly number[], at: number): number | undefined {
  for (let bit = Math.max(0, Math.ceil(at - HAIR)); bit < bits.length; bit++)
    if (bits[bit] === 0 && (bit === 0 || bits[bit - 1] === 1)) return bit
  return undefined
}
