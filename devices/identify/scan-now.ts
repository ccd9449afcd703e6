import { asDeviceError } from '../errors.ts'
import { ask, type OpenPort } from './ask.ts'
import { byIdentity } from './by-identity.ts'
import { candidate, evidenceOf } from './candidates.ts'
import { listenOn } from './ear.ts'
import type { Candidate, FoundPort, IdentifyStep, ScannedNow } from './found.ts'
import type { IdentifyOptions } from './identify-port.ts'
import { isKeyboard, isPosScanner } from './known-usb.ts'
import { type LineLook, lookOfLine } from './line-look.ts'
import { codeScannerVoices, lineScannerProbes } from './probes/code-scanners.ts'

export interface ScanNowOptions extends Pick<IdentifyOptions, 'openLink' | 'clock' | 'signal'> {
  /** Speeds that are listened at in turn, because a port hears one at a time: the code has to be shown again and again. */
  readonly bauds?: readonly number[]
  /** How long each speed is listened at. */
  readonly dwellMs?: number
  /** How often all speeds are gone through. */
  readonly turns?: number
  onStep?(step: IdentifyStep): void
}

const delivered: readonly number[] = [9600, 115_200, 57_600, 38_400, 19_200]
/** Long enough to lift a code and lay it down again. */
const DWELL_MS = 3000
/** No head pauses so long inside a code. */
const SILENCE_MS = 150

/**
 * "This is my scanner, scan now": listens on every free serial port at once until a code arrives on one of them. Whoever sends codes
 * is a scanner, so then the questions of scanners may be asked. Scanners on HID are found by what they say of themselves; keyboards
 * are named, because the scanner may be one of them. What a code says is neither kept nor told.
 */
export async function scanNow(ports: readonly FoundPort[], options: ScanNowOptions): Promise<ScannedNow> {
  const { bauds = delivered, dwellMs = DWELL_MS, turns = 3, signal } = options
  const keyboards = ports.filter(({ hid }) => isKeyboard(hid) && !isPosScanner(hid)).map(({ label }) => label)
  const byThemselves = ports.filter(({ transport, hid }) => transport === 'hid' && isPosScanner(hid))
  const identified = (await Promise.all(byThemselves.map(byIdentity))).flat()
  const refused = new Map<string, string>()
  let free = ports.filter(isFree)
  const rounds = Array.from({ length: turns }, () => bauds).flat()
  for (const [done, baudRate] of rounds.entries()) {
    signal.throwIfAborted()
    if (free.length === 0) break
    for (const { id } of free)
      options.onStep?.({ port: id, doing: 'listening', baudRate, done, of: rounds.length })
    const found = await listenAtOnce(free, { baudRate, dwellMs, options, refused })
    free = free.filter(({ id }) => !refused.has(id))
    if (found.length > 0) return result([...found, ...identified])
  }
  return result(identified)

  function result(candidates: readonly Candidate[]): ScannedNow {
    return { candidates, keyboards, refused: [...refused].map(([port, code]) => ({ port, code })) }
  }
}

const isFree = ({ transport, heldBy, troubles }: FoundPort) =>
  transport === 'serial' && heldBy === undefined && !troubles.some(({ code }) => code === 'system-console')

interface Round {
  readonly baudRate: number
  readonly dwellMs: number
  readonly options: ScanNowOptions
  /** Ports that cannot be opened are noted here, and left out from then on. */
  readonly refused: Map<string, string>
}

/** The first port on which a code arrives ends the listening on all of them. */
async function listenAtOnce(ports: readonly FoundPort[], round: Round): Promise<Candidate[]> {
  const enough = new AbortController()
  const { signal } = round.options
  const found = await Promise.all(
    ports.map(async (port) => {
      try {
        const candidates = await listenAt(port, round, AbortSignal.any([signal, enough.signal]))
        if (candidates.length > 0) enough.abort(new Error('a code arrived on another port'))
        return candidates
      } catch (error) {
        signal.throwIfAborted()
        if (!enough.signal.aborted) {
          const { code } = asDeviceError(error, 'open-failed', port.label)
          // An adapter need not know every speed.
          if (code !== 'open-failed') round.refused.set(port.id, code)
        }
        return []
      }
    }),
  )
  return found.flat()
}

async function listenAt(port: FoundPort, round: Round, signal: AbortSignal): Promise<Candidate[]> {
  const { baudRate, dwellMs, options } = round
  const { openLink, clock } = options
  const link = await openLink({ type: 'serial', path: port.path, baudRate }, signal)
  try {
    const ear = listenOn(link, clock, signal)
    const open: OpenPort = { link, ear, clock, signal: options.signal }
    const end = clock.monotonic() + dwellMs
    for (let mark = 0; clock.monotonic() < end; mark = ear.length) {
      await ear.until(isAnything, mark, end - clock.monotonic())
      if (ear.length === mark) break
      // One burst is one code, and what began just before the time was over is waited for.
      await ear.untilQuiet(SILENCE_MS)
      const found = await judge(port, { open, baudRate, burst: ear.since(mark), all: ear.since(0) })
      if (found.length > 0) return found
    }
    return []
  } finally {
    await link.close()
  }
}

const voiceOf = (bytes: Uint8Array) => codeScannerVoices.find(({ proven }) => proven(bytes))

const isAnything = (bytes: Uint8Array) => bytes.length > 0

interface Heard {
  readonly open: OpenPort
  readonly baudRate: number
  readonly burst: Uint8Array
  /** Everything since the port was opened: a frame may come in several bursts. */
  readonly all: Uint8Array
}

async function judge(port: FoundPort, { open, baudRate, burst, all }: Heard): Promise<Candidate[]> {
  const voice = voiceOf(all)
  if (voice)
    return Promise.all(
      voice.suggestions.map((each) =>
        candidate(port, { ...each, options: each.options(baudRate) }, evidenceOf.heard(baudRate)),
      ),
    )
  const look = lookOfLine(burst)
  return look ? byLine(port, { open, look, baudRate }) : []
}

/** The model, where the head answers as one, and always the driver that wants nothing but lines. */
async function byLine(
  port: FoundPort,
  { open, look, baudRate }: { open: OpenPort; look: LineLook; baudRate: number },
): Promise<Candidate[]> {
  const { terminator, stxEtx, aimId, length } = look
  const set = { baudRate, terminator, stxEtx, aimId }
  const found: Candidate[] = []
  // A head without an end of its codes cannot be told from its answers, and the models want one.
  for (const probe of terminator === 'none' ? [] : lineScannerProbes) {
    if ((await ask(open, probe)) !== 'proven') continue
    const [model] = probe.suggestions
    if (model) found.push(await candidate(port, { ...model, options: set }, evidenceOf.answered(baudRate)))
    break
  }
  const how = { baudRate, length, terminator: stxEtx ? 'STX … ETX' : terminator }
  return [
    ...found,
    await candidate(port, { driver: 'line-scanner', options: set }, evidenceOf.codeArrived(how)),
  ]
}
