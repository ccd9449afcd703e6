import type { PrinterStatus, PrintJob, PrintResult } from '../../kinds.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dialogue } from './dialogue.ts'
import { encode } from './encode.ts'
import { paperMm } from './markup.ts'
import type { Presenter } from './presenter.ts'
import type { PrinterProfile } from './profile.ts'
import { askStatus, clearBuffers, makeReady, probeProcessId } from './questions.ts'
import { type PrinterAnswer, paperFromGsr, statusFromAsb } from './status.ts'

/** What is known about a printer from one job to the next. */
export interface PrinterMemory {
  /** Whether it sends process ids back; undefined until it was asked. */
  sendsProcessId: boolean | undefined
  /** A job ended `incomplete` or `unknown`: its rest is cleared, and its paper cut off, before the next one. */
  remains: boolean
  /** Automatic status last told of a paper jam. */
  jammed: boolean
}

export interface JobSetting {
  readonly profile: PrinterProfile
  readonly clock: Clock
  /** How fast the link is; a network or a device file counts as 115200 baud. */
  readonly baudRate: number
  readonly memory: PrinterMemory
  readonly presenter: Presenter | undefined
  /** Aborts when this driver's run is over. */
  readonly signal: AbortSignal
}

const CHUNK_BYTES = 512
const GRACE_MS = 5000
const BITS_PER_BYTE = 10

/** Checks that a job can be printed at all, before anything is opened. Throws a DeviceError `unsupported`. */
export function checkPrintable(job: PrintJob, profile: PrinterProfile): void {
  encode(job.document, profile, job)
}

/**
 * The dialogue of one job: ask how the printer is, make sure it listens, send, then only listen until it has said
 * what became of this very job. Rejects only when the link ends before the first byte of the body.
 */
export async function printJob(dialogue: Dialogue, job: PrintJob, setting: JobSetting): Promise<PrintResult> {
  const { memory, profile } = setting
  const status = await prepare(dialogue, setting)
  if (status.fault) return { outcome: 'not-started', fault: status.fault, paperLow: status.paper === 'low' }
  const paperLow = status.paper === 'low'
  const blocked = await setting.presenter?.clearExit(dialogue)
  if (blocked) return { outcome: 'not-started', fault: blocked, paperLow }
  const confirm = confirmationOf(setting)
  const body = encode(job.document, profile, { processId: job.processId, confirm })
  try {
    await job.beforeFirstByte()
    setting.signal.throwIfAborted()
  } catch {
    return { outcome: 'not-started', fault: 'canceled', paperLow }
  }
  memory.remains = true
  const sent = await sendAndListen(dialogue, { job, body, confirm }, setting)
  const result = sent.outcome === 'printed' ? await handOver(dialogue, sent, setting) : sent
  memory.remains = result.outcome !== 'printed'
  return { ...result, paperLow: result.paperLow || paperLow }
}

/** A printed slip is done when somebody has it, where a presenter tells. */
async function handOver(
  dialogue: Dialogue,
  printed: PrintResult,
  { presenter }: JobSetting,
): Promise<PrintResult> {
  const handover = await presenter?.awaitTaken(dialogue)
  switch (handover) {
    case 'taken':
    case 'left':
      return { ...printed, taken: handover === 'taken' }
    case 'jammed':
      return { outcome: 'incomplete', fault: 'paper-jam', paperLow: printed.paperLow }
    default:
      return printed
  }
}

/** Everything that can be asked and done without printing; a status with a fault means: do not start. */
async function prepare(dialogue: Dialogue, setting: JobSetting): Promise<PrinterStatus> {
  const { memory, profile } = setting
  if (memory.remains) await clearBuffers(dialogue)
  const status = await askStatus(dialogue, profile)
  if (status.fault) return status
  return await becomeReady(dialogue, status, setting)
}

/** From an answering printer to one that is known to execute, with the rest of an earlier job off its paper. */
export async function becomeReady(
  dialogue: Dialogue,
  before: PrinterStatus,
  { memory, profile, baudRate }: Pick<JobSetting, 'memory' | 'profile' | 'baudRate'>,
): Promise<PrinterStatus> {
  let status = before
  if (profile.status.asb) {
    const readiness = await makeReady(dialogue, profile, baudRate / BITS_PER_BYTE / 1000)
    memory.remains ||= readiness.flushed
    status = readiness.status
    if (status.fault) return status
  }
  if (memory.remains) {
    await dialogue.send(profileCut(profile))
    memory.remains = false
  }
  if (profile.status.gsH48 === 'probe') memory.sendsProcessId ??= await probeProcessId(dialogue)
  return status
}

function profileCut(profile: PrinterProfile): Uint8Array {
  return Uint8Array.from(profile.cut.split(' '), (hex) => Number.parseInt(hex, 16))
}

function confirmationOf({ profile, memory }: JobSetting): 'process-id' | 'reached' | 'none' {
  if (profile.status.gsH48 === true || memory.sendsProcessId) return 'process-id'
  return profile.status.gsr ? 'reached' : 'none'
}

interface Sending {
  readonly job: PrintJob
  readonly body: Uint8Array
  readonly confirm: 'process-id' | 'reached' | 'none'
}

async function sendAndListen(
  dialogue: Dialogue,
  sending: Sending,
  setting: JobSetting,
): Promise<PrintResult> {
  const { job, body } = sending
  const wireMs = (body.length * BITS_PER_BYTE * 1000) / setting.baudRate
  const printMs = (paperMm(job.document, setting.profile) / setting.profile.printMmPerSecond) * 1000
  const progress = { over: false, asked: false, paperLow: false }
  try {
    const verdict = (answer: PrinterAnswer) => {
      const result = judge(answer, sending, { ...setting, progress })
      progress.over ||= result !== undefined
      return result
    }
    const result = await dialogue.ask(
      () => send(dialogue, body, progress),
      verdict,
      wireMs + printMs + GRACE_MS,
    )
    // The rest must not come out by itself once the paper is back.
    if (result?.outcome === 'incomplete') await clearBuffers(dialogue).catch(() => {})
    return result ?? { outcome: 'unknown', fault: 'timeout', paperLow: progress.paperLow }
  } catch {
    return { outcome: 'unknown', fault: 'link-lost', paperLow: progress.paperLow }
  } finally {
    progress.over = true
  }
}

interface Progress {
  /** The verdict is there: what has not been sent yet is not sent any more. */
  over: boolean
  /** The confirmation request has been handed over. */
  asked: boolean
  paperLow: boolean
}

async function send(dialogue: Dialogue, body: Uint8Array, progress: Progress): Promise<void> {
  for (let start = 0; start < body.length && !progress.over; start += CHUNK_BYTES) {
    progress.asked = start + CHUNK_BYTES >= body.length
    await dialogue.send(body.subarray(start, start + CHUNK_BYTES))
  }
}

/** What an answer says about this job; undefined: nothing final. */
function judge(
  answer: PrinterAnswer,
  sending: Sending,
  { profile, progress }: { readonly profile: PrinterProfile; readonly progress: Progress },
): PrintResult | undefined {
  switch (answer.type) {
    case 'asb': {
      const { fault, paper } = statusFromAsb(answer.bytes, profile.bits)
      progress.paperLow ||= paper === 'low'
      // Offline without a cause (feed button, hot head) mends itself.
      if (fault === undefined || fault === 'offline') return undefined
      return { outcome: 'incomplete', fault, paperLow: progress.paperLow }
    }
    case 'process-id':
      if (sending.confirm !== 'process-id' || answer.processId !== sending.job.processId || !progress.asked)
        return undefined
      return { outcome: 'printed', evidence: 'process-id', paperLow: progress.paperLow }
    case 'byte': {
      const paper = paperFromGsr(answer.byte)
      if (sending.confirm !== 'reached' || !progress.asked || paper === undefined) return undefined
      return { outcome: 'printed', evidence: 'reached', paperLow: progress.paperLow || paper !== 'full' }
    }
    default:
      return undefined
  }
}
