import { type Summary, summary } from './percentiles.ts'
import { atMost, ms, type Section } from './table.ts'
import type { Visits } from './visits.ts'

const LIMIT_ABOVE_SYNC_MS = 20

/** Last evidence to gate command, with the whole real path between, against the disk's own sync time. */
export function decisionSection({ evidenceToPulseMs, syncMs }: Visits): Section {
  const path = summary(evidenceToPulseMs)
  const disk = summary(syncMs)
  const above = path.p99 - disk.p99
  return {
    title: `Decision: last evidence to pulse command at the gate (${path.count} visits)`,
    figures: [
      { what: 'disk: append 4 KiB + fdatasync, p50 / p99', value: both(disk) },
      {
        what: 'mask intent sent → pulse received, p50 / p99',
        value: both(path),
        floor: `${both(disk)} disk`,
      },
      {
        what: "p99 above the disk's own sync time",
        value: ms(above),
        promise: atMost(above, LIMIT_ABOVE_SYNC_MS, 'ms'),
      },
      { what: 'slowest visit', value: ms(path.max), floor: `${ms(disk.max)} disk` },
    ],
    notes: [
      'On the path: HTTP request, claim, decision with grant (two commits, each synced; the nonce is written before), pulse over a pseudo-terminal.',
      `The disk was asked ${disk.count} times, between the visits. Wire and devices are not slowed down here.`,
    ],
  }
}

const both = ({ p50, p99 }: Summary) => `${ms(p50)} / ${ms(p99)}`
