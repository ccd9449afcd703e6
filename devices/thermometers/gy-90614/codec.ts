import { sum8 } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { type Found, searchFrame } from '../../lib/search.ts'

/**
 * Wire format of the modules GY-MCU90614 and GY-MCU90615 (makers' sheets):
 *
 *   command   A5  command  sum
 *   reading   5A 5A  45  04  object (2)  ambient (2)  sum
 *
 * `sum` is the low 8 bits of the sum of everything before it. Temperatures are in hundredths of a degree, high byte first;
 * read with sign, though no sheet speaks of frost.
 */
export interface Gy90614Reading {
  readonly objectCentiCelsius: number
  readonly ambientCentiCelsius: number
}

export const Command = {
  continuous: 0x45,
  oneReading: 0x15,
  baud9600: 0xae,
  baud115200: 0xaf,
  outputAtPowerOn: 0x51,
  silentAtPowerOn: 0x52,
} as const
export type Gy90614Command = (typeof Command)[keyof typeof Command]

const COMMAND = 0xa5
const header = [0x5a, 0x5a, 0x45, 0x04] as const
const readingLength = 9

/** The agent's end. */
export const gy90614Host: Codec<Gy90614Reading, Gy90614Command> = {
  encode: (command) => Uint8Array.from([COMMAND, command, sum8([COMMAND, command])]),
  decode: (bytes) => searchFrame(bytes, decodeReading),
}

/** The module's end, for the simulator. */
export const gy90614Module: Codec<Gy90614Command, Gy90614Reading> = {
  encode({ objectCentiCelsius: object, ambientCentiCelsius: ambient }) {
    const words = [object >> 8, object, ambient >> 8, ambient].map((byte) => byte & 0xff)
    const body = [...header, ...words]
    return Uint8Array.from([...body, sum8(body)])
  },
  decode: (bytes) => searchFrame(bytes, decodeCommand),
}

function decodeReading(bytes: Uint8Array): Found<Gy90614Reading> {
  if (header.some((byte, at) => at < bytes.length && bytes[at] !== byte)) return 'no'
  if (bytes.length < readingLength) return 'more'
  if (sum8(bytes.subarray(0, readingLength - 1)) !== bytes[readingLength - 1]) return 'no'
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    frame: { objectCentiCelsius: view.getInt16(4), ambientCentiCelsius: view.getInt16(6) },
    used: readingLength,
  }
}

function decodeCommand(bytes: Uint8Array): Found<Gy90614Command> {
  const [first, command, sum] = bytes
  if (first !== COMMAND) return 'no'
  if (command === undefined) return 'more'
  const known = Object.values(Command).find((each) => each === command)
  if (known === undefined) return 'no'
  if (sum === undefined) return 'more'
  return sum === sum8([COMMAND, known]) ? { frame: known, used: 3 } : 'no'
}
