import { sum8 } from '../../lib/checksums.ts'
import type { Codec } from '../../lib/frames.ts'
import { type Found, searchFrame } from '../../lib/search.ts'

/**
 * Wire format of the GY-614V UART module (maker's sheet, register table):
 *
 *   read    address  03  start  count          sum        answer  address  03  start  count  count bytes  sum
 *   write   address  06  register  value       sum        answer  the same five bytes
 *
 * `sum` is the low 8 bits of the sum of everything before it. Registers are bytes; temperatures take two,
 * high byte first, in hundredths of a degree. A module in continuous mode sends answers nobody asked for.
 */
export type GyRequest =
  | { readonly type: 'read'; readonly start: number; readonly count: number }
  | { readonly type: 'write'; readonly register: number; readonly value: number }

export type GyAnswer =
  | { readonly type: 'registers'; readonly start: number; readonly data: Uint8Array }
  | { readonly type: 'written'; readonly register: number; readonly value: number }

export const Register = {
  rate: 0x02,
  mode: 0x03,
  emissivity: 0x07,
  object: 0x08,
  ambient: 0x0a,
  body: 0x0c,
  chip: 0x0e,
  firmware: 0x0f,
} as const

export const Mode = { continuous: 0, query: 1 } as const

/** Chip and firmware. */
export const readIdentity = { type: 'read', start: Register.chip, count: 2 } as const
/** Emissivity, object, ambient and body temperature in one answer. */
export const readMeasurement = { type: 'read', start: Register.emissivity, count: 7 } as const
export const setQueryMode = { type: 'write', register: Register.mode, value: Mode.query } as const

export interface GyMeasurement {
  readonly emissivityPercent: number
  /** What the sensor sees (TO). */
  readonly objectCentiCelsius: number
  readonly ambientCentiCelsius: number
  /** The module's own conversion from forehead to body (BO). */
  readonly bodyCentiCelsius: number
}

/** Takes the data of an answer to `readMeasurement`. Read without sign: the maker's sheet says nothing of frost. */
export function toMeasurement(data: Uint8Array): GyMeasurement {
  const word = (register: number) => {
    const at = register - Register.emissivity
    return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
  }
  return {
    emissivityPercent: data[0] ?? 0,
    objectCentiCelsius: word(Register.object),
    ambientCentiCelsius: word(Register.ambient),
    bodyCentiCelsius: word(Register.body),
  }
}

const READ = 0x03
const WRITE = 0x06
const requestLength = 5

/**
 * The host's end. It knows the lengths of the answers to its own questions and no others: eight bits of check sum are too
 * weak to accept whatever looks like a frame.
 */
export function gyHost(address: number): Codec<GyAnswer, GyRequest> {
  return {
    encode: (request) => encodeRequest(address, request),
    decode: (bytes) => searchFrame(bytes, (part) => decodeAnswer(address, part)),
  }
}

/** The module's end, for the simulator. Requests have a fixed length, so a false start never hides a true one. */
export function gyModule(address: number): Codec<GyRequest, GyAnswer> {
  return {
    encode(answer) {
      if (answer.type === 'written') return encodeRequest(address, { ...answer, type: 'write' })
      const frame = [address, READ, answer.start, answer.data.length, ...answer.data]
      return Uint8Array.from([...frame, sum8(frame)])
    },
    decode: (bytes) => searchFrame(bytes, (part) => decodeRequest(address, part)),
  }
}

function encodeRequest(address: number, request: GyRequest): Uint8Array {
  const frame =
    request.type === 'read'
      ? [address, READ, request.start, request.count]
      : [address, WRITE, request.register, request.value]
  return Uint8Array.from([...frame, sum8(frame)])
}

function decodeAnswer(address: number, bytes: Uint8Array): Found<GyAnswer> {
  const [first, command, start, count] = bytes
  if (first !== address) return 'no'
  if (command === undefined) return 'more'
  if (command === WRITE) {
    if (start !== undefined && start !== setQueryMode.register) return 'no'
    return checked(bytes, requestLength, (frame) => ({
      type: 'written',
      register: frame[2] ?? 0,
      value: frame[3] ?? 0,
    }))
  }
  const question = [readIdentity, readMeasurement].find((each) => start === undefined || start === each.start)
  if (command !== READ || !question) return 'no'
  if (start === undefined || count === undefined) return 'more'
  if (count !== question.count) return 'no'
  return checked(bytes, requestLength + count, (frame) => ({
    type: 'registers',
    start,
    data: frame.slice(4, -1),
  }))
}

function decodeRequest(address: number, bytes: Uint8Array): Found<GyRequest> {
  const [first, command] = bytes
  if (first !== address) return 'no'
  if (command !== undefined && command !== READ && command !== WRITE) return 'no'
  return checked(bytes, requestLength, ([, , start = 0, value = 0]) =>
    command === READ ? { type: 'read', start, count: value } : { type: 'write', register: start, value },
  )
}

function checked<Frame>(bytes: Uint8Array, length: number, read: (frame: Uint8Array) => Frame): Found<Frame> {
  if (bytes.length < length) return 'more'
  const frame = bytes.subarray(0, length)
  return sum8(frame.subarray(0, -1)) === frame.at(-1) ? { frame: read(frame), used: length } : 'no'
}
