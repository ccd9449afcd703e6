import { z } from 'zod'
import { defineDriver, type KeptDriver } from '../driver.ts'
import { codeEvents, codeOptions } from '../lib/code-events.ts'
import type { ScannedCode } from '../lib/lines.ts'
import { listen } from '../lib/listen.ts'
import { optionWords } from '../lib/option-words.ts'
import { describedCodec, type Values } from './codec.ts'
import { type Description, longestFrame } from './description.ts'

const gapMs = 200

export interface DescribedScannerOptions {
  readonly path: string
  readonly baudRate: number
  readonly charset: 'utf-8' | 'gb18030'
  readonly sameCodeMs: number
  readonly otherCodeMs: number
}

/** A driver from a description. Such a head cannot be greeted: a wrong device shows only by frames that never come. */
export function describedScanner(
  description: Description,
): KeptDriver<'code-scanner', DescribedScannerOptions> {
  const { id, label, serial, poll, frame } = description
  const { path, charset, sameCodeMs, otherCodeMs } = codeOptions
  return defineDriver({
    id,
    kind: 'code-scanner',
    label,
    wire: async () => {
      const { describedWire } = await import('./wire.ts')
      return () => describedWire(description)
    },
    connection: 'kept',
    linkKind: 'stream',
    options: z.object({
      path,
      baudRate: z.number().int().positive().default(serial.baudRate).describe(optionWords.baudRate),
      charset,
      sameCodeMs,
      otherCodeMs,
    }),

    link: (options) => ({ type: 'serial', path: options.path, ...serial, baudRate: options.baudRate }),

    async start(session) {
      const { link, clock, signal } = session
      const codes = codeEvents(session)
      listen(link, describedCodec(description), {
        clock,
        gapMs,
        maxLength: longestFrame(frame),
        receive(values) {
          const code = scanned(values)
          if (code.bytes.length > 0) codes.take({ code })
        },
      })

      async function keepAsking(question: Uint8Array, intervalMs: number) {
        while (!signal.aborted) {
          await link.write(question)
          await clock.sleep(intervalMs, signal)
        }
      }
      // It ends with the link, for whatever reason that ended.
      if (poll) keepAsking(poll.bytes, poll.intervalMs).catch(() => link.close())
      return { suppressed: codes.suppressed }
    },
  })
}

function scanned({ code, aim }: Values): ScannedCode {
  const bytes = code instanceof Uint8Array ? code : Uint8Array.from(Buffer.from(String(code), 'latin1'))
  return typeof aim === 'string' ? { bytes, aim } : { bytes }
}
