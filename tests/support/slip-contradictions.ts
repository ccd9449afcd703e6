import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { isBeginningOf, wholeSlip } from './slip-document.ts'

type SlipEntry = Extract<Entry, { type: 'slip' }>

/**
 * All paper that came out against all that was written down; empty when nothing contradicts: no copy twice, none "printed"
 * that did not come out, none "not started" that did, none that nobody asked for, and no paper of two slips.
 */
export function contradictions(entries: readonly Entry[], papers: readonly string[][]): string[] {
  const wrong: string[] = []
  const copies = Map.groupBy(
    entries.filter((entry): entry is SlipEntry => entry.type === 'slip'),
    ({ slipCode, copy }) => `${slipCode} ${copy}`,
  )
  const asked = new Set(
    entries.flatMap((entry) =>
      entry.type === 'slip-answer' && entry.answer === 'print-again'
        ? [`${entry.slipCode} ${entry.copy + 1}`]
        : [],
    ),
  )
  const wholes: string[][] = []
  for (const [name, states] of copies) {
    const [slipCode = '', copy = ''] = name.split(' ')
    const whole = wholeSlip(slipCode, Number(copy))
    wholes.push(whole)
    const found = papers.filter((paper) => paper.join('\n') === whole.join('\n')).length
    const end = states.at(-1)?.state ?? ''
    if (found > 1) wrong.push(`${name} came out ${found} times`)
    if (end === 'printed' && found !== 1) wrong.push(`${name} is called printed and did not come out`)
    if (end === 'not-started' && found > 0) wrong.push(`${name} is called not started and came out`)
    if (!['printed', 'not-started', 'incomplete', 'unknown'].includes(end))
      wrong.push(`${name} ends as ${end}`)
    if (timesSent(states) > 1) wrong.push(`${name} was sent twice`)
    if (Number(copy) > 1 && !asked.has(name)) wrong.push(`${name} was asked for by nobody`)
  }
  const strays = papers.filter((paper) => !wholes.some((whole) => isBeginningOf(paper, whole)))
  return [...wrong, ...strays.map((paper) => `no slip and no piece of one: ${JSON.stringify(paper)}`)]
}

/** A try that ended as not started sent nothing, also when it was about to. */
function timesSent(states: readonly SlipEntry[]): number {
  const tries = states.map(({ state }) => (state === 'sending' ? 1 : state === 'not-started' ? 0 : undefined))
  return tries.filter(
    (sent, at) => sent === 1 && tries.slice(at + 1).find((next) => next !== undefined) !== 0,
  ).length
}
