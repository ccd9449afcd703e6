import { createHash } from 'node:crypto'

/** What a web device wants to have proved (RFC 7616, with `qop=auth`). */
export interface DigestChallenge {
  readonly algorithm: 'SHA-256' | 'MD5'
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  /** The proof was right, but its nonce is used up: the same once more with this one. */
  readonly stale: boolean
}

export interface DigestProof {
  readonly username: string
  readonly password: string
  readonly method: string
  /** Path and query, as in the request line. */
  readonly uri: string
  /** How often this nonce was used, this time counted. */
  readonly count: number
  readonly cnonce: string
}

/** The strongest challenge of all `WWW-Authenticate` headers that can be answered; undefined when there is none. */
export function readChallenge(headers: readonly string[]): DigestChallenge | undefined {
  const challenges = headers.flatMap(schemes).flatMap(({ scheme, given }) => {
    if (scheme.toLowerCase() !== 'digest') return []
    const algorithm = (given.get('algorithm') ?? 'MD5').toUpperCase()
    const [realm, nonce] = [given.get('realm'), given.get('nonce')]
    const offered = (given.get('qop') ?? '').split(',').map((each) => each.trim())
    if (realm === undefined || nonce === undefined || !offered.includes('auth')) return []
    if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return []
    const stale = given.get('stale')?.toLowerCase() === 'true'
    return [{ algorithm, realm, nonce, opaque: given.get('opaque'), stale } satisfies DigestChallenge]
  })
  return challenges.find(({ algorithm }) => algorithm === 'SHA-256') ?? challenges[0]
}

/** The `Authorization` header that answers a challenge. It proves the password without telling it. */
export function answerChallenge(challenge: DigestChallenge, proof: DigestProof): string {
  const { realm, nonce, algorithm, opaque } = challenge
  const { username, uri, cnonce } = proof
  const count = proof.count.toString(16).padStart(8, '0')
  const hash = (...fields: string[]) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(fields.join(':'), 'utf8')
      .digest('hex')
  const secret = hash(username, realm, proof.password)
  const response = hash(secret, nonce, count, cnonce, 'auth', hash(proof.method, uri))
  return [
    `Digest username=${quoted(username)}, realm=${quoted(realm)}, uri=${quoted(uri)}`,
    `algorithm=${algorithm}, nonce=${quoted(nonce)}, nc=${count}, cnonce=${quoted(cnonce)}`,
    `qop=auth, response="${response}"${opaque === undefined ? '' : `, opaque=${quoted(opaque)}`}`,
  ].join(', ')
}

interface Scheme {
  readonly scheme: string
  readonly given: ReadonlyMap<string, string>
}

/** Cuts one header, which may hold several challenges with commas between and inside them. */
export function schemes(header: string): Scheme[] {
  const found: { scheme: string; given: Map<string, string> }[] = []
  const item = /\s*,?\s*(?:([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)(?=\s|,|$))/gy
  for (let match = item.exec(header); match; match = item.exec(header)) {
    const [, name, inQuotes, bare, scheme] = match
    if (scheme !== undefined) found.push({ scheme, given: new Map() })
    else if (name !== undefined)
      found.at(-1)?.given.set(name.toLowerCase(), bare ?? (inQuotes ?? '').replace(/\\(.)/g, '$1'))
  }
  return found
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
