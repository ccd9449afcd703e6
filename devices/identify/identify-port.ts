import { asDeviceError, DeviceError } from '../errors.ts'
import type { Kind } from '../kinds.ts'
import type { Clock } from '../lib/clock.ts'
import type { StreamLink, StreamOptions } from '../link/link.ts'
import { ask, type OpenPort } from './ask.ts'
import { byIdentity, kindByIdentity } from './by-identity.ts'
import { candidate, evidenceOf, type Found } from './candidates.ts'
import { listenOn } from './ear.ts'
import type { Candidate, FoundPort, Identified, IdentifyStep } from './found.ts'
import { plan, type Round, voices, withheldKinds } from './plan.ts'
import type { Suggestion } from './probe.ts'
import { forgetLine } from './probes/printers.ts'

export interface IdentifyOptions {
  /** Opens a serial port; an `OpenLink` does. */
  openLink(options: StreamOptions, signal: AbortSignal): Promise<StreamLink>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What the technician says hangs there; then only such models are asked, with every question there is. */
  readonly claimed?: Kind
  /** Only these speeds. */
  readonly bauds?: readonly number[]
  onStep?(step: IdentifyStep): void
}

/**
 * Which model may hang on this port. Listens, then asks in the order of the plan until one model is proven; HID, USB and
 * printer files are judged by what they say of themselves, and not opened. Rejects with the DeviceError of a port that
 * cannot be opened.
 */
export async function identifyPort(port: FoundPort, options: IdentifyOptions): Promise<Identified> {
  if (port.transport !== 'serial') return { candidates: await byIdentity(port), heard: false, withheld: [] }
  refuseHeld(port)
  const implied = options.claimed === undefined ? kindByIdentity(port) : undefined
  if (implied !== undefined) {
    const found = await walk(port, { ...options, claimed: implied })
    if (found.candidates.length > 0) return found
  }
  return walk(port, options)
}

function refuseHeld({ label, heldBy, troubles }: FoundPort): void {
  const why = troubles.find(({ code }) => code === 'system-console')?.message
  if (why !== undefined) throw new DeviceError('port-busy', why)
  if (heldBy?.kiosk) throw new DeviceError('port-busy', `${label}: a device of this terminal hangs there`)
  if (heldBy)
    throw new DeviceError('port-busy', `${label}: ${heldBy.program} (process ${heldBy.pid}) has it open`)
}

async function walk(port: FoundPort, options: IdentifyOptions): Promise<Identified> {
  const { claimed, bauds } = options
  const all = plan({ claimed, bauds })
  const steps = all.reduce(
    (sum, { questions, listenMs }) => sum + questions.length + (listenMs > 0 ? 1 : 0),
    0,
  )
  const progress = { done: 0, of: steps }
  let heard = false
  let opened = false
  for (const round of all) {
    const result: Result = await run(port, round, { options, progress }).catch((thrown) => {
      const error = asDeviceError(thrown, 'open-failed', port.label)
      // An adapter need not know every speed.
      if (!opened || options.signal.aborted || error.code !== 'open-failed') throw error
      return { heard: false, candidates: [] }
    })
    opened = true
    heard ||= result.heard
    if (result.candidates.length > 0) return { candidates: result.candidates, heard, withheld: [] }
    if (result.stop) break
  }
  return { candidates: [], heard, withheld: withheldKinds({ claimed }) }
}

interface Result {
  readonly candidates: readonly Candidate[]
  readonly heard: boolean
  /** Something answers that nobody knows: it is asked nothing more. */
  readonly stop?: boolean
}

interface Walk {
  readonly options: IdentifyOptions
  readonly progress: { done: number; readonly of: number }
}

/** One opening of the port. */
async function run(
  port: FoundPort,
  { baudRate, listenMs, questions }: Round,
  { options, progress }: Walk,
): Promise<Result> {
  const { clock, signal, onStep } = options
  const step = (doing: IdentifyStep['doing'], driver?: string) =>
    onStep?.({
      port: port.id,
      doing,
      baudRate,
      ...(driver && { driver }),
      done: progress.done++,
      of: progress.of,
    })
  const link = await options.openLink({ type: 'serial', path: port.path, baudRate }, signal)
  try {
    const ear = listenOn(link, clock, signal)
    const open: OpenPort = { link, ear, clock, signal }
    const propose = async (suggestions: readonly Suggestion[], found: Found) => ({
      heard: true,
      candidates: await Promise.all(
        suggestions.map((each) => candidate(port, { ...each, options: each.options(baudRate) }, found)),
      ),
    })
    if (listenMs > 0) {
      step('listening')
      const speaks = (bytes: Uint8Array) => voices.some(({ proven }) => proven(bytes))
      await ear.until(speaks, 0, listenMs)
      const voice = voices.find(({ proven }) => proven(ear.since(0)))
      if (voice) return await propose(voice.suggestions, evidenceOf.heard(baudRate))
    }
    for (const probe of questions) {
      step('asking', probe.suggestions[0]?.driver)
      const answer = await ask(open, probe)
      if (answer === 'proven') return await propose(probe.suggestions, evidenceOf.answered(baudRate))
      if (answer === 'strange' && probe.watched && options.claimed === undefined)
        return { heard: true, stop: true, candidates: [] }
      // What a printer that cannot answer took for text must not come out with its next slip.
      if (options.claimed === undefined) await link.write(forgetLine)
    }
    return { heard: ear.length > 0, candidates: [] }
  } finally {
    await link.close()
  }
}
