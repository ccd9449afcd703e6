import { z } from 'zod'
import { deviceStateSchema } from '../api/contract.ts'
import { testNames } from '../api/test-names.ts'
import { reasonSchema } from '../entry/reasons.ts'

const id = z.string().min(1).max(64)
const commitment = z.string().regex(/^[0-9a-f]{64}$/)
const entry = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape })

const finding = z.strictObject({
  code: id,
  ok: z.boolean().optional(),
  values: z.record(z.string(), z.string()),
})
/** What was found before opening; `signature` is Ed25519 over the canonical JSON of everything else, base64url. */
const morningProof = {
  terminalId: id,
  at: z.iso.datetime({ offset: true }),
  /** "schedule", or the id of the account that pressed the button. */
  by: id,
  fitness: z.enum(['fit', 'limited', 'out-of-service']),
  checks: z.array(
    z.strictObject({
      check: id,
      device: id.optional(),
      result: z.enum(['good', 'limited', 'bad', 'not-applicable']),
      findings: z.array(finding),
    }),
  ),
  /** The newest entry when it was signed: whoever changes anything before it breaks the signature too. */
  head: z.strictObject({ seq: z.int(), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  publicKey: z.string().max(100),
  signature: z.string().max(200),
} as const

/**
 * Everything a terminal writes down about what it saw, decided and did. Names and shapes are kept for ever.
 * No entry holds a name, a number of a card, or anything else that leads to a person without a salt.
 */
export const entrySchema = z.discriminatedUnion('type', [
  entry('ledger-opened', { format: z.literal(1), terminalId: id, simulated: z.boolean() }),
  entry('agent-started', { build: z.string(), epoch: id }),
  entry('agent-stopped', { why: z.string() }),
  entry('setting', { name: z.string(), version: z.int(), who: z.string() }),
  entry('device', { device: id, state: deviceStateSchema, error: z.string().optional() }),

  // An admission in order: nonce → (hall store) → settled → decision + grant → pulse → passage → grant-ended.
  entry('nonce', { nonce: id, sessionId: id, appointmentId: id, persons: z.int().positive() }),
  entry('settled', {
    nonce: id,
    result: z.enum([
      ...(['claimed', 'full', 'taken', 'not-booked', 'never-claimed', 'released', 'unconfirmed'] as const),
      // Somebody without a right is counted in the hall.
      'slipped-in',
    ]),
  }),
  entry('decision', {
    sessionId: id,
    decision: z.enum(['admit', 'refuse', 'assist']),
    reasons: z.array(reasonSchema),
    /** One a person of the party; undefined where no card was read. */
    subjects: z.array(commitment.nullable()),
    rules: z.strictObject({ name: z.string(), version: z.int() }),
    slipCode: id,
    nonce: id.optional(),
  }),
  entry('grant', { grantId: id, nonce: id, lane: id, persons: z.int().positive(), validMs: z.int() }),
  entry('pulse', {
    grantId: id,
    outcome: z.enum(['confirmed', 'unconfirmed', 'not-sent']),
    error: z.string().optional(),
  }),
  entry('passage', {
    grantId: id.nullable(),
    late: z.boolean(),
    /** Missing in old entries. `tailgating`: behind somebody admitted; `forced`: without any grant; `fire`: fleeing. */
    how: z.enum(['granted', 'late', 'tailgating', 'forced', 'fire']).optional(),
    /** Of somebody without a right, who is counted in the hall store under this name and then `settled`. */
    nonce: id.optional(),
  }),
  /** Something stays in the passage, or its contact is stuck. */
  entry('gate-held', { active: z.boolean() }),
  entry('grant-ended', { grantId: id, how: z.enum(['passed', 'timed-out', 'unconfirmed', 'not-opened']) }),
  entry('session-ended', { sessionId: id, how: z.enum(['cancelled', 'timed-out', 'replaced']) }),

  /** queued → checking → sending → sent → printed | not-started | incomplete | unknown. A try that did not start may be followed by another. */
  entry('slip', {
    slipCode: id,
    /** 1 is the slip itself; each copy that a person asked for counts on. */
    copy: z.int().positive(),
    state: z.enum([
      ...(['queued', 'checking', 'sending', 'sent'] as const),
      ...(['printed', 'not-started', 'incomplete', 'unknown'] as const),
    ]),
    /** Which try of this copy, from 1; absent in entries written before there was more than one. */
    attempt: z.int().positive().optional(),
    evidence: z.enum(['process-id', 'reached', 'probable']).optional(),
    fault: z.string().optional(),
    /** Paper that was moved for it. */
    mm: z.int().nonnegative().optional(),
    /** `printed` was learnt after the slip had been given up as something else. */
    late: z.literal(true).optional(),
  }),
  /** What became of a printed slip at the printer's exit, where a presenter tells. */
  entry('slip-handover', {
    slipCode: id,
    copy: z.int().positive(),
    how: z.enum(['taken', 'retracted', 'ejected', 'left']),
  }),
  /** What a person said about a slip of which the machine is not sure. */
  entry('slip-answer', {
    slipCode: id,
    copy: z.int().positive(),
    answer: z.enum(['have-it', 'print-again']),
    by: z.enum(['visitor', 'staff']),
  }),
  entry('paper', { paper: z.enum(['full', 'low', 'out']) }),
  /** A card stayed on the reader after its visitor's session; who was reminded and took it, or did not. No personal data. */
  entry('card-left', { sessionId: id, what: z.enum(['noticed', 'taken', 'not-taken', 'unknown']) }),
  /** The door of the kiosk itself. */
  entry('kiosk-door', { open: z.boolean() }),
  entry('help', { what: z.enum(['called', 'cancelled']) }),
  entry('fire', { active: z.boolean() }),

  // A technician's work; `by` is the id of the account.
  entry('test', {
    device: id,
    test: z.enum(testNames),
    by: id,
    state: z.enum(['started', 'passed', 'failed', 'cancelled']),
  }),
  /** `ordered` is synced before the gate gets a byte; the others tell what became of it. */
  entry('test-pulse', {
    lane: id,
    by: id,
    state: z.enum(['ordered', 'confirmed', 'unconfirmed', 'not-sent', 'passed', 'nobody-passed']),
    error: z.string().optional(),
  }),
  /** Stands before the slip's own entries. */
  entry('test-slip', { slipCode: id, device: id, by: id }),
  entry('trace', { device: id, name: id, by: id, what: z.enum(['begun', 'ended', 'deleted']) }),
  entry('morning-proof', morningProof),
  // Technicians and staff, by the id of their account; never a PIN, never the name of a person.
  entry('account', {
    account: id,
    /** `first`: made at set-up. `recovered`: made, or given a new PIN, by whoever can start the agent. */
    what: z.enum(['first', 'recovered', 'added', 'disabled', 'enabled', 'pin-reset', 'pin-changed']),
    role: z.enum(['technician', 'staff']).optional(),
    by: id,
  }),
  /** `account` is missing when there is no such account: what was typed might be anything. */
  entry('technician-sign-in', {
    account: id.optional(),
    result: z.enum(['signed-in', 'wrong', 'disabled', 'not-technician', 'signed-out', 'timed-out']),
  }),
  /** `lost`: the technician was gone. `forced`: devices were not ready. */
  entry('vendor-mode', {
    state: z.enum(['visitors', 'entering', 'active', 'exiting']),
    by: id,
    how: z.enum(['now', 'after-visitor', 'asked', 'lost', 'forced']).optional(),
  }),
])
export type Entry = z.infer<typeof entrySchema>
export type EntryType = Entry['type']

/** An entry as it stands in the chain. */
export interface StoredEntry {
  readonly seq: number
  /** Unix milliseconds when it was appended. */
  readonly at: number
  readonly entry: Entry
  /** Hex SHA-256 over the previous hash, seq, at and the entry's canonical JSON. */
  readonly hash: string
}
