import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { asDeviceError, DeviceError } from '../../errors.ts'
import { codeEvents, codeOptions } from '../../lib/code-events.ts'
import { exchange } from '../../lib/exchange.ts'
import { greeted, hearing } from '../../lib/greeting.ts'
import { parseCode } from '../../lib/lines.ts'
import { optionWords } from '../../lib/option-words.ts'
import { CodeAssembler } from './assembler.ts'
import { command, longestPacket, Opcode, refusals, type SsiPacket, ssiHost } from './codec.ts'

const timeoutMs = 500
const gapMs = 100
const quietMs = 100

const options = z.object({
  ...codeOptions,
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
})

/** Zebra heads that speak SSI with packeted decode data. Asking for the revision proves the model. */
export const zebraSsi = defineDriver({
  id: 'zebra-ssi',
  kind: 'code-scanner',
  label: 'Zebra code scanner speaking SSI (serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock, log } = session
    const codes = codeEvents(session)
    const format = { ...options, prefix: Buffer.from(options.prefix, 'hex') }
    const assembler = new CodeAssembler(options.maxLength + format.prefix.length + (options.aimId ? 3 : 0))
    const codec = hearing(ssiHost)
    const decoder = exchange(link, codec, { clock, gapMs, quietMs, maxLength: longestPacket, onReport })

    function onReport(packet: SsiPacket) {
      if (packet.opcode === Opcode.acknowledge || packet.opcode === Opcode.refuse) return
      acknowledge()
      if (packet.opcode !== Opcode.decodeData) return
      for (const each of assembler.add(packet, clock.monotonic())) {
        if ('dropped' in each) codes.take(each)
        else for (const cut of parseCode(format, each.code)) codes.take(cut)
      }
    }

    /** Also what was sent again, or it would be sent for ever. */
    function acknowledge() {
      link.write(ssiHost.encode(command(Opcode.acknowledge))).catch((error) => {
        if (!link.closed.aborted)
          log('not acknowledged', { code: asDeviceError(error, 'link-lost', link.name).code })
      })
    }

    async function tell(opcode: number, answer: number): Promise<SsiPacket> {
      const reply = await decoder.ask(command(opcode), {
        answers: (packet) => packet.opcode === answer || packet.opcode === Opcode.refuse,
        timeoutMs,
      })
      if (reply.opcode === answer) return reply
      const why = refusals[reply.data[0] ?? 0] ?? `cause ${reply.data[0]}`
      throw new DeviceError('refused', `${link.name}: the head refused a command: ${why}`)
    }

    const revision = await greeted(link, () => tell(Opcode.requestRevision, Opcode.replyRevision), {
      heard: codec.heard,
      model: 'an SSI decoder',
    })
    acknowledge()
    const firmware = printable(revision.data)
    log('code scanner ready', { revision: firmware })
    return {
      facts: { firmware },
      suppressed: codes.suppressed,
      async trigger(on) {
        await tell(on ? Opcode.startSession : Opcode.stopSession, Opcode.acknowledge)
      },
    }
  },
})

function printable(data: Uint8Array): string {
  return Buffer.from(data)
    .toString('latin1')
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
}
