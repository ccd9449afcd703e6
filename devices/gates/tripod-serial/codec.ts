import { xor8 } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { searchFrame } from '../../lib/search.ts'

/**
 * Wire format of serial tripod turnstiles (AC-ATRI-018's sheet):
 *
 *   EB  address  command  00  XOR of the four before it
 *
 * No answer is documented, so there is none here.
 */
export interface TripodCommand {
  readonly address: number
  readonly command: number
}

export const Command = { openLeft: 0x40, openRight: 0x41, dropArm: 0x42, raiseArm: 0x43 } as const

const START = 0xeb
const frameLength = 5

/** One passage to one side. This software has no words for dropping or raising the arm. */
export function openFrame(address: number, side: 'left' | 'right'): Uint8Array {
  return encode({ address, command: side === 'left' ? Command.openLeft : Command.openRight })
}

/** The turnstile's end, for the simulator. */
export const tripod: Codec<TripodCommand> = {
  encode,
  decode: (bytes) =>
    searchFrame(bytes, (part) => {
      const [start, address = 0, command = 0, zero = 0, check] = part
      if (start !== START || zero !== 0) return 'no'
      if (part.length < frameLength) return 'more'
      if (xor8(part.subarray(0, frameLength - 1)) !== check) return 'no'
      return { frame: { address, command }, used: frameLength }
    }),
}

function encode({ address, command }: TripodCommand): Uint8Array {
  const body = [START, address, command, 0]
  return Uint8Array.from([...body, xor8(body)])
}
