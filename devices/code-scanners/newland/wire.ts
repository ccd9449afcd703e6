import { searchFrame } from '../../lib/search.ts'
import { framedReader } from '../../lib/wire/framed-reader.ts'
import { type LineOptions, lineReader } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { Command, commandAt, encodeReply, replyAt } from './codec.ts'

const commands = Object.values(Command)

/** Commands out, codes and replies in. */
export const wire: OpenWire<LineOptions> = (options) => ({
  toDevice: framedReader({
    decode: (bytes) => searchFrame(bytes, (part) => commandAtFront(part)),
    describe: (command) => `command ${commands.find((known) => known === command) ?? 'not known'}`,
    harmless: (command, _vary, bytes) =>
      commands.some((known) => known === command) ? undefined : new Uint8Array(bytes.length),
  }),
  fromDevice: lineReader(options, {
    at: replyAt,
    describe: ({ text, status }) => `reply to ${echoIn(text) ?? 'a command'}: ${status}`,
    /** Behind the echo a code that looks like a reply could hold anything. */
    harmless({ text, status }, vary) {
      const echo = echoIn(text) ?? ''
      const rest = Buffer.from(vary(Buffer.from('x'.repeat(text.length - echo.length))))
      return encodeReply({ text: echo + rest.toString('latin1'), status })
    },
  }),
})

function echoIn(text: string): string | undefined {
  return commands.find((command) => text.startsWith(command))
}

/** A command ends where the bytes end, so it is looked for in ever more of them. */
function commandAtFront(bytes: Uint8Array) {
  for (let end = 1; end <= bytes.length; end++) {
    const found = commandAt(bytes.subarray(0, end))
    if (found !== 'more') return found
  }
  return 'more' as const
}
