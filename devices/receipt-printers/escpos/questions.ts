import type { PrinterStatus } from '../../kinds.ts'
import { processIdRequest } from './commands.ts'
import type { Dialogue } from './dialogue.ts'
import type { PrinterProfile, StatusBits } from './profile.ts'
import { type EotAnswers, type PrinterAnswer, statusFromAsb, statusFromEot } from './status.ts'

const EOT_TIMEOUT_MS = 500
const QUIET_MS = 200
const CLEARED_TIMEOUT_MS = 500
const ASB_TIMEOUT_MS = 2000
const PROBE_TIMEOUT_MS = 1000
/** A printer that lost its link inside a raster still waits for picture bytes; so many feed it out. */
const FLUSH_BYTES = 8192
/** Never the id of a job, which has letters and digits only. */
const PROBE_ID = '?id?'

export const noAnswer: PrinterStatus = { paper: 'unknown', cover: 'unknown', fault: 'no-answer' }

/** DLE EOT n: one byte, answered at once, also offline. Undefined when nothing came in time. */
async function askEot(dialogue: Dialogue, n: number): Promise<number | undefined> {
  const question = Uint8Array.of(0x10, 0x04, n)
  const byte = await dialogue.ask(
    question,
    (answer) => (answer.type === 'eot' ? answer.byte : undefined),
    EOT_TIMEOUT_MS,
  )
  if (byte === undefined) await dialogue.untilQuiet(QUIET_MS)
  return byte
}

/**
 * Who is there? Letters can look like an answer to DLE EOT, so everything said within the time counts: a printer says
 * one such byte, and none of the one-byte answers it was not asked for.
 */
export async function recognise(dialogue: Dialogue): Promise<'printer' | 'silent' | 'other'> {
  const before = dialogue.receivedBytes
  const heard = { eot: 0, byte: 0 }
  const count = ({ type }: PrinterAnswer) => {
    if (type === 'eot' || type === 'byte') heard[type]++
    return undefined
  }
  const untilFirst = (answer: PrinterAnswer) => {
    count(answer)
    return answer.type === 'eot' ? true : undefined
  }
  await dialogue.ask(Uint8Array.of(0x10, 0x04, 1), untilFirst, EOT_TIMEOUT_MS)
  await dialogue.ask(async () => {}, count, QUIET_MS)
  if (dialogue.receivedBytes === before) return 'silent'
  return heard.eot === 1 && heard.byte === 0 ? 'printer' : 'other'
}

/** How the printer is, by all the DLE EOT it knows; `no-answer` when one of them stays without. */
export async function askStatus(dialogue: Dialogue, profile: PrinterProfile): Promise<PrinterStatus> {
  const answers: Record<number, number> = {}
  for (const n of profile.status.eot) {
    const byte = await askEot(dialogue, n)
    if (byte === undefined) return noAnswer
    answers[n] = byte
  }
  return statusFromEot(answers as EotAnswers, profile.bits)
}

/** DLE DC4 8: throws away what a job left in the printer's buffers. True when the printer says it did. */
export async function clearBuffers(dialogue: Dialogue): Promise<boolean> {
  const command = Uint8Array.of(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08)
  const isCleared = (answer: PrinterAnswer) => (answer.type === 'cleared' ? true : undefined)
  return (await dialogue.ask(command, isCleared, CLEARED_TIMEOUT_MS)) ?? false
}

/** What a printer said to `1B 40 1D 61 FF`. */
export interface Readiness {
  readonly ready: boolean
  /** Why not, as far as it said anything. */
  readonly status: PrinterStatus
  /** A picture cut off by a broken link had to be fed out; there is paper to cut off. */
  readonly flushed: boolean
}

/**
 * Reset, and automatic status on: a healthy group proves that the printer stands between two commands and executes
 * them. Without one it may be inside a cut-off picture: that is fed out once, and asked again.
 */
export async function makeReady(
  dialogue: Dialogue,
  { bits }: PrinterProfile,
  bytesPerMs: number,
): Promise<Readiness> {
  const first = await resetForStatus(dialogue, { bits, before: new Uint8Array() }, ASB_TIMEOUT_MS)
  if (first) return { ready: first.fault === undefined, status: first, flushed: false }
  const wireMs = FLUSH_BYTES / bytesPerMs
  const second = await resetForStatus(
    dialogue,
    { bits, before: new Uint8Array(FLUSH_BYTES) },
    ASB_TIMEOUT_MS + wireMs,
  )
  const status = second ?? noAnswer
  return { ready: status.fault === undefined, status, flushed: true }
}

/** The first healthy status in time, else the last unhealthy one, else undefined. */
async function resetForStatus(
  dialogue: Dialogue,
  { bits, before }: { readonly bits: StatusBits; readonly before: Uint8Array },
  timeoutMs: number,
) {
  let last: PrinterStatus | undefined
  const reset = Uint8Array.from([...before, 0x1b, 0x40, 0x1d, 0x61, 0xff])
  const whenHealthy = (answer: PrinterAnswer) => {
    if (answer.type !== 'asb') return undefined
    last = statusFromAsb(answer.bytes, bits)
    return last.fault === undefined ? last : undefined
  }
  return (await dialogue.ask(reset, whenHealthy, timeoutMs)) ?? last
}

/** Whether this printer sends process ids back. Asked once, with an id that no job has. */
export async function probeProcessId(dialogue: Dialogue): Promise<boolean> {
  const request = Buffer.from(processIdRequest(PROBE_ID), 'latin1')
  const isEcho = (answer: PrinterAnswer) =>
    answer.type === 'process-id' && answer.processId === PROBE_ID ? true : undefined
  return (await dialogue.ask(request, isEcho, PROBE_TIMEOUT_MS)) ?? false
}
