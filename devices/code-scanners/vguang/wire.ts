import { parseCode } from '../../lib/lines.ts'
import { framedReader } from '../../lib/wire/framed-reader.ts'
import { codeIn, codeText, withCode } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { Command, heartbeat, obeyed, type VguangReply, vguangHead, vguangHost } from './codec.ts'

interface Options {
  readonly prefix: string
  readonly aimId: boolean
  readonly maxLength: number
}

/** Requests out, replies and codes in. */
export const wire: OpenWire<Options> = (options) => {
  const format = { ...options, prefix: Buffer.from(options.prefix, 'hex') }
  const maxData = options.maxLength + format.prefix.length + 3
  const isHeartbeat = ({ data }: VguangReply) => Buffer.from(data).toString('latin1').trim() === heartbeat
  return {
    toDevice: framedReader({
      decode: vguangHead.decode,
      describe: ({ command, data }) => `${commandName(command)}${data.length === 1 ? `: ${data[0]}` : ''}`,
    }),
    fromDevice: framedReader({
      decode: vguangHost(maxData).decode,
      maxLength: maxData + 7,
      describe(reply) {
        if (reply.command !== Command.code) return `${commandName(reply.command)}: ${obeyedText(reply.flag)}`
        if (isHeartbeat(reply)) return 'heartbeat'
        const [cut] = parseCode(format, reply.data)
        return cut && 'code' in cut
          ? codeText(cut.code.bytes.length, cut.code.aim)
          : codeText(reply.data.length)
      },
      harmless(reply, vary) {
        if (reply.command === Command.code && isHeartbeat(reply)) return undefined
        const { from } = codeIn(reply.data, 0, format)
        const data = withCode(reply.data, { from, to: reply.data.length }, vary)
        return vguangHead.encode({ ...reply, data })
      },
    }),
  }
}

const names = new Map<number, string>([
  [Command.scan, 'scan'],
  [Command.light, 'light'],
  [Command.code, 'code'],
])
const commandName = (command: number) => names.get(command) ?? `command ${command.toString(16)}`
const obeyedText = (flag: number) => (flag === obeyed ? 'obeyed' : `refused (${flag})`)
