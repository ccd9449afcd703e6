import { sum8 } from '../../devices/lib/checksums.ts'
import type { Codec } from '../../devices/lib/frames.ts'

/** STX, length of the data, data, sum of everything before. Its first data byte is what the frame is about. */
export const toy: Codec<readonly number[]> = {
  encode(data) {
    const body = [0x02, data.length, ...data]
    return Uint8Array.from([...body, sum8(body)])
  },
  decode(bytes) {
    const start = bytes.indexOf(0x02)
    if (start !== 0) return { skip: start === -1 ? bytes.length : start }
    const length = bytes[1]
    if (length === undefined) return 'more'
    if (bytes.length < length + 3) return 'more'
    if (sum8(bytes.subarray(0, length + 2)) !== bytes[length + 2]) return { skip: 1 }
    return { frame: [...bytes.subarray(2, length + 2)], used: length + 3 }
  },
}
