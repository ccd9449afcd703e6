import type { Commands, DeviceEvent, Kind } from '../../../devices/kinds.ts'
import type { Clock } from '../../../devices/lib/clock.ts'
import type { Text } from '../../api/contract.ts'
import type { FindingCode } from '../../api/finding-codes.ts'
import type { TestRun } from '../../api/technician-contract.ts'
import type { KindEvent } from '../../device-hub.ts'
import type { TestOrder, TestPulse } from '../../entry/lane.ts'
import type { Entry } from '../../ledger/entries.ts'
import type { Log } from '../../log.ts'
import type { Slip } from '../../paper/print-journal.ts'
import type { SlipState } from '../../paper/slip-ends.ts'

/** What tests of devices work with. */
export interface TestNeeds {
  readonly clock: Clock
  readonly log: Log
  readonly terminal: { readonly name: Text; readonly simulated: boolean; readonly passageMs: number }
  readonly utcOffsetMinutes: number
  /** A configured device, whether it is there or not. */
  device(id: string): { readonly kind: Kind; readonly options: unknown } | undefined
  /** Its commands; undefined while it is not online. Another object for each connection. */
  commands(id: string): Commands | undefined
  /** The scanner of this terminal; undefined while there is none. */
  scanner(): Commands<'code-scanner'> | undefined
  /** Tells what devices do. Returns how to stop. */
  listen(listener: (event: KindEvent) => void): () => void
  /** Appends to the ledger; resolves when synced. */
  record(...entries: Entry[]): Promise<unknown>
  pulse(order: Pick<TestOrder, 'by' | 'signal' | 'onOpened'>): Promise<TestPulse>
  print(slip: Slip): Promise<SlipState>
  onChange(): void
}

/** One run of a test, as its procedure sees it. */
export interface Running {
  readonly needs: TestNeeds
  readonly device: string
  /** Id of the technician's account. */
  readonly by: string
  readonly referenceCentiCelsius: number | undefined
  /** Aborts when the technician cancels or the device is lost. */
  readonly signal: AbortSignal
  /** What a person is to do now; undefined: nothing. */
  ask(what: NonNullable<TestRun['ask']> | undefined): void
  /** `ok` is left out for what is neither good nor bad. */
  find(code: FindingCode, values?: Record<string, string>, ok?: boolean): void
  offerOffset(centiCelsius: number): void
  /** The first event of which `take` makes something; undefined when the time is over. Rejects when the run ends first. */
  waitFor<K extends Kind, Result>(wait: Wait<K, Result>): Promise<Result | undefined>
}

export interface Wait<K extends Kind, Result> {
  readonly kind: K
  readonly limitMs: number
  take(event: DeviceEvent<K>): Result | undefined
}

/** Resolves with true when the test was passed. */
export type Procedure = (running: Running) => Promise<boolean>

/** How long a person has to do what is asked. */
export const PERSON_MS = 60_000

/** The commands of the tested device; the run ends when it is not there. */
export function commandsOf<K extends Kind>({ needs, device }: Running, _kind: K): Commands<K> {
  return needs.commands(device) as Commands<K>
}

export const seconds = (ms: number): string => String(Math.round(ms / 100) / 10)
