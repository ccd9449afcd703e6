import type { PrinterStatus, PrintResult } from '../../kinds.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dialogue } from './dialogue.ts'
import { encode } from './encode.ts'
import { paperMm } from './markup.ts'
import { paperMoved } from './paper-moved.ts'
import type { Presenter } from './presenter.ts'
import { clearRest, type PrinterMemory, takeWaste } from './printer-memory.ts'
import type { PrinterProfile } from './profile.ts'
import { askStatus, makeReady, probeProcessId } from './questions.ts'
import type { DrawnJob } from './rare.ts'
import { type PrinterAnswer, paperFromGsr, statusFromAsb } from './status.ts'

export interface JobSetting {
  readonly profile: PrinterProfile
  readonly clock: Clock
  /** How fast the link is; a network or a device file counts as 115200 baud. */
  readonly baudRate: number
  readonly memory: PrinterMemory
  readonly presenter: Presenter | undefined
  /** Aborts when this driver's run is over. */
  readonly signal: AbortSignal
  report(status: PrinterStatus): void
}

const CHUNK_BYTES = 512
/** ESC d 4: so that the torn piece is long enough to fall out, also where the cut itself does not feed. */
const FEED_OUT = [0x1b, 0x64, 0x04]
const GRACE_MS = 5000
const BITS_PER_BYTE = 10

/** Checks that a job can be printed at all, before anything is opened. Throws a DeviceError `unsupported`. */
export function checkPrintable(job: DrawnJob, profile: PrinterProfile): void {
  encode(job.document, profile, job)
}

/**
 * The dialogue of one job: ask how the printer is, make sure it listens, send, then only listen until it has said
 * what became of this very job. Rejects only when the link ends before the first byte of the body.
 */
export async function printJob(dialogue: Dialogue, job: DrawnJob, setting: JobSetting): Promise<PrintResult> {
  const { memory, profile } = setting
  if (job.afterTrouble) memory.remains = true
  const status = await prepare(dialogue, setting)
  const paperLow = status.paper === 'low'
  if (status.fault) {
    setting.report(status)
    return { outcome: 'not-started', fault: status.fault, paperLow }
  }
  const blocked = await setting.presenter?.clearExit(dialogue)
  if (blocked) return { outcome: 'not-started', fault: blocked, paperLow }
  const confirm = confirmationOf(setting)
  const body = encode(job.document, profile, { processId: job.processId, confirm, drawn: job.drawn })
  try {
    await job.beforeFirstByte()
    setting.signal.throwIfAborted()
  } catch {
    return { outcome: 'not-started', fault: 'canceled', paperLow }
  }
  // The paper may have run out since the printer was asked; nobody would hear of it a second time.
  const fault = profile.status.asb ? memory.told?.fault : undefined
  if (fault !== undefined && fault !== 'offline') return { outcome: 'not-started', fault, paperLow }
  memory.remains = true
  memory.uncleared = true
  const progress: Progress = { over: false, asked: false, paperLow, handedOver: 0 }
  const sent = await sendAndListen(dialogue, { job, body, confirm, progress }, setting)
  const result = sent.outcome === 'printed' ? await handOver(dialogue, { job, printed: sent }, setting) : sent
  if (sent.outcome !== 'printed') memory.unproven = job.processId
  memory.remains = result.outcome !== 'printed'
  memory.uncleared &&= memory.remains
  const handedOver = sent.outcome === 'printed' ? body : body.subarray(0, progress.handedOver)
  return { ...result, paperMm: Math.round(paperMoved(handedOver, profile) + takeWaste(memory)) }
}

/** A printed slip is done when somebody has it, where a presenter tells. */
async function handOver(
  dialogue: Dialogue,
  { job, printed }: { readonly job: DrawnJob; readonly printed: PrintResult },
  { presenter }: JobSetting,
): Promise<PrintResult> {
  const handover = await presenter?.awaitTaken(dialogue, () => job.onHeldOut?.())
  switch (handover) {
    case 'taken':
    case 'left':
      return { ...printed, taken: handover === 'taken' }
    case 'retracted':
    case 'ejected':
      return { ...printed, taken: false, removed: handover }
    case 'jammed':
      return { outcome: 'incomplete', fault: 'paper-jam', paperLow: printed.paperLow }
    default:
      return printed
  }
}

/** Everything that can be asked and done without printing; a status with a fault means: do not start. */
async function prepare(dialogue: Dialogue, setting: JobSetting): Promise<PrinterStatus> {
  const { memory, profile } = setting
  if (memory.remains) await clearRest(dialogue, memory)
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
    const expel = Uint8Array.from([...FEED_OUT, ...profileCut(profile)])
    await dialogue.send(expel)
    memory.wasteMm += paperMoved(expel, profile)
    memory.remains = false
  }
  if (profile.status.gsH48 === 'probe') memory.sendsProcessId ??= await probeProcessId(dialogue)
  return status
}

function profileCut(profile: PrinterProfile): number[] {
  return profile.cut.split(' ').map((hex) => Number.parseInt(hex, 16))
}

function confirmationOf({ profile, memory }: JobSetting): 'process-id' | 'reached' | 'none' {
  if (profile.status.gsH48 === true || memory.sendsProcessId) return 'process-id'
  return profile.status.gsr ? 'reached' : 'none'
}

interface Sending {
  readonly job: DrawnJob
  readonly body: Uint8Array
  readonly confirm: 'process-id' | 'reached' | 'none'
  readonly progress: Progress
}

async function sendAndListen(
  dialogue: Dialogue,
  sending: Sending,
  setting: JobSetting,
): Promise<PrintResult> {
  const { job, body, progress } = sending
  const wireMs = (body.length * BITS_PER_BYTE * 1000) / setting.baudRate
  const printMs =
    (paperMm(job.document, setting.profile, job.drawn) / setting.profile.printMmPerSecond) * 1000
  try {
    const verdict = (answer: PrinterAnswer) => {
      const result = judge(answer, sending, setting.profile)
      progress.over ||= result !== undefined
      return result
    }
    const result = await dialogue.ask(() => send(dialogue, sending), verdict, wireMs + printMs + GRACE_MS)
    // The rest must not come out by itself once the paper is back.
    if (result?.outcome === 'incomplete') await clearRest(dialogue, setting.memory).catch(() => {})
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
  /** Bytes of the body that were handed over. */
  handedOver: number
}

async function send(dialogue: Dialogue, { job, body, progress }: Sending): Promise<void> {
  for (let start = 0; start < body.length && !progress.over; start += CHUNK_BYTES) {
    progress.asked = start + CHUNK_BYTES >= body.length
    await dialogue.send(body.subarray(start, start + CHUNK_BYTES))
    progress.handedOver = Math.min(body.length, start + CHUNK_BYTES)
  }
  if (!progress.over) job.onSent?.()
}

/** What an answer says about this job; undefined: nothing final. */
function judge(
  answer: PrinterAnswer,
  { job, confirm, progress }: Sending,
  profile: PrinterProfile,
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
      if (confirm !== 'process-id' || answer.processId !== job.processId || !progress.asked) return undefined
      return { outcome: 'printed', evidence: 'process-id', paperLow: progress.paperLow }
    case 'byte': {
      const paper = paperFromGsr(answer.byte)
      if (confirm !== 'reached' || !progress.asked || paper === undefined) return undefined
      return { outcome: 'printed', evidence: 'reached', paperLow: progress.paperLow || paper !== 'full' }
    }
    default:
      return undefined
  }
}
