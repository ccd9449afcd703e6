import { paperForecast, readPaperUse } from '../paper/paper-forecast.ts'
import type { ConsoleContext } from './console-context.ts'

const LOOK_EVERY_MS = 15_000

/** How much paper the printer has, for the console; told by the ledger, and looked for as long as the console is open. */
export interface PaperLeft {
  facts(): Record<string, string>
  stop(): void
}

export function followPaperLeft({ clock, hub, ledger, log, changed }: ConsoleContext): PaperLeft {
  const stopping = new AbortController()
  let read: Awaited<ReturnType<typeof readPaperUse>> | undefined

  function facts(): Record<string, string> {
    if (!read) return {}
    const { slipsLeft, slipMm, sinceChangeMm } = paperForecast(
      read.use,
      hub.commands('receipt-printer')?.nearEndTailMm,
    )
    return {
      ...(slipsLeft === undefined ? {} : { slipsLeft: String(slipsLeft) }),
      ...(slipMm === undefined ? {} : { metresPrinted: (sinceChangeMm / 1000).toFixed(1) }),
    }
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      const before = JSON.stringify(facts())
      read = await readPaperUse(ledger, read).catch((error) => {
        if (!stopping.signal.aborted) log('the paper that is left could not be read', { error })
        return read
      })
      if (JSON.stringify(facts()) !== before) changed()
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => {})
    }
  }
  void follow()

  return { facts, stop: () => stopping.abort(new Error('the console is closing')) }
}
