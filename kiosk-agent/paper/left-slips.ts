import type { Entry } from '../ledger/entries.ts'

export type SlipEntry = Extract<Entry, { type: 'slip' }>

/** What the ledger's slips have come to, entry by entry. */
export interface LeftSlips {
  /** The newest entry of each copy that has no end yet. */
  readonly open: readonly SlipEntry[]
  /** The last slip that got as far as the printer has no proof: its remains may still be in there. */
  readonly trouble: boolean
}

export const noSlips: LeftSlips = { open: [], trouble: false }

/** Goes on from what was known, by the entries that follow. */
export function followSlips(before: LeftSlips, entries: readonly Entry[]): LeftSlips {
  const open = new Map(before.open.map((slip) => [keyOf(slip), slip]))
  let { trouble } = before
  for (const entry of entries) {
    if (entry.type !== 'slip') continue
    if (reachesPrinter[entry.state] && !entry.late) trouble = entry.state !== 'printed'
    if (isOpen(entry)) open.set(keyOf(entry), entry)
    else open.delete(keyOf(entry))
  }
  return { open: [...open.values()], trouble }
}

/** The entries that close slips a dead run of the agent left open: what was being sent may hang from the printer. */
export function closeLeft({ open }: LeftSlips): SlipEntry[] {
  return open.map(({ slipCode, copy, state, attempt }) => ({
    type: 'slip',
    slipCode,
    copy,
    ...(attempt === undefined ? {} : { attempt }),
    state: reachesPrinter[state] ? 'unknown' : 'not-started',
    fault: 'restart',
  }))
}

const reachesPrinter: { readonly [State in SlipEntry['state']]: boolean } = {
  queued: false,
  checking: false,
  sending: true,
  sent: true,
  printed: true,
  'not-started': false,
  incomplete: true,
  unknown: true,
}

const openStates: readonly SlipEntry['state'][] = ['queued', 'checking', 'sending', 'sent']

function isOpen({ state }: SlipEntry): boolean {
  return openStates.includes(state)
}

function keyOf({ slipCode, copy }: SlipEntry): string {
  return `${slipCode} ${copy}`
}
