import { randomBytes } from 'node:crypto'
import { DeviceError } from '../errors.ts'
import { answerChallenge, type DigestChallenge, readChallenge } from './digest.ts'
import type { Login, RefusedLogins } from './refused-logins.ts'

/** One login over one link: the challenge it has, and how often it was answered. */
export class DigestLogin {
  readonly #name: string
  readonly #login: Login
  readonly #refused: RefusedLogins
  #challenge: DigestChallenge | undefined
  #count = 0

  /** `name`: of the link, for messages. */
  constructor(name: string, login: Login, refused: RefusedLogins) {
    this.#name = name
    this.#login = login
    this.#refused = refused
  }

  /** The `Authorization` header of the next request; undefined while nothing was challenged. */
  proof(method: string, uri: string): string | undefined {
    if (!this.#challenge) return undefined
    this.#count++
    const cnonce = randomBytes(16).toString('base64url')
    return answerChallenge(this.#challenge, { ...this.#login, method, uri, count: this.#count, cnonce })
  }

  /** Takes the challenge of an answer 401; throws when nothing more can be tried. `proved`: a proof had been sent. */
  challenged(headers: readonly string[], proved: boolean): void {
    const next = readChallenge(headers)
    if (!next)
      throw new DeviceError(
        'unsupported',
        `${this.#name}: it wants a login that is not Digest with MD5 or SHA-256; switch Digest on in the camera`,
      )
    if (proved && !next.stale) {
      this.#refused.refuse(this.#login)
      throw new DeviceError(
        'no-permission',
        `${this.#name}: user name or password was refused; correct it in the settings`,
      )
    }
    this.#challenge = next
    this.#count = 0
  }
}
