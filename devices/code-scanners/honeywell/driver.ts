import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { answeringHead } from '../../lib/answering-head.ts'
import { answeringHeadOptions } from '../../lib/code-events.ts'
import { greeted } from '../../lib/greeting.ts'
import { optionWords } from '../../lib/option-words.ts'
import { answerTo, encodeMenu, revision, triggerOff, triggerOn } from './codec.ts'

/** A head that was slow to answer the greeting of the connection before answers twice now. */
const settleMs = 300

const options = z.object({
  ...answeringHeadOptions,
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
})

/** Honeywell imagers on serial. Asking for the revision proves the model; later on the head only sends codes. */
export const honeywell = defineDriver({
  id: 'honeywell',
  kind: 'code-scanner',
  label: 'Honeywell code scanner (serial, USB serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, log, clock, signal } = session
    // Until the greeting is over nothing is a code: neither the answer nor a line of it may reach the agent.
    let greeting = true
    const head = answeringHead(session, (bytes) => (greeting ? answerTo(revision, bytes) : 'no'))

    const answer = await greeted(link, () => head.ask(encodeMenu(revision), () => true), {
      heard: head.heard,
      model: 'a Honeywell imager',
    })
    if (answer.status !== 'done')
      throw new DeviceError(
        'wrong-device',
        `${link.name}: the head does not tell its revision (${answer.status})`,
      )
    await clock.sleep(settleMs, signal)
    greeting = false
    head.forget()
    const firmware = printable(answer.text)
    log('code scanner ready', { revision: firmware })
    return {
      facts: { firmware },
      suppressed: head.suppressed,
      trigger: (on: boolean) => link.write(on ? triggerOn : triggerOff),
    }
  },
})

/** The end of it, because a code that was shown during the greeting stands in front. */
function printable(text: string): string {
  return text
    .slice(Math.max(0, text.indexOf('Product Name')))
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
    .slice(0, 200)
}
