import type { SamReply, SamRequest } from './codec.ts'
import { Status } from './status-codes.ts'

/** One thing a module can be asked, and how its answer is told from a late answer to something else. */
export interface SamQuestion {
  /** For logs and messages: "find card (20 01)". */
  readonly name: string
  readonly request: SamRequest
  readonly timeoutMs: number
  /** Replies carry no command, so only their shape tells to which question they belong. */
  fits(reply: SamReply): boolean
}

// A read's answer holds at least two lengths and the text.
const READ_ANSWER_BYTES = 260
/** 35 characters, UTF-16LE, filled with spaces. */
export const ADDED_ADDRESS_BYTES = 70
const good = ({ status }: SamReply) => status === Status.ok

/**
 * The requests of SAM_V that a kiosk needs. The fingerprint request 30 10 is not among them: nobody at a hall's door
 * needs fingerprints, so this software cannot ask for them.
 */
export const Question = {
  reset: question('reset (10 FF)', [0x10, 0xff], 1000, (reply) => reply.data.length === 0),
  status: question('status (11 FF)', [0x11, 0xff], 1000, (reply) => reply.data.length === 0),
  samNumber: question('module number (12 FF)', [0x12, 0xff], 1000, (reply) =>
    good(reply) ? reply.data.length === 16 : reply.data.length === 0,
  ),
  findCard: question('find card (20 01)', [0x20, 0x01], 1000, (reply) => !good(reply)),
  selectCard: question(
    'select card (20 02)',
    [0x20, 0x02],
    1000,
    (reply) => !good(reply) || (reply.data.length > 0 && reply.data.length < READ_ANSWER_BYTES),
  ),
  readCard: question(
    'read card (30 01)',
    [0x30, 0x01],
    5000,
    (reply) => !good(reply) || reply.data.length >= READ_ANSWER_BYTES,
  ),
  addedAddress: question('added address (30 03)', [0x30, 0x03], 3000, (reply) =>
    good(reply) ? reply.data.length === ADDED_ADDRESS_BYTES : reply.data.length === 0,
  ),
} as const

function question(
  name: string,
  [command, parameter]: readonly [number, number],
  timeoutMs: number,
  fits: (reply: SamReply) => boolean,
): SamQuestion {
  const withStatusWords = (reply: SamReply) => reply.sw1 === 0 && reply.sw2 === 0 && fits(reply)
  return { name, request: { command, parameter, data: new Uint8Array() }, timeoutMs, fits: withStatusWords }
}
