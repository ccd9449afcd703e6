import { stillOpen } from './entry/settlement.ts'
import type { StoredEntry } from './ledger/entries.ts'
import type { Ledger } from './ledger/ledger.ts'
import { followSlips, type LeftSlips, noSlips } from './paper/left-slips.ts'

const PAGE = 5000

/** What former runs of the agent left open: entries of claims without an end, and slips without one. */
export async function leftOpen(ledger: Ledger): Promise<{ former: StoredEntry[]; slips: LeftSlips }> {
  const types = ['nonce', 'settled', 'grant', 'pulse', 'passage', 'grant-ended', 'slip'] as const
  let former: StoredEntry[] = []
  let slips = noSlips
  for (let afterSeq = 0; ; ) {
    const page = await ledger.read({ types, afterSeq, limit: PAGE })
    former = stillOpen([...former, ...page])
    slips = followSlips(
      slips,
      page.map(({ entry }) => entry),
    )
    const last = page.at(-1)
    if (!last || page.length < PAGE) return { former, slips }
    afterSeq = last.seq
  }
}
