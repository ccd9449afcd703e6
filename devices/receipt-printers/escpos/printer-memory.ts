import type { PrinterStatus } from '../../kinds.ts'
import type { Dialogue } from './dialogue.ts'
import { clearBuffers } from './questions.ts'

/** What is known about a printer from one job to the next. */
export interface PrinterMemory {
  /** Whether it sends process ids back; undefined until it was asked. */
  sendsProcessId: boolean | undefined
  /** A job ended `incomplete` or `unknown`: its rest is cleared, and its paper cut off, before the next one. */
  remains: boolean
  /** Its rest may still wait in the printer's buffers, and would come out by itself once the paper is back. */
  uncleared: boolean
  /** Process id of the last job that ended so. */
  unproven: string | undefined
  /** Paper cut off as waste since the last job's result. */
  wasteMm: number
  /** What the printer's automatic status told last. */
  told: PrinterStatus | undefined
}

/** A driver's run begins: whether the printer is still in trouble, the agent knows. */
export function freshMemory(): PrinterMemory {
  return {
    sendsProcessId: undefined,
    remains: false,
    uncleared: false,
    unproven: undefined,
    wasteMm: 0,
    told: undefined,
  }
}

/** Throws away what a job without proof left in the printer's buffers. */
export async function clearRest(dialogue: Dialogue, memory: PrinterMemory): Promise<void> {
  if (await clearBuffers(dialogue)) memory.uncleared = false
}

/** Each piece of waste is told with one job. */
export function takeWaste(memory: PrinterMemory): number {
  const { wasteMm } = memory
  memory.wasteMm = 0
  return wasteMm
}
