import { framedReader } from '../../lib/wire/framed-reader.ts'
import { codeIn, codeText, withCode } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { longestPacket, Opcode, refusals, type SsiPacket, Status, ssiDecoder, ssiHost } from './codec.ts'

interface Options {
  readonly prefix: string
  readonly aimId: boolean
  readonly maxLength: number
}

/** Packets both ways; of decode data only the type of the bar code is shown. */
export const wire: OpenWire<Options> = (options) => {
  const format = { ...options, prefix: Buffer.from(options.prefix, 'hex') }
  // A later packet of a long code has no prefix of its own.
  let later = false
  let moreFollow = false
  return {
    toDevice: framedReader({ decode: ssiDecoder.decode, maxLength: longestPacket, describe }),
    fromDevice: framedReader({
      decode: ssiHost.decode,
      maxLength: longestPacket,
      describe(packet) {
        if (packet.opcode === Opcode.decodeData) {
          later = moreFollow
          moreFollow = (packet.status & Status.moreFollow) !== 0
        }
        return describe(packet)
      },
      harmless(packet, vary) {
        if (packet.opcode === Opcode.replyRevision || packet.data.length <= 1) return undefined
        const to = packet.data.length
        const from = later ? 1 : Math.min(to, codeIn(packet.data, 1, format).from)
        const data = withCode(packet.data, { from, to }, vary)
        return ssiDecoder.encode({ ...packet, data })
      },
    }),
  }
}

const names = new Map(Object.entries(Opcode).map(([name, code]) => [code as number, name]))

function describe({ opcode, status, data }: SsiPacket): string {
  const again = status & Status.sentAgain ? ', sent again' : ''
  const name = names.get(opcode) ?? `op code ${opcode.toString(16)}`
  if (opcode === Opcode.decodeData)
    return `${codeText(Math.max(0, data.length - 1))}, type ${data[0] ?? '?'}${again}${status & Status.moreFollow ? ', more follows' : ''}`
  if (opcode === Opcode.refuse) return `refused: ${refusals[data[0] ?? 0] ?? data[0]}${again}`
  return `${name}${again}`
}
