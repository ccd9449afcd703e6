import { sum8 } from '../../lib/checksums.ts'
import type { Codec, Step } from '../../lib/frames.ts'

/**
 * Wire format of the array module GY-MCU90640 (maker's manual):
 *
 *   command   A5  command  value  sum
 *   picture   5A 5A  02 06  768 pixels (2 each)  ambient (2)  check (2)      1544 bytes, low byte first everywhere
 *   answer    5A 5A  emissivity  sum                                         to "read emissivity"
 *
 * `sum` is the low 8 bits of the sum of everything before it, `check` the low 16 bits of the sum of all words before it.
 * Pixels are in hundredths of a degree, with sign, row by row from the top right corner.
 */
export type ArrayAnswer =
  | { readonly type: 'picture'; readonly pixels: Int16Array; readonly ambientCentiCelsius: number }
  | { readonly type: 'emissivity'; readonly percent: number }

export interface ArrayCommand {
  readonly command: number
  readonly value: number
}

export const columns = 32
export const rows = 24
export const pictureLength = 1544

export const readEmissivity: ArrayCommand = { command: 0x55, value: 0x01 }
export const sendByItself: ArrayCommand = { command: 0x35, value: 0x02 }
export const waitForQuestions: ArrayCommand = { command: 0x35, value: 0x01 }
/** Pictures a second. 8 need 460800 baud. */
export const setRate = (hertz: 0.5 | 1 | 2 | 4 | 8): ArrayCommand => ({
  command: 0x25,
  value: [0.5, 1, 2, 4, 8].indexOf(hertz),
})

const COMMAND = 0xa5
const MARK = 0x5a
/** The length word of a picture: pixels and ambient, in bytes. */
const LENGTH_LOW = 0x02
const LENGTH_HIGH = 0x06
const pixelsFrom = 4
const ambientAt = 1540
const checkAt = 1542

/** The agent's end. */
export const arrayHost: Codec<ArrayAnswer, ArrayCommand> = {
  encode({ command, value }) {
    const body = [COMMAND, command, value]
    return Uint8Array.from([...body, sum8(body)])
  },

  /**
   * The two marks alone say nothing: the answer to a question begins with them too, and the last byte of one picture can look
   * like the first mark of the next. The bytes behind them decide.
   */
  decode(bytes): Step<ArrayAnswer> {
    const start = bytes.indexOf(MARK)
    if (start !== 0) return { skip: start === -1 ? bytes.length : start }
    const [, second, third, fourth] = bytes
    if (second === undefined) return 'more'
    if (second !== MARK) return { skip: 1 }
    if (third === undefined || fourth === undefined) return 'more'
    if (third === LENGTH_LOW && fourth === LENGTH_HIGH) {
      if (bytes.length < pictureLength) return 'more'
      const picture = readPicture(bytes)
      return picture ? { frame: picture, used: pictureLength } : { skip: 1 }
    }
    if (third <= 100 && sum8([MARK, MARK, third]) === fourth)
      return { frame: { type: 'emissivity', percent: third }, used: 4 }
    return { skip: 1 }
  },
}

/** The module's end, for the simulator. */
export const arrayModule: Codec<ArrayCommand, ArrayAnswer> = {
  encode(answer) {
    if (answer.type === 'emissivity') {
      const body = [MARK, MARK, answer.percent]
      return Uint8Array.from([...body, sum8(body)])
    }
    const bytes = new Uint8Array(pictureLength)
    bytes.set([MARK, MARK, LENGTH_LOW, LENGTH_HIGH])
    const view = new DataView(bytes.buffer)
    for (const [index, pixel] of answer.pixels.entries()) view.setInt16(pixelsFrom + 2 * index, pixel, true)
    view.setInt16(ambientAt, answer.ambientCentiCelsius, true)
    view.setUint16(checkAt, sumOfWords(view), true)
    return bytes
  },

  decode(bytes) {
    const start = bytes.indexOf(COMMAND)
    if (start !== 0) return { skip: start === -1 ? bytes.length : start }
    if (bytes.length < 4) return 'more'
    const [, command = 0, value = 0, sum] = bytes
    if (sum8(bytes.subarray(0, 3)) !== sum) return { skip: 1 }
    return { frame: { command, value }, used: 4 }
  },
}

function readPicture(bytes: Uint8Array): ArrayAnswer | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, pictureLength)
  if (sumOfWords(view) !== view.getUint16(checkAt, true)) return undefined
  const pixels = Int16Array.from({ length: columns * rows }, (_, index) =>
    view.getInt16(pixelsFrom + 2 * index, true),
  )
  return { type: 'picture', pixels, ambientCentiCelsius: view.getInt16(ambientAt, true) }
}

function sumOfWords(view: DataView): number {
  let sum = 0
  for (let at = 0; at < checkAt; at += 2) sum = (sum + view.getUint16(at, true)) & 0xffff
  return sum
}
