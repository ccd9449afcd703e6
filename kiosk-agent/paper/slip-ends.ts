import type { PrintResult } from '../../devices/kinds.ts'
import type { Entry } from '../ledger/entries.ts'
import type { AttemptResult } from './print-attempt.ts'

/** What a person may be told about a slip. `held-out`: it waits at the exit. `not-taken`: the printer took it back. */
export type SlipState =
  | 'printing'
  | 'held-out'
  | 'printed'
  | 'in-hand'
  | 'not-taken'
  | 'incomplete'
  | 'failed'
  | 'unknown'

/** One try, and what became of it. */
export interface Tried {
  readonly attempt: number
  readonly result: AttemptResult
}

/** What a person may be asked about. */
export const inQuestion: readonly SlipState[] = ['not-taken', 'incomplete', 'failed', 'unknown']

/** Faults that end by themselves or by somebody's hand, and then let the same slip be printed. */
const passing: readonly PrintResult['fault'][] = [
  ...(['paper-out', 'cover-open', 'paper-jam', 'cutter', 'mechanical'] as const),
  ...(['offline', 'no-answer', 'link-lost', 'exit-blocked'] as const),
]

/** Nothing of it was printed, and it may yet be. */
export function mayStart({ outcome, fault }: PrintResult): boolean {
  return outcome === 'not-started' && passing.includes(fault)
}

/** What is told of a try's end. */
export function shownState({ outcome, taken, removed }: PrintResult): SlipState {
  if (outcome === 'not-started') return 'failed'
  if (outcome !== 'printed') return outcome
  if (taken === undefined) return 'printed'
  if (taken) return 'in-hand'
  return removed === undefined ? 'held-out' : 'not-taken'
}

/** What is written down of it. */
export function endEntries(slipCode: string, copy: number, { attempt, result }: Tried): Entry[] {
  const { outcome, evidence, fault, paperMm: mm, taken, removed } = result
  const end: Entry = {
    ...{ type: 'slip', slipCode, copy, attempt, state: outcome },
    ...(evidence ? { evidence } : {}),
    ...(fault ? { fault } : {}),
    ...(mm === undefined ? {} : { mm }),
  }
  if (taken === undefined) return [end]
  return [end, { type: 'slip-handover', slipCode, copy, how: taken ? 'taken' : (removed ?? 'left') }]
}
