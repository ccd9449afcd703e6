import type { NextFunction, Request, RequestHandler, Response } from 'express'

/**
 * Who may talk to the agent at all. A browser does not protect a loopback server from its neighbours: a page on another local
 * port can reach it, and a name rebound to 127.0.0.1 looks like its own origin. So, in this order: the Host must be ours, a
 * request that changes something must carry our exact Origin (absent is refused), and Sec-Fetch-Site, where a browser
 * sends it, must say same-origin (or `none` for the address typed or launched).
 */
export function guard(port: () => number, { camera = false } = {}): RequestHandler {
  return (request, response, next) => {
    harden(response, camera)
    const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port()}`)
    const host = request.headers.host ?? ''
    if (!hosts.includes(host)) return refuse(response, 421, 'This agent is not known by that name.')
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads && request.headers.origin !== `http://${host}`)
      return refuse(response, 403, 'Requests must come from the agent’s own page.')
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && !(reads && site === 'none'))
      return refuse(response, 403, 'Requests must come from the agent’s own page.')
    next()
  }
}

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  // Preact sets style attributes through the DOM, which CSP does not count as inline.
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * For the script of the worker that reads codes, and for nothing else: a worker lives under the policy of its own
 * response, so that compiling WebAssembly stays forbidden to the page.
 */
export const codeReaderPolicy = `${policy}; script-src 'self' 'wasm-unsafe-eval'`

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error })
}

/** On every answer, the refusals too. The page itself may use the camera, where the terminal has one; nothing else may. */
function harden(response: Response, camera: boolean): void {
  response.setHeaders(
    new Headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': `camera=${camera ? '(self)' : '()'}, microphone=(), geolocation=()`,
      'cache-control': 'no-store',
    }),
  )
}

export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
  /** Milliseconds of a clock that is never set. */
  readonly monotonic?: () => number
}

/**
 * At most `perSecond` requests on average and `burst` at once; the rest get 429. One bucket for all who come so far, never one
 * for an address: on a kiosk everybody is 127.0.0.1. Behind the sign-in it counts signed-in screens alone.
 */
export function rateLimit({
  perSecond,
  burst,
  monotonic = () => performance.now(),
}: RateLimit): RequestHandler {
  let tokens = burst
  let filledAt = monotonic()
  return (_request: Request, response: Response, next: NextFunction) => {
    const now = monotonic()
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = now
    if (tokens < 1) return refuse(response, 429, 'Too many requests; try again in a second.')
    tokens--
    next()
  }
}
