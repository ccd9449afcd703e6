import type { Kind } from '../kinds.ts'
import { movesNoBoard } from './hazards.ts'
import type { Probe, Voice } from './probe.ts'
import { boardProbes } from './probes/boards.ts'
import { cardReaderProbes } from './probes/card-readers.ts'
import { codeScannerProbes, codeScannerVoices } from './probes/code-scanners.ts'
import { printerProbes } from './probes/printers.ts'
import { thermometerProbes, thermometerVoices } from './probes/thermometers.ts'

/** Every question there is. Order is part of it: who can be asked most mildly comes first. */
export const probes: readonly Probe[] = [
  ...thermometerProbes,
  ...boardProbes,
  ...codeScannerProbes,
  ...cardReaderProbes,
]

export const voices: readonly Voice[] = [...thermometerVoices, ...codeScannerVoices]

/** One opening of a port: at this speed, so long only listening, and then these questions in this order. */
export interface Round {
  readonly baudRate: number
  readonly listenMs: number
  readonly questions: readonly Probe[]
}

export interface PlanOptions {
  /** What the technician, or the device's own USB identity, says hangs there. */
  readonly claimed?: Kind | undefined
  /** Only these speeds. */
  readonly bauds?: readonly number[] | undefined
}

/** Two pictures of a thermal array, and a dozen frames of the others. */
const LISTEN_MS = 1100
const speaking: readonly number[] = [9600, 115_200]

/**
 * What is done on one serial port, in order. First it is listened to. Then printers are asked, at every speed, because a printer
 * that does not know a question may take it for text; whoever answers is asked nothing more. Then everybody else. A question in
 * which a single-byte relay board finds an order is left out, unless the kind of the device is known.
 */
export function plan({ claimed, bauds }: PlanOptions = {}): Round[] {
  const speeds = (wanted: readonly number[]) => wanted.filter((each) => bauds?.includes(each) ?? true)
  const listening = speeds(bauds ?? speaking).map((baudRate) => ({
    baudRate,
    listenMs: LISTEN_MS,
    questions: [],
  }))
  const printers = claimed === undefined || claimed === 'receipt-printer' ? printerProbes : []
  return [
    ...(claimed === 'receipt-printer' ? [] : listening),
    ...rounds(printers, { claimed, bauds }),
    ...rounds(
      probes.filter(({ kind }) => claimed === undefined || kind === claimed),
      { claimed, bauds },
    ),
  ]
}

/** Kinds with questions that this plan leaves out at every speed. */
export function withheldKinds({ claimed }: PlanOptions): Kind[] {
  if (claimed !== undefined) return []
  return [...new Set(probes.filter(({ onlyIfClaimed }) => onlyIfClaimed).map(({ kind }) => kind))]
}

/** That it is a board excludes no board. */
const boards: readonly Kind[] = ['gate', 'auxiliaries']

/** By speed, those speeds first at which most are delivered. */
function rounds(all: readonly Probe[], { claimed, bauds }: PlanOptions): Round[] {
  const wanted = bauds ?? [...new Set(all.flatMap((probe) => [...probe.bauds]))].sort(byLikelihood(all))
  return wanted
    .map((baudRate) => ({
      baudRate,
      listenMs: 0,
      questions: all.filter(
        (probe) => probe.bauds.includes(baudRate) && mayBeAsked(probe, baudRate, claimed),
      ),
    }))
    .filter(({ questions }) => questions.length > 0)
}

/** Judging one question at one speed takes a while, and never changes. */
const harmless = new Map<string, boolean>()

function mayBeAsked(probe: Probe, baudRate: number, claimed: Kind | undefined): boolean {
  if (claimed === probe.kind && !boards.includes(claimed)) return true
  const { onlyIfClaimed, asks, watched } = probe
  if (onlyIfClaimed !== undefined) return false
  const key = `${asks.map((bytes) => bytes.toString()).join()} ${baudRate}`
  const known = harmless.get(key) ?? asks.every((bytes) => movesNoBoard(bytes, baudRate, { watched }))
  harmless.set(key, known)
  return known
}

function byLikelihood(all: readonly Probe[]) {
  const first = (baudRate: number) => all.filter(({ bauds }) => bauds[0] === baudRate).length
  const any = (baudRate: number) => all.filter(({ bauds }) => bauds.includes(baudRate)).length
  return (left: number, right: number) => first(right) - first(left) || any(right) - any(left) || left - right
}
