import { createHash, timingSafeEqual } from 'node:crypto'

/** The four headers by which Guangdong's service gateways know a caller. */
export interface TifHeaders {
  readonly 'x-tif-paasid': string
  /** Unix seconds. */
  readonly 'x-tif-timestamp': string
  readonly 'x-tif-nonce': string
  readonly 'x-tif-signature': string
}

interface Signing {
  readonly paasId: string
  readonly token: string
  readonly nonce: string
  /** Unix milliseconds. */
  readonly at: number
}

/** signature = UPPER(hex(SHA-256(timestamp + token + nonce + timestamp))), timestamp in seconds. */
export function signTif({ paasId, token, nonce, at }: Signing): TifHeaders {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'x-tif-paasid': paasId,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': signature(timestamp, token, nonce),
  }
}

/** Clocks may differ by so much. */
export const MAXIMUM_SKEW_SECONDS = 180

/** True when the headers were signed with `token` not too long ago. The caller remembers nonces for ten minutes. */
export function tifSignatureFits(headers: Partial<TifHeaders>, token: string, now: number): boolean {
  const timestamp = headers['x-tif-timestamp'] ?? ''
  if (!/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now / 1000 - Number(timestamp)) > MAXIMUM_SKEW_SECONDS) return false
  const expected = Buffer.from(signature(timestamp, token, headers['x-tif-nonce'] ?? ''))
  const given = Buffer.from(headers['x-tif-signature'] ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function signature(timestamp: string, token: string, nonce: string): string {
  return createHash('sha256').update(`${timestamp}${token}${nonce}${timestamp}`).digest('hex').toUpperCase()
}
