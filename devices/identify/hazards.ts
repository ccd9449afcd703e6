import { type Receiver, readAtSpeed } from './wire.ts'

/** "On", "off" and "pulse for a second" of the relay boards that take a single byte (sellers' sheets). */
const orders: readonly number[] = [0xaa, 0xbb, 0xcc]
/**
 * How a dialogue with boards named ICSE012A to ICSE014A begins (public drivers): they answer 50 with one byte, and once they have
 * got 51 as well, every further byte is their relays.
 */
const beginnings: readonly number[] = [0x50]

/** Such boards are sold with 9600 baud; cheap clocks are up to three percent off. */
const boards: readonly Receiver[] = [0.97, 0.985, 1, 1.015, 1.03].flatMap((drift) =>
  [0, 1 / 32, 1 / 16].map((lateBits) => ({ baudRate: 9600 * drift, lateBits })),
)
/** An adapter may pause between two characters. */
const gaps: readonly number[] = Array.from({ length: 13 }, (_, bits) => bits)

/**
 * Whether a relay board that takes single bytes would find nothing for itself in these bytes, at whatever speed they are sent:
 * at another speed than its own it reads other bytes than were sent, and those count. `watched`: whoever answers anything to
 * them is asked nothing more, so that no dialogue can go on.
 */
export function movesNoBoard(bytes: Uint8Array, baudRate: number, { watched = false } = {}): boolean {
  const forbidden = watched ? orders : [...orders, ...beginnings]
  if (bytes.some((byte) => forbidden.includes(byte))) return false
  return gaps.every((gapBits) =>
    boards.every(
      (board) =>
        !readAtSpeed({ bytes, baudRate, gapBits }, board).some(({ byte }) => forbidden.includes(byte)),
    ),
  )
}
