import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { codeEvents, codeOptions } from '../../lib/code-events.ts'
import { exchange } from '../../lib/exchange.ts'
import { greeted, hearing } from '../../lib/greeting.ts'
import { parseCode } from '../../lib/lines.ts'
import { optionWords } from '../../lib/option-words.ts'
import {
  Command,
  heartbeat,
  light,
  obeyed,
  scan,
  type VguangReply,
  type VguangRequest,
  vguangHost,
} from './codec.ts'

const timeoutMs = 500
/** Longer than the pause between two blocks of one reply. */
const gapMs = 200
const quietMs = 100
const overheadBytes = 7

const options = z.object({
  ...codeOptions,
  baudRate: z.number().int().positive().default(115_200).describe(optionWords.baudRate),
  light: z
    .enum(['leave', 'on', 'off'])
    .default('leave')
    .describe('What the light of the head is told at the start'),
})

/** Vguang heads with framed output. Scanning is switched on at the start: the answer also proves the model. */
export const vguang = defineDriver({
  id: 'vguang',
  kind: 'code-scanner',
  label: 'Vguang (微光) code scanner (serial, framed output)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock, log } = session
    const codes = codeEvents(session)
    const format = { ...options, prefix: Buffer.from(options.prefix, 'hex') }
    const maxData = options.maxLength + format.prefix.length + (options.aimId ? 3 : 0)
    const codec = hearing(vguangHost(maxData))
    const head = exchange(link, codec, {
      clock,
      gapMs,
      quietMs,
      maxLength: maxData + overheadBytes,
      onReport,
    })

    function onReport({ command, flag, data }: VguangReply) {
      if (command !== Command.code || flag !== obeyed) return
      if (Buffer.from(data).toString('latin1').trim() === heartbeat) return
      for (const cut of parseCode(format, data)) codes.take(cut)
    }

    async function tell(request: VguangRequest) {
      const reply = await head.ask(request, {
        answers: ({ command }) => command === request.command,
        timeoutMs,
      })
      if (reply.flag !== obeyed)
        throw new DeviceError('refused', `${link.name}: the head refused command ${request.command}`)
    }

    await greeted(link, () => tell(scan(true)), { heard: codec.heard, model: 'a Vguang head' })
    if (options.light !== 'leave') await tell(light(options.light === 'on'))
    log('code scanner ready')
    return { suppressed: codes.suppressed, trigger: (on: boolean) => tell(scan(on)) }
  },
})
