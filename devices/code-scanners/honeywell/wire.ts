import { searchFrame } from '../../lib/search.ts'
import { framedReader } from '../../lib/wire/framed-reader.ts'
import { type LineOptions, lineReader } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { answerTo, commandAt, encodeAnswer, type MenuAnswer, revision } from './codec.ts'

/** Commands out, codes and the answer to the greeting in: it has no mark at its beginning, so all of its text is hidden. */
export const wire: OpenWire<LineOptions> = (options) => {
  let asked = false
  const commands = framedReader({
    decode: (bytes) => searchFrame(bytes, commandAt),
    describe: (command) =>
      typeof command === 'string'
        ? command.replace('-', ' ')
        : `menu command ${command.menu === revision ? revision : 'not known'}`,
    harmless: (command, _vary, bytes) =>
      typeof command === 'string' || command.menu === revision ? undefined : new Uint8Array(bytes.length),
  })
  return {
    toDevice: {
      ...commands,
      push(chunk) {
        asked ||= Buffer.from(chunk).toString('latin1').includes(revision)
        return commands.push(chunk)
      },
    },
    fromDevice: lineReader<MenuAnswer>(options, {
      at: (bytes) => (asked ? answerTo(revision, bytes) : 'no'),
      describe({ status }) {
        asked = false
        return `answer to ${revision}: ${status}`
      },
      harmless: ({ text, status }, vary) =>
        encodeAnswer(revision, {
          text: Buffer.from(vary(Buffer.from('x'.repeat(text.length)))).toString('latin1'),
          status,
        }),
    }),
  }
}
