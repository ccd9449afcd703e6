import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { answeringHead } from '../../lib/answering-head.ts'
import { answeringHeadOptions } from '../../lib/code-events.ts'
import { greeted } from '../../lib/greeting.ts'
import { optionWords } from '../../lib/option-words.ts'
import { Command, encodeCommand, replyAt } from './codec.ts'

const options = z.object({
  ...answeringHeadOptions,
  baudRate: z.number().int().positive().default(115_200).describe(optionWords.baudRate),
})

/** Newland heads that take "unified" commands. Asking for its system text proves the model. */
export const newland = defineDriver({
  id: 'newland',
  kind: 'code-scanner',
  label: 'Newland (新大陆) code scanner with unified commands (serial, USB-CDC)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, log } = session
    const head = answeringHead(session, replyAt)

    async function tell(command: string): Promise<string> {
      const { text, status } = await head.ask(encodeCommand(command), (reply) =>
        reply.text.startsWith(command),
      )
      if (status !== 'done')
        throw new DeviceError('refused', `${link.name}: the head refused ${command} (${status})`)
      return text.slice(command.length)
    }

    const system = await greeted(link, () => tell(Command.querySystem), {
      heard: head.heard,
      model: 'a Newland head',
    })
    const firmware = printable(system)
    log('code scanner ready', { system: firmware })
    return {
      facts: { firmware },
      suppressed: head.suppressed,
      async trigger(on) {
        await tell(on ? Command.triggerOn : Command.triggerOff)
      },
    }
  },
})

function printable(text: string): string {
  return text
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
    .slice(0, 200)
}
