import type { CardProblem } from '../../kinds.ts'

/** What to do about a result code. */
export type StatusClass =
  | 'success'
  | 'normal' // an answer like any other
  | 'find-again' // the card moved away: go on polling
  | 'present-again' // the visitor has to lift the card and lay it down again
  | 'resend' // send the same request once more
  | 'reset' // reset the module, go on polling
  | 'refused' // no use in repeating
  | 'out-of-service'

export interface StatusFacts {
  /** For the technician. */
  readonly meaning: string
  readonly retry: StatusClass
  /** What the visitor is told when a read ends so. */
  readonly problem?: CardProblem
}

/** The results that the driver and the simulator ask for by name. */
export const Status = {
  ok: 0x90,
  found: 0x9f,
  noSuchItem: 0x91,
  noCard: 0x80,
  notSelected: 0x81,
  badChecksum: 0x10,
  badLength: 0x11,
  badCommand: 0x21,
  cardRefusedModule: 0x31,
  readFailed: 0x41,
  selfTestFailed: 0x60,
  notAuthorised: 0x66,
} as const

/**
 * SW3 of every reply (GA/T 467, chapter 7). 01, 02, 03, 05 and 09 of other lists are missing on purpose: they are return
 * values of a Windows library and never travel over the wire.
 */
const statusCodes: ReadonlyMap<number, StatusFacts> = new Map<number, StatusFacts>([
  [Status.ok, { meaning: 'done', retry: 'success' }],
  [Status.found, { meaning: 'card found', retry: 'success' }],
  [Status.noSuchItem, { meaning: 'the card has no such item', retry: 'normal' }],
  [Status.noCard, { meaning: 'no card, or the card read last still lies there', retry: 'normal' }],
  [Status.notSelected, { meaning: 'card could not be selected', retry: 'find-again' }],
  [Status.badChecksum, { meaning: 'the module received a wrong checksum', retry: 'resend' }],
  [Status.badLength, { meaning: 'the module received a wrong length', retry: 'resend' }],
  [
    Status.badCommand,
    { meaning: 'the module does not know this command', retry: 'refused', problem: 'unrecognised' },
  ],
  [0x23, { meaning: 'operation not permitted', retry: 'refused', problem: 'unrecognised' }],
  [0x24, { meaning: 'unidentified error', retry: 'resend', problem: 'present-again' }],
  [
    Status.cardRefusedModule,
    { meaning: 'the card did not accept the module', retry: 'present-again', problem: 'present-again' },
  ],
  [0x32, { meaning: 'the module did not accept the card', retry: 'present-again', problem: 'present-again' }],
  [0x33, { meaning: 'card data failed verification', retry: 'present-again', problem: 'present-again' }],
  [
    0x37,
    { meaning: 'fingerprint data failed verification', retry: 'present-again', problem: 'present-again' },
  ],
  [0x3f, { meaning: 'card data has a wrong length', retry: 'present-again', problem: 'present-again' }],
  [0x40, { meaning: 'card of an unrecognised type', retry: 'refused', problem: 'unrecognised' }],
  [Status.readFailed, { meaning: 'card moved while reading', retry: 'find-again', problem: 'hold-still' }],
  [0x47, { meaning: 'no random number', retry: 'reset', problem: 'present-again' }],
  [Status.selfTestFailed, { meaning: 'the security module failed its self-test', retry: 'out-of-service' }],
  [Status.notAuthorised, { meaning: 'the security module is not authorised', retry: 'out-of-service' }],
])

/** What a result code means; a code outside the table is treated like a refusal. */
export function statusFacts(status: number): StatusFacts {
  return statusCodes.get(status) ?? { meaning: `unknown result ${hexStatus(status)}`, retry: 'refused' }
}

/** "9F", as vendors write it. */
export function hexStatus(status: number): string {
  return status.toString(16).toUpperCase().padStart(2, '0')
}
