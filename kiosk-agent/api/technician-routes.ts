import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { Entry } from '../ledger/entries.ts'
import type { Log } from '../log.ts'
import type { Accounts, Authenticated } from '../technician/accounts/accounts.ts'
import type { Configure } from '../technician/configure/configure-part.ts'
import { Refused, type Who } from '../technician/console-part.ts'
import type { SignedIn, SignIns } from '../technician/sign-ins.ts'
import type { EventStream } from './event-stream.ts'
import { rateLimit } from './guard.ts'
import { type Command, commandSchema, type Refusal } from './technician-commands.ts'
import { type SignInRefusal, setUpSchema, signInSchema } from './technician-contract.ts'
import { sendTrace, streamWire, type WireSource } from './wire-stream.ts'

export interface TechnicianApi {
  readonly accounts: Accounts
  readonly signIns: SignIns
  readonly stream: EventStream
  readonly configure: Pick<Configure, 'models' | 'exported' | 'review'>
  readonly wire: WireSource
  readonly setUp: { check(token: string): 'first' | 'recovered' | undefined; used(): void }
  readonly log: Log
  record(...entries: Entry[]): void
  obey(command: Command, who: Who): Promise<void>
  onSignedOut(account: string): void
}

/** A whole terminal's settings, which every request but an import is far below. */
const MAXIMUM_BODY = '512kb'

/** Everything below /api/technician. */
export function technicianRoutes(api: TechnicianApi): Router {
  const router = Router()
  const { accounts, signIns, stream, configure } = api
  router.use(express.json({ limit: MAXIMUM_BODY, strict: true }))

  /** Looking at an open page is not using it: only what a person does keeps a sign-in alive. */
  const signedIn =
    (touch: boolean): RequestHandler =>
    (request, response, next) => {
      const found = signIns.find(request.headers.cookie, touch)
      if (!found) {
        response.status(401).json({ error: 'Nobody is signed in here; sign in first.' })
        return
      }
      response.locals.signedIn = found
      next()
    }
  const attempts = rateLimit({ perSecond: 1, burst: 10 })
  const looks = rateLimit({ perSecond: 5, burst: 40 })
  const acts = rateLimit({ perSecond: 10, burst: 30 })

  router.post('/set-up', attempts, async (request, response) => {
    const { token, ...account } = understood(setUpSchema, request.body)
    const how = api.setUp.check(token)
    if (!how) return refuseSignIn(response, { error: 'token' })
    const made = await accounts.setUp(account, how)
    if (made !== 'made') return refuseSignIn(response, { error: made === 'exists' ? 'exists' : 'token' })
    api.setUp.used()
    begin(response, {
      account: account.account,
      name: account.name,
      role: 'technician',
      mustChangePin: false,
    })
  })
  router.post('/sign-in', attempts, async (request, response) => {
    const { account, pin } = understood(signInSchema, request.body)
    const answer = await accounts.authenticate(account, pin)
    if ('me' in answer && answer.me.role === 'technician') return begin(response, answer.me)
    const refusal = 'me' in answer ? ({ error: 'not-technician' } as const) : answer
    noteRefusal(account, answer, refusal)
    refuseSignIn(response, refusal)
  })
  router.post('/sign-out', signedIn(true), (_request, response) => {
    const found = signedInOf(response)
    signIns.end(found, response)
    api.record({ type: 'technician-sign-in', account: found.me.account, result: 'signed-out' })
    api.onSignedOut(found.me.account)
    response.status(204).end()
  })
  router.get('/me', looks, signedIn(false), (_request, response) => {
    response.json(signedInOf(response).me)
  })
  router.get('/events', signedIn(false), looks, (request, response) => {
    signIns.watch(signedInOf(response), response)
    stream.connect(request, response)
  })
  router.get('/wire/:device', signedIn(false), looks, (request, response) => {
    streamWire(api.wire, String(request.params.device), response)
    signIns.watch(signedInOf(response), response)
  })
  router.get('/traces/:name', signedIn(true), looks, async (request, response) => {
    sendTrace(await api.wire.trace(String(request.params.name)), String(request.params.name), response)
  })
  router.get('/models', signedIn(true), looks, async (_request, response) => {
    response.json(await configure.models())
  })
  router.get('/settings', signedIn(true), looks, (_request, response) => {
    response.json(configure.exported())
  })
  router.post('/settings', signedIn(true), acts, async (request, response) => {
    response.json(await configure.review(request.body))
  })
  router.post('/commands', signedIn(true), acts, async (request, response) => {
    const { me } = signedInOf(response)
    const command = understood(commandSchema, request.body)
    if (me.mustChangePin && command.type !== 'change-own-pin')
      throw new Refused('must-change-pin', 'Choose a PIN of your own first.')
    await api.obey(command, { account: me.account, name: me.name })
    response.status(202).json({ accepted: true })
  })
  router.use(refusals)
  return router

  function begin(response: Response, me: SignedIn['me']): void {
    signIns.begin(me, response)
    api.record({ type: 'technician-sign-in', account: me.account, result: 'signed-in' })
    response.json(me)
  }

  function noteRefusal(account: string, answer: Authenticated, { error }: SignInRefusal): void {
    // What was typed for an account that does not exist might be a PIN.
    const known = 'me' in answer || answer.known ? { account } : {}
    if (error === 'wrong' || error === 'disabled' || error === 'not-technician')
      api.record({ type: 'technician-sign-in', ...known, result: error })
  }
}

const signedInOf = (response: Response) => response.locals.signedIn as SignedIn

function refuseSignIn(response: Response, { error, waitMs }: SignInRefusal): void {
  response.status(error === 'locked' ? 429 : 401).json({ error, ...(waitMs === undefined ? {} : { waitMs }) })
}

/** What the request says is wrong. */
function understood<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new Malformed(z.prettifyError(result.error))
}

class Malformed extends Error {
  override readonly name = 'Malformed'
}

const status: { readonly [Code in Refusal['error']]?: number } = {
  'not-in-vendor-mode': 403,
  'must-change-pin': 403,
  'wrong-pin': 403,
  'bad-options': 400,
  'bad-file': 400,
}

/** A command that is not obeyed is answered with why; everything else goes to the server's own handler. */
function refusals(
  error: unknown,
  _request: Request,
  response: Response,
  next: (error: unknown) => void,
): void {
  if (response.headersSent) {
    next(error)
  } else if (error instanceof Malformed) {
    response.status(400).json({ error: error.message })
  } else if (error instanceof Refused) {
    const refusal: Refusal = { error: error.code, message: error.message }
    response.status(status[error.code] ?? 409).json(refusal)
  } else next(error)
}
