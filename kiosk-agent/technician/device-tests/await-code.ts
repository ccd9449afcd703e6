import type { Commands, DeviceEvent } from '../../../devices/kinds.ts'
import type { TestRun } from '../../api/technician-contract.ts'
import { PERSON_MS, type Running } from './procedure.ts'

type Head = Commands<'code-scanner'>

/** A head that waits for its trigger gives up by itself after some seconds, and does not tell. */
const AGAIN_MS = 5000

/**
 * Asks a person for a code and has the head read until `take` makes something of one; undefined when the time is over.
 * Listening begins before the head is told: its answer may come behind the code.
 */
export async function awaitCode<Result>(
  running: Running,
  head: Head,
  wanted: {
    readonly ask: NonNullable<TestRun['ask']>
    take(event: DeviceEvent<'code-scanner'>): Result | undefined
  },
): Promise<Result | undefined> {
  const over = new AbortController()
  const code = running.waitFor({ kind: 'code-scanner', limitMs: PERSON_MS, take: wanted.take })
  // Where the trigger fails first, nobody is there to hear that the wait was ended.
  code.catch(() => {})
  running.ask(wanted.ask)
  try {
    await head.trigger?.(true)
    void keepReading(running, head, over.signal)
    return await code
  } finally {
    over.abort()
    // A head that went away reads no more anyway.
    await head.trigger?.(false).catch(() => {})
  }
}

async function keepReading({ needs }: Running, { trigger }: Head, signal: AbortSignal): Promise<void> {
  for (;;) {
    await needs.clock.sleep(AGAIN_MS, signal).catch(() => {})
    if (signal.aborted) return
    await trigger?.(true).catch((error) => needs.log('the scanner was not triggered again', { error }))
  }
}
