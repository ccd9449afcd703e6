import type { Found } from '../../lib/search.ts'

/**
 * "Unified" commands of Newland (新大陆) heads (FM, EM, NVH; Sunmi's K2 takes the same):
 *
 *   command   7E 01 30 30 30 30  storage tag sub-tag data  3B 03      ~<SOH>0000…;<ETX>
 *   reply     02 01 30 30 30 30  storage tag sub-tag data  status 3B 03
 *
 * `storage` is "#" (forgotten at power-off) or "@" (kept). A reply repeats the command and, to a query, adds the text asked
 * for; `status` is 06 done, 15 value not allowed, 05 command not known. Codes come on the same wire as plain lines.
 */
export interface NewlandReply {
  /** The command repeated, and what was asked for: "#SCNTRG1". */
  readonly text: string
  readonly status: ReplyStatus
}

export type ReplyStatus = 'done' | 'bad-value' | 'unknown-command'

export const Command = {
  triggerOn: '#SCNTRG1',
  triggerOff: '#SCNTRG0',
  querySystem: '#QRYSYS',
} as const

const address = '0000'
const commandStart = `~\x01${address}`
const replyStart = `\x02\x01${address}`
const end = ';\x03'
const statuses = new Map<number, ReplyStatus>([
  [0x06, 'done'],
  [0x15, 'bad-value'],
  [0x05, 'unknown-command'],
])
/** The system text of a query is some hundred characters; longer than this is no reply. */
const maxReply = 1024

export function encodeCommand(command: string): Uint8Array {
  return Buffer.from(`${commandStart}${command}${end}`, 'latin1')
}

export function encodeReply({ text, status }: NewlandReply): Uint8Array {
  const [byte = 0] = [...statuses].find(([, name]) => name === status) ?? []
  return Buffer.from(`${replyStart}${text}${String.fromCharCode(byte)}${end}`, 'latin1')
}

/** A reply at the front of these bytes. To be asked after every byte: a reply ends where the bytes end. */
export function replyAt(bytes: Uint8Array): Found<NewlandReply> {
  return enclosed(bytes, replyStart, (text) => {
    const status = statuses.get(text.charCodeAt(text.length - 1))
    return status && { text: text.slice(0, -1), status }
  })
}

/** A command at the front of these bytes, without its frame; for the simulator. */
export function commandAt(bytes: Uint8Array): Found<string> {
  return enclosed(bytes, commandStart, (text) => text)
}

function enclosed<Content>(
  bytes: Uint8Array,
  start: string,
  read: (text: string) => Content | undefined,
): Found<Content> {
  const text = Buffer.from(bytes).toString('latin1')
  if (!start.startsWith(text.slice(0, start.length))) return 'no'
  if (text.length > start.length && text.endsWith(end)) {
    const content = read(text.slice(start.length, -end.length))
    if (content !== undefined) return { frame: content, used: bytes.length }
  }
  return text.length < maxReply ? 'more' : 'no'
}
