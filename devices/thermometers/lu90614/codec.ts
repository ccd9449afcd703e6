import { sum8 } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { type Found, searchFrame } from '../../lib/search.ts'

/**
 * Wire format of the module LU90614 (public drivers and sellers' sheets agree):
 *
 *   command   FA  command  sum
 *   answer    FE  mode  whole degrees  hundredths  four bytes nobody explains  sum
 *
 * `sum` is the low 8 bits of the sum of everything before it. `mode` says which temperature it is.
 */
export interface LuAnswer {
  readonly mode: LuMode
  readonly centiCelsius: number
}

export type LuMode = 'body' | 'object'
export type LuCommand = LuMode | 'measure'

const COMMAND = 0xfa
const ANSWER = 0xfe
const commandBytes: Record<LuCommand, number> = { body: 0xc5, object: 0xc6, measure: 0xca }
const modeBytes: Record<LuMode, number> = { body: 0xac, object: 0xaa }
const answerLength = 9

/** The agent's end. */
export const luHost: Codec<LuAnswer, LuCommand> = {
  encode: (command) => commandFrame(commandBytes[command]),
  decode: (bytes) => searchFrame(bytes, decodeAnswer),
}

/** The module's end, for the simulator. */
export const luModule: Codec<LuCommand, LuAnswer> = {
  encode({ mode, centiCelsius }) {
    const whole = Math.floor(centiCelsius / 100)
    // What the last four bytes mean is not known; a module sends something there, so the simulator does too.
    const body = [ANSWER, modeBytes[mode], whole & 0xff, centiCelsius - whole * 100, 0x11, 0x02, 0x33, 0x04]
    return Uint8Array.from([...body, sum8(body)])
  },
  decode: (bytes) => searchFrame(bytes, decodeCommand),
}

function commandFrame(command: number): Uint8Array {
  return Uint8Array.from([COMMAND, command, sum8([COMMAND, command])])
}

function decodeAnswer(bytes: Uint8Array): Found<LuAnswer> {
  const [first, modeByte, whole = 0, hundredths = 0] = bytes
  if (first !== ANSWER) return 'no'
  if (modeByte === undefined) return 'more'
  const mode = modeByte === modeBytes.body ? 'body' : 'object'
  if (modeByte !== modeBytes[mode] || hundredths > 99) return 'no'
  if (bytes.length < answerLength) return 'more'
  if (sum8(bytes.subarray(0, answerLength - 1)) !== bytes[answerLength - 1]) return 'no'
  return { frame: { mode, centiCelsius: whole * 100 + hundredths }, used: answerLength }
}

function decodeCommand(bytes: Uint8Array): Found<LuCommand> {
  const [first, code, sum] = bytes
  if (first !== COMMAND) return 'no'
  if (code === undefined) return 'more'
  const found = Object.entries(commandBytes).find(([, byte]) => byte === code)
  if (!found) return 'no'
  if (sum === undefined) return 'more'
  return sum === sum8([COMMAND, code]) ? { frame: found[0] as LuCommand, used: 3 } : 'no'
}
