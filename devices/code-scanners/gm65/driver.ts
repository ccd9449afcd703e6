import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { answeringHead } from '../../lib/answering-head.ts'
import { answeringHeadOptions } from '../../lib/code-events.ts'
import { greeted } from '../../lib/greeting.ts'
import { optionWords } from '../../lib/option-words.ts'
import { encodeCommand, type Gm65Command, modes, readMode, replyAt, resultDone, trigger } from './codec.ts'

const options = z.object({
  ...answeringHeadOptions,
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
})

/** GM65-class modules. Reading the setting of their reading mode proves the model and tells how they will read. */
export const gm65 = defineDriver({
  id: 'gm65',
  kind: 'code-scanner',
  label: 'GM65-class code scanner module (serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, log } = session
    const head = answeringHead(session, replyAt)

    async function tell(command: Gm65Command): Promise<number> {
      const { result, data } = await head.ask(encodeCommand(command), () => true)
      if (result !== resultDone)
        throw new DeviceError('refused', `${link.name}: the module refused a command (result ${result})`)
      return data[0] ?? 0
    }

    const setting = await greeted(link, () => tell(readMode), {
      heard: head.heard,
      model: 'a GM65-class module',
    })
    const mode = modes[setting & 0b11] ?? 'unknown'
    log('code scanner ready', { mode })
    return {
      facts: { mode },
      suppressed: head.suppressed,
      async trigger(on) {
        await tell(trigger(on))
      },
    }
  },
})
