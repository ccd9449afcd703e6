import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { asDeviceError } from '../../errors.ts'
import { codeEvents, lineOptions } from '../../lib/code-events.ts'
import { type Cut, LineCutter } from '../../lib/lines.ts'
import { optionWords } from '../../lib/option-words.ts'

/** An unfinished line followed by this much silence has lost its end. Inside a line heads never pause so long. */
const tornAfterMs = 1000

const options = z.object({
  ...lineOptions,
  baudRate: z.number().int().positive().default(115_200).describe(optionWords.baudRate),
  gapMs: z
    .number()
    .int()
    .min(20)
    .max(1000)
    .default(80)
    .describe('Silence that ends a code when there is no terminator'),
})

/** Any scan head set up to send one line per code. It only speaks, so there is no greeting that could prove the model. */
export const lineScanner = defineDriver({
  id: 'line-scanner',
  kind: 'code-scanner',
  label: 'Code scanner sending lines (serial, USB-CDC)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, signal, clock, log } = session
    const cutter = new LineCutter({ ...options, prefix: Buffer.from(options.prefix, 'hex') })
    const codes = codeEvents(session)
    const endsBySilence = options.terminator === 'none' && !options.stxEtx
    const silenceMs = endsBySilence ? options.gapMs : tornAfterMs
    let lastByteAt = clock.monotonic()
    let chunks = 0

    // Whatever the agent threw over an event: without a reader this connection would be deaf, so it ends.
    listen().catch(async (error) => {
      log('reading codes failed', { code: asDeviceError(error, 'bad-answer', link.name).code })
      await link.close()
    })

    async function listen() {
      for await (const chunk of link.bytes) {
        const now = clock.monotonic()
        // Looked at here too, because a timer may come late on a busy machine.
        if (now - lastByteAt >= silenceMs) take(cutter.silence())
        lastByteAt = now
        take(cutter.push(chunk))
        if (endsBySilence) void endAfterSilence(++chunks)
      }
    }

    async function endAfterSilence(chunk: number) {
      try {
        await clock.sleep(silenceMs, signal)
      } catch {
        return // the connection is over, and a code cut off by it is no code
      }
      if (chunk === chunks) take(cutter.silence())
    }

    function take(cuts: readonly Cut[]) {
      for (const cut of cuts) codes.take(cut)
    }

    return { suppressed: codes.suppressed }
  },
})
