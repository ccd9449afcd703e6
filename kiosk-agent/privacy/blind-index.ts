import { createHmac, type KeyObject } from 'node:crypto'
import { normalIdNumber } from './id-number.ts'

/**
 * What stands for an ID number in a lookup: hex HMAC-SHA-256. The same number gives the same index; without the key
 * nobody gets from the index to the number, although there are few enough numbers to try them all.
 */
export function blindIndex(key: KeyObject, idNumber: string): string {
  return createHmac('sha256', key).update(normalIdNumber(idNumber)).digest('hex')
}
