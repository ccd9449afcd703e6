import type { Clock } from '../../../devices/lib/clock.ts'
import type { Proof } from '../../api/technician-contract.ts'
import { isoTime } from '../../entry/hall-time.ts'
import type { Unfit } from '../../entry/view.ts'
import type { Head } from '../../ledger/chain.ts'
import type { ProofEntry, ProofSigner } from '../../ledger/proof-signature.ts'
import type { Log } from '../../log.ts'
import type { Check } from './check.ts'
import { fitnessOf, unfitBy } from './fitness.ts'
import { dueSince } from './schedule.ts'

export interface MorningProofNeeds {
  readonly terminalId: string
  /** "07:30"; undefined: only when somebody asks. */
  readonly schedule: string | undefined
  readonly utcOffsetMinutes: number
  readonly clock: Clock
  readonly log: Log
  readonly signer: ProofSigner
  /** Makes every check, one after the other. */
  look(by: string): Promise<Check[]>
  /** Nobody is at the terminal whom this proof would disturb. */
  isIdle(by: string): boolean
  /** The newest synced entry of the ledger. */
  head(): Head
  /** Appends to the ledger; resolves when synced. */
  record(entry: ProofEntry): Promise<unknown>
  /** What holds until the next proof. */
  onUnfit(unfit: Unfit): void
  onChange(): void
}

export interface MorningProof {
  readonly running: boolean
  readonly last: Proof | undefined
  /** Runs one as soon as nobody is there. False when one runs. */
  run(by: string): boolean
  /** Knows the last proof of an earlier run, and begins to keep the schedule. */
  start(last: ProofEntry | undefined): void
  close(): Promise<void>
}

const LOOK_EVERY_MS = 20_000
const IDLE_EVERY_MS = 1000
/** By name of the schedule, in place of an account. */
export const SCHEDULE = 'schedule'

/** The self-test before opening: by the clock, or by a button; a visitor is never interrupted by it. */
export function createMorningProof(needs: MorningProofNeeds): MorningProof {
  const { clock, log } = needs
  const stopping = new AbortController()
  let last: Proof | undefined
  let lastAt: number | undefined
  let work: Promise<void> | undefined

  async function prove(by: string): Promise<void> {
    while (!needs.isIdle(by)) await clock.sleep(IDLE_EVERY_MS, stopping.signal)
    const checks = await needs.look(by)
    stopping.signal.throwIfAborted()
    const now = clock.now()
    const entry = needs.signer.sign({
      type: 'morning-proof',
      terminalId: needs.terminalId,
      at: isoTime(now, needs.utcOffsetMinutes),
      by,
      fitness: fitnessOf(checks),
      checks,
      head: needs.head(),
    })
    keep(entry, now)
    // What was found holds, whether or not the ledger takes it: that it does not is told elsewhere.
    await needs.record(entry)
  }

  function keep(entry: ProofEntry, at: number): void {
    last = proofOf(entry)
    lastAt = at
    needs.onUnfit(unfitBy(last))
  }

  function begin(by: string): boolean {
    if (work || stopping.signal.aborted) return false
    work = prove(by)
      .catch((error) => {
        if (!stopping.signal.aborted) log('the morning proof was not finished', { error })
        // Not again every few seconds, whatever it was.
        lastAt = clock.now()
      })
      .finally(() => {
        work = undefined
        needs.onChange()
      })
    needs.onChange()
    return true
  }

  async function keepSchedule(time: string): Promise<void> {
    while (!stopping.signal.aborted) {
      const due = dueSince(clock.now(), { time, utcOffsetMinutes: needs.utcOffsetMinutes })
      // A proof from the future was made by a clock that has been set since.
      if (lastAt === undefined || lastAt < due || lastAt > clock.now() + LOOK_EVERY_MS) begin(SCHEDULE)
      await clock.sleep(LOOK_EVERY_MS, stopping.signal)
    }
  }

  return {
    get running() {
      return work !== undefined
    },
    get last() {
      return last
    },
    run: begin,
    start(former) {
      if (former) keep(former, Date.parse(former.at))
      // Ends when the agent stops.
      if (needs.schedule) keepSchedule(needs.schedule).catch(() => {})
    },
    async close() {
      stopping.abort(new Error('the agent is stopping'))
      await work
    },
  }
}

function proofOf({ at, by, fitness, checks, signature, publicKey }: ProofEntry): Proof {
  return { at, by, fitness, checks: checks as Proof['checks'], signature, publicKey }
}
