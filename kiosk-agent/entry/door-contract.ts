import type { Hall } from '../../config/schemas/hall.ts'
import type { RuleSet } from '../../config/schemas/rule-set.ts'
import type { TerminalSettings } from '../../config/schemas/terminal.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { Intent } from '../api/contract.ts'
import type { DeviceHub, KindEvent } from '../device-hub.ts'
import type { HealthAdapter } from '../gateways/health/health-adapter.ts'
import type { HallStore } from '../hall/hall-store.ts'
import type { Entry, StoredEntry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import type { LeftSlips } from '../paper/left-slips.ts'
import type { Slip } from '../paper/print-journal.ts'
import type { SlipState } from '../paper/slip-ends.ts'
import type { Handover } from './handover.ts'
import type { TestOrder, TestPulse } from './lane.ts'
import type { Unfit, View } from './view.ts'

/** Everything the door of an entry terminal works with. */
export interface DoorOptions {
  readonly terminal: TerminalSettings
  readonly hall: Hall
  readonly rules: { readonly set: RuleSet; readonly version: number }
  readonly build: string
  /** Names this run of the agent; part of every session id. */
  readonly epoch: string
  readonly store: HallStore
  readonly health: HealthAdapter
  readonly hub: () => Pick<DeviceHub, 'devices' | 'commands' | 'commandsOf'>
  /** The deletable key of a person in the hall store. */
  blindIndex(idNumber: string): string
  /** A commitment to an ID number, and the salt without which it leads to nobody. */
  commit(idNumber: string): { readonly commitment: string; readonly salt: string }
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** Something the screen shows may have changed. */
  onChange(): void
}

export interface Door {
  /** `now` in Unix milliseconds. */
  view(now: number): View
  onDevice(event: KindEvent): void
  /** Device states changed: one that came or went may answer an open question. */
  refresh(): void
  /** The ledger can write no more, or can again: nobody is admitted while it is broken. */
  setBroken(broken: boolean): void
  /** Hands the terminal to a technician and takes it back. */
  readonly handover: Pick<Handover, 'state' | 'close' | 'open'>
  readonly isOnFire: boolean
  /** `stale`: it was about a session or outcome that is over. */
  intent(intent: Intent): 'accepted' | 'stale'
  /** Settles what former runs left open, then begins to admit. `slips`: what those runs printed, or may have. */
  start(former: readonly StoredEntry[], slips?: LeftSlips): Promise<void>
  /** What the morning proof found; good until the next. Visitors see the reason, and nobody is admitted while it shuts. */
  setUnfit(found: Unfit): void
  /** For the technician to whom the terminal was handed over: a pulse and a slip that belong to no visitor. */
  testPulse(order: Omit<TestOrder, 'lane' | 'record'>): Promise<TestPulse>
  printTest(slip: Slip): Promise<SlipState>
  close(): Promise<void>
}
