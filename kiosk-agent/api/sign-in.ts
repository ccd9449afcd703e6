import { createHmac, hash, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

const TOKEN_LIFETIME_MS = 5 * 60_000
const COOKIE_LIFETIME_MS = 30 * 86_400_000
const COOKIE_RENEWED_AFTER_MS = 86_400_000
const MAXIMUM_WAITING_TOKENS = 16

export interface SignInOptions {
  /** The cookie is named after the terminal: cookies ignore ports, and two agents of one machine must not share one. */
  readonly terminalId: string
  /** Signs cookies; the same after a restart, so that a screen recovers by itself. */
  readonly key: KeyObject
  readonly now: () => number
}

export interface SignIn {
  /** A token for one browser start, to be handed over in the fragment of the launch address. */
  mint(): string
  /** Takes a token once; sets the cookie and returns true when it was good. */
  redeem(token: string, response: Response): boolean
  /** Lets signed-in screens pass and renews their cookie when it is a day old; others get 401. */
  readonly required: RequestHandler
}

/** The visitor screen's sign-in: one-time launch token → HttpOnly, SameSite=Strict cookie. */
export function createSignIn({ terminalId, key, now }: SignInOptions): SignIn {
  const name = `hall-kiosk-${terminalId}-visitor`
  const waiting = new Map<string, number>()

  const mac = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const fingerprint = (token: string) => hash('sha256', token)

  function setCookie(response: Response): void {
    const content = `${now()}.${randomBytes(16).toString('base64url')}`
    response.cookie(name, `${content}.${mac(content)}`, { httpOnly: true, sameSite: 'strict', path: '/' })
  }

  /**
   * How old the newest good cookie is; undefined where there is none. Another server of this machine can add cookies of the
   * same name, since cookies ignore ports; so every one is tried. An age below 0 is ours all the same: the clock was set back.
   */
  function cookieAge(cookieHeader: string | undefined): number | undefined {
    const ages = (cookieHeader?.split(';') ?? []).flatMap((each) => {
      const [key, value = ''] = each.trim().split('=')
      return key === name ? (ageOf(value) ?? []) : []
    })
    return ages.length === 0 ? undefined : Math.min(...ages)
  }

  function ageOf(value: string): number | undefined {
    const [at, random, signature] = value.split('.')
    if (!at || !random || !signature) return undefined
    const expected = Buffer.from(mac(`${at}.${random}`))
    const given = Buffer.from(signature)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    const age = now() - Number(at)
    return age < COOKIE_LIFETIME_MS ? age : undefined
  }

  return {
    mint() {
      const token = randomBytes(32).toString('base64url')
      waiting.set(fingerprint(token), now() + TOKEN_LIFETIME_MS)
      const [oldest] = waiting.keys()
      if (waiting.size > MAXIMUM_WAITING_TOKENS && oldest) waiting.delete(oldest)
      return token
    },
    redeem(token, response) {
      const until = waiting.get(fingerprint(token))
      if (until === undefined) return false
      waiting.delete(fingerprint(token))
      if (now() > until) return false
      setCookie(response)
      return true
    },
    required(request, response, next) {
      const age = cookieAge(request.headers.cookie)
      if (age === undefined) {
        response.status(401).json({ error: 'This screen is not signed in; start it through its launcher.' })
        return
      }
      if (Math.abs(age) > COOKIE_RENEWED_AFTER_MS) setCookie(response)
      next()
    },
  }
}
