import { searchFrame } from '../../lib/search.ts'
import { framedReader } from '../../lib/wire/framed-reader.ts'
import { type LineOptions, lineReader } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { commandAt, encodeReply, replyAt, resultDone, Zone } from './codec.ts'

/** Commands out, codes and replies in. */
export const wire: OpenWire<LineOptions> = (options) => ({
  toDevice: framedReader({
    decode: (bytes) => searchFrame(bytes, commandAt),
    describe: ({ type, address, data }) =>
      type === 'read' ? `read ${zone(address)}` : `write ${zone(address)}: ${data}`,
  }),
  fromDevice: lineReader(options, {
    at: replyAt,
    describe: ({ result, data }) =>
      `reply: ${result === resultDone ? 'done' : `result ${result}`}, ${data.length} bytes`,
    // A setting is one byte; more than that was never asked for, and a code may look like it.
    harmless: (reply, vary) =>
      reply.data.length === 1
        ? undefined
        : encodeReply({ ...reply, data: vary(new Uint8Array(reply.data.length)) }),
  }),
})

function zone(address: number): string {
  const [name] = Object.entries(Zone).find(([, at]) => at === address) ?? []
  return name ?? `zone ${address.toString(16).padStart(4, '0')}`
}
