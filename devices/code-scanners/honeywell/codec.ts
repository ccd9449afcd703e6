import type { Found } from '../../lib/search.ts'

/**
 * Serial commands of Honeywell heads (N86xx and other imagers with the same menu language):
 *
 *   trigger on    16 54 0D      no answer
 *   trigger off   16 55 0D      no answer
 *   menu command  16 4D 0D  tag and sub-tag (6 characters)  data  "!" or "."      "!" forgotten at power-off, "." kept
 *   its answer    text  tag and sub-tag  data  06 | 15 | 05  "!" or "."           done, value not allowed, not known
 *
 * The answer has no mark at its beginning, so it can be told from codes only while it is waited for. Codes come on the same
 * wire as plain lines.
 */
export interface MenuAnswer {
  /** What was asked for, without the repeated command. */
  readonly text: string
  readonly status: 'done' | 'bad-value' | 'unknown-command'
}

export const triggerOn = Uint8Array.of(0x16, 0x54, 0x0d)
export const triggerOff = Uint8Array.of(0x16, 0x55, 0x0d)
/** Asks for product name and software revision. */
export const revision = 'REVINF.'

const menuStart = '\x16M\r'
const statuses = { '\x06': 'done', '\x15': 'bad-value', '\x05': 'unknown-command' } as const
const maxAnswer = 2048

export function encodeMenu(command: string): Uint8Array {
  return Buffer.from(menuStart + command, 'latin1')
}

export function encodeAnswer(command: string, { text, status }: MenuAnswer): Uint8Array {
  const [mark = ''] = Object.entries(statuses).find(([, name]) => name === status) ?? []
  return Buffer.from(`${text}${command.slice(0, -1)}${mark}${command.slice(-1)}`, 'latin1')
}

/** The answer to `command` in bytes received since it was sent. To be asked after every byte. */
export function answerTo(command: string, bytes: Uint8Array): Found<MenuAnswer> {
  const text = Buffer.from(bytes).toString('latin1')
  const mark = text.at(-2)
  const end = `${command.slice(0, -1)}${mark}${command.slice(-1)}`
  if (isStatus(mark) && text.endsWith(end)) {
    return { frame: { text: text.slice(0, -end.length), status: statuses[mark] }, used: bytes.length }
  }
  return bytes.length < maxAnswer ? 'more' : 'no'
}

export type HostCommand = 'trigger-on' | 'trigger-off' | { readonly menu: string }

/** A command at the front of these bytes, for the simulator. */
export function commandAt(bytes: Uint8Array): Found<HostCommand> {
  const text = Buffer.from(bytes).toString('latin1')
  if (text.startsWith('\x16T\r')) return { frame: 'trigger-on', used: 3 }
  if (text.startsWith('\x16U\r')) return { frame: 'trigger-off', used: 3 }
  const [menu] = /^[A-Z0-9]{6}[^!.]*[!.]/.exec(text.slice(menuStart.length)) ?? []
  if (text.startsWith(menuStart) && menu !== undefined)
    return { frame: { menu }, used: menuStart.length + menu.length }
  const begun = [menuStart, '\x16T\r', '\x16U\r'].some((start) => start.startsWith(text.slice(0, 3)))
  return begun && text.length < maxAnswer ? 'more' : 'no'
}

function isStatus(mark: string | undefined): mark is keyof typeof statuses {
  return mark !== undefined && Object.hasOwn(statuses, mark)
}
