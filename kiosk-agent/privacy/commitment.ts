import { createHash, randomBytes } from 'node:crypto'
import { normalIdNumber } from './id-number.ts'

const SALT_BYTES = 16

/** A commitment may stand in a ledger for ever. Its salt is kept apart and deleted when its time is over. */
export interface Commitment {
  /** Hex SHA-256 over salt and ID number. */
  readonly commitment: string
  /** Hex, 16 random bytes, new each time: two commitments to one person cannot be seen to be about the same. */
  readonly salt: string
}

/** A new commitment to an ID number, with the salt that opens it. */
export function commit(idNumber: string): Commitment {
  const salt = randomBytes(SALT_BYTES).toString('hex')
  return { commitment: hashed(salt, idNumber), salt }
}

/** Whether the commitment was made to this number; nobody can tell without the salt. */
export function opens(commitment: string, salt: string, idNumber: string): boolean {
  return salt.length === 2 * SALT_BYTES && hashed(salt, idNumber) === commitment
}

function hashed(salt: string, idNumber: string): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(normalIdNumber(idNumber)).digest('hex')
}
