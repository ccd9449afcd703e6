import type { Clock } from '../lib/clock.ts'
import type { StreamLink } from '../link/link.ts'
import type { Ear } from './ear.ts'
import type { Probe } from './probe.ts'

/** Silence before a question, so that a late answer to the one before is not taken for its own. */
const QUIET_MS = 60
/** Between two parts of a question. */
const BETWEEN_MS = 20

export interface OpenPort {
  readonly link: StreamLink
  readonly ear: Ear
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** What came of a question: the model's own answer, something else, or nothing. */
export type Answer = 'proven' | 'strange' | 'none'

/** Asks one question. */
export async function ask(port: OpenPort, probe: Probe): Promise<Answer> {
  const { link, ear, clock, signal } = port
  await ear.untilQuiet(QUIET_MS)
  const mark = ear.length
  for (const [index, bytes] of probe.asks.entries()) {
    if (index > 0) await clock.sleep(BETWEEN_MS, signal)
    signal.throwIfAborted()
    await link.write(bytes)
  }
  const first = await ear.until(probe.proven, mark, probe.waitMs)
  if (first && probe.settleMs !== undefined) await ear.until(() => false, mark, probe.settleMs)
  if (first && probe.proven(ear.since(mark))) return 'proven'
  return ear.length > mark ? 'strange' : 'none'
}
