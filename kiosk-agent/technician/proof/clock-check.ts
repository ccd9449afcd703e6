import { isoTime } from '../../entry/hall-time.ts'
import { type Check, check } from './check.ts'

export interface ClockFacts {
  /** Unix milliseconds, as everything below. */
  readonly now: number
  /** When this software was installed. */
  readonly builtAt: number
  /** The latest time any entry of the ledger bears; undefined when the ledger could not be read. */
  readonly ledgerAt: number | undefined
  /** What the health gateway says; undefined when there is none, or it did not answer. */
  readonly gatewayAt: number | undefined
  /** Of the machine's own time zone. */
  readonly machineOffsetMinutes: number
  readonly hallOffsetMinutes: number
}

/** Clocks are set in steps; what was written a moment before one of them is no proof of anything. */
const TOLERANCE_MS = 60_000
/** Beyond this appointments are judged by a wrong hour. */
const WRONG_MS = 30 * 60_000

/** Whether the machine's clock can be right: it never runs before what is known to have been. */
export function checkClock(facts: ClockFacts): Promise<Check> {
  const { now, builtAt, ledgerAt, gatewayAt, machineOffsetMinutes, hallOffsetMinutes } = facts
  const shown = (at: number) => isoTime(at, hallOffsetMinutes)
  return check({ check: 'clock' }, ({ good, limited, bad, note }) => {
    if (now < builtAt - TOLERANCE_MS) bad('clock-before-build', { time: shown(now), build: shown(builtAt) })
    else if (ledgerAt !== undefined && now < ledgerAt - TOLERANCE_MS)
      bad('clock-before-ledger', { time: shown(now), ledger: shown(ledgerAt) })
    else good('clock-plausible', { time: shown(now), zone: shown(now).slice(-6) })
    if (gatewayAt !== undefined && Math.abs(now - gatewayAt) > TOLERANCE_MS) {
      const values = { from: 'health-gateway', seconds: String(Math.round((now - gatewayAt) / 1000)) }
      if (Math.abs(now - gatewayAt) > WRONG_MS) bad('clock-differs', values)
      else limited('clock-differs', values)
    }
    // Times are the hall's own whatever the machine believes, so this is only for who reads its logs.
    if (machineOffsetMinutes !== hallOffsetMinutes)
      note('zone-differs', { zone: String(machineOffsetMinutes), hall: String(hallOffsetMinutes) })
  })
}
