import { randomInt } from 'node:crypto'
import type { Language, Outcome } from '../api/contract.ts'
import type { Entry } from '../ledger/entries.ts'
import { type EntrySlip, entrySlip, stepsFor } from '../paper/slips.ts'
import { maskIdNumber, maskName } from '../privacy/mask.ts'
import type { DoorOptions } from './door-contract.ts'
import type { Circumstances } from './judgement.ts'
import type { Lane } from './lane.ts'
import { usableAppointment } from './rules/appointment.ts'
import type { Decision } from './session.ts'
import type { Ending } from './settlement.ts'
import { SLIP_WAIT_MS, type SlipDesk } from './slip-desk.ts'

type Needs = Pick<
  DoorOptions,
  'terminal' | 'hall' | 'rules' | 'store' | 'commit' | 'record' | 'clock' | 'log'
> & {
  readonly lane: Lane
  readonly desk: Pick<SlipDesk, 'journal' | 'failed'>
  settle(nonce: string, how: Ending): void
}

export interface DecisionWriter {
  /** A card was read in this session: prepares the commitment that will stand for its holder. */
  know(sessionId: string, idNumber: string): void
  /** The session ended without a decision. */
  forget(sessionId: string): void
  /** Writes the decision down, with its grant; resolves with what the screen may show once it is synced. */
  write(
    decision: Decision,
    language: Language,
    circumstances: Circumstances,
  ): Promise<Omit<Outcome, 'remainingMs'>>
  /** Hands a written decision to the lane and the printer. */
  carryOut(sessionId: string): void
}

/** How long a salt is kept: as long as a visit may still be disputed. */
const SALT_KEPT_MS = 48 * 3_600_000

/** Turns a decision into ledger entries first, and only then into a grant for the lane and a slip. */
export function createDecisionWriter(needs: Needs): DecisionWriter {
  const { clock, log, record, store, terminal } = needs
  const subjects = new Map<string, string>()
  const ready = new Map<string, () => void>()

  function decisionEntry(decision: Decision, slipCode: string): Entry {
    const { set, version } = needs.rules
    return {
      type: 'decision',
      sessionId: decision.sessionId,
      decision: decision.decision,
      reasons: [...decision.reasons],
      subjects: decision.persons.map(() => subjects.get(decision.sessionId) ?? null),
      rules: { name: set.name, version },
      slipCode,
      ...(decision.nonce === undefined ? {} : { nonce: decision.nonce }),
    }
  }

  function print(facts: SlipFacts): void {
    try {
      // Kept for copies: what stands on the paper, masked, and nothing else of the visitor.
      const slip = slipOf(needs, facts)
      entrySlip(slip)
      needs.desk.journal.print({
        slipCode: facts.slipCode,
        document: (copy) => entrySlip({ ...slip, copy }),
        notAfter: clock.monotonic() + SLIP_WAIT_MS,
      })
    } catch (error) {
      // A text that no slip can hold is no reason to keep anybody out.
      log('a slip could not be made', { error })
      needs.desk.failed(facts.slipCode)
    }
  }

  return {
    know(sessionId, idNumber) {
      const { commitment, salt } = needs.commit(idNumber)
      subjects.set(sessionId, commitment)
      // A salt that cannot be kept only means that nobody can ever tie the entry to a person.
      store
        .putSalt(commitment, salt, clock.now() + SALT_KEPT_MS)
        .catch((error) => log('a salt was not kept', { error }))
    },

    forget(sessionId) {
      subjects.delete(sessionId)
    },

    async write(decision, language, circumstances) {
      const { sessionId, nonce, persons, reasons } = decision
      const slipCode = newSlipCode()
      const validMs = terminal.lane.grantSeconds * 1000
      const notAfter = clock.monotonic() + validMs
      const entries = [decisionEntry(decision, slipCode)]
      const admitted = decision.decision === 'admit' && nonce !== undefined
      if (admitted) {
        const grant = { grantId: sessionId, nonce, lane: terminal.lane.id, persons: persons.length, validMs }
        entries.push({ type: 'grant', ...grant })
      }
      await record(...entries).finally(() => subjects.delete(sessionId))

      const prints = terminal.slips.print === 'always' || (terminal.slips.print === 'refusals' && !admitted)
      ready.set(sessionId, () => {
        if (admitted) needs.lane.carryOut({ grantId: sessionId, nonce, persons: persons.length, notAfter })
        // A claim that ended in anything but a grant must not keep its place.
        else if (nonce !== undefined) needs.settle(nonce, 'released')
        if (prints) print({ decision, language, circumstances, slipCode })
      })
      return {
        id: sessionId,
        decision: decision.decision,
        reasons: [...reasons],
        next: stepsFor(reasons),
        persons: persons.length,
        slipCode,
        slip: prints ? 'printing' : 'none',
        ...(admitted ? { lane: 'opening' as const } : {}),
      }
    },

    carryOut(sessionId) {
      ready.get(sessionId)?.()
      ready.delete(sessionId)
    },
  }
}

interface SlipFacts {
  readonly decision: Decision
  readonly language: Language
  readonly circumstances: Circumstances
  readonly slipCode: string
}

function slipOf({ terminal, hall, rules, clock }: Needs, facts: SlipFacts): EntrySlip {
  const { decision, circumstances } = facts
  const [first] = decision.persons
  const now = clock.now()
  const appointment = first && usableAppointment(first, circumstances, now)
  const holder = first?.card && {
    nameMasked: maskName(first.card.name),
    idMasked: maskIdNumber(first.card.idNumber),
  }
  return {
    language: facts.language,
    simulated: terminal.simulated,
    hall,
    terminal: terminal.name,
    decision: decision.decision,
    reasons: decision.reasons,
    ...(holder ? { holder } : {}),
    ...(appointment ? { appointment } : {}),
    slipCode: facts.slipCode,
    rules: `${rules.set.name} v${rules.version}`,
    at: now,
  }
}

/** Letters and digits that nobody confuses when read aloud: no I, O, 0 or 1. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const DIGITS = '23456789'

/** "A7-3392": short enough to say, random enough that yesterday's is not today's. */
function newSlipCode(): string {
  const pick = (from: string) => from[randomInt(from.length)] ?? ''
  return `${pick(LETTERS)}${pick(DIGITS)}-${pick(DIGITS)}${pick(DIGITS)}${pick(DIGITS)}${pick(DIGITS)}`
}
