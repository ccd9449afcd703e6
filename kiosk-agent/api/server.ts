import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { relative } from 'node:path'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { z } from 'zod'
import type { View } from '../entry/view.ts'
import type { Log } from '../log.ts'
import {
  type Bench,
  type BenchAction,
  benchActionSchema,
  type Intent,
  intentSchema,
  type Snapshot,
} from './contract.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { codeReaderPolicy, guard, rateLimit } from './guard.ts'
import type { SignIn } from './sign-in.ts'

export interface ApiOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Folder of the built screens. */
  readonly screens: string
  /** Whether the page may use the camera. */
  readonly camera?: boolean
  readonly signIn: SignIn
  readonly log: Log
  view(now: number): View
  intent(intent: Intent): 'accepted' | 'stale'
  /** Everything below /api/technician; without it there is no console. */
  readonly technician?: RequestHandler | undefined
  /** Only a simulated terminal has one; without it the bench routes do not exist. */
  readonly bench: { view(): Bench; act(action: BenchAction): Promise<void> } | undefined
  readonly now: () => number
}

export interface Api {
  readonly port: number
  /** Something the screen shows may have changed. */
  changed(): void
  benchChanged(): void
  close(): Promise<void>
}

const MAXIMUM_BODY = '16kb'

/** Serves the screen and its API on loopback. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const app = express()
  const server = createServer(app)
  const port = () => (server.address() as AddressInfo | null)?.port ?? options.port
  let version = 0
  const snapshots = createEventStream('snapshot', () => {
    const now = options.now()
    const view = options.view(now)
    const snapshot: Snapshot = { version: ++version, at: new Date(now).toISOString(), ...view }
    return { data: JSON.stringify(snapshot), signature: JSON.stringify(view, fixedMoments(now)) }
  })
  const benches = createEventStream('bench', () => {
    const data = JSON.stringify(options.bench?.view() ?? null)
    return { data, signature: data }
  })

  app.disable('x-powered-by')
  app.use(guard(port, { camera: options.camera ?? false }))
  // Before the limit of a visitor's screen: whole settings are longer than a touch.
  if (options.technician) app.use('/api/technician', options.technician)
  app.use(express.json({ limit: MAXIMUM_BODY, strict: true }))
  routes(app, options, snapshots)
  if (options.bench) benchRoutes(app, options.bench, { signIn: options.signIn, benches })
  app.use(
    express.static(options.screens, {
      // The technician's page is /technician.
      extensions: ['html'],
      setHeaders: (response, path) => {
        const name = relative(options.screens, path)
        // Their names change with their content.
        if (/^assets[\\/]/.test(name))
          response.setHeader('cache-control', 'public, max-age=31536000, immutable')
        if (/^assets[\\/]code-reader\.worker-[^\\/]*\.js$/.test(name))
          response.setHeader('content-security-policy', codeReaderPolicy)
      },
    }),
  )
  app.use((_request, response) => {
    response.status(404).json({ error: 'There is nothing here.' })
  })
  app.use(failures(options.log))

  const stopStreams = () => {
    snapshots.close()
    benches.close()
  }
  await listen(server, options.port).catch((error) => {
    stopStreams()
    throw error
  })
  return {
    port: port(),
    changed: () => snapshots.changed(),
    benchChanged: () => benches.changed(),
    close: () =>
      new Promise((resolve) => {
        stopStreams()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function routes(app: Express, { signIn, intent }: ApiOptions, snapshots: EventStream): void {
  const signInSchema = z.strictObject({ token: z.string().max(100) })
  app.get('/api/reachable', (_request, response) => {
    response.status(204).end()
  })
  app.post('/api/sign-in', rateLimit({ perSecond: 1, burst: 10 }), (request, response) => {
    const { token } = understood(signInSchema, request.body)
    if (signIn.redeem(token, response)) response.status(204).end()
    else response.status(401).json({ error: 'This launch link was used already or is too old; start again.' })
  })
  app.get('/api/events', signIn.required, rateLimit({ perSecond: 2, burst: 20 }), snapshots.connect)
  app.post('/api/intents', signIn.required, rateLimit({ perSecond: 10, burst: 30 }), (request, response) => {
    const answer = intent(understood(intentSchema, request.body))
    if (answer === 'stale') response.status(409).json({ error: 'That was about a visit that is over.' })
    else response.status(202).json({ accepted: true })
  })
}

function benchRoutes(
  app: Express,
  bench: NonNullable<ApiOptions['bench']>,
  { signIn, benches }: { signIn: SignIn; benches: EventStream },
): void {
  const [events, actions] = [rateLimit({ perSecond: 2, burst: 20 }), rateLimit({ perSecond: 20, burst: 60 })]
  app.get('/api/bench/events', signIn.required, events, benches.connect)
  app.post('/api/bench/actions', signIn.required, actions, async (request, response) => {
    await bench.act(understood(benchActionSchema, request.body))
    response.status(202).json({ accepted: true })
  })
}

/** What the request says is wrong; the message is told to whoever sent it. */
class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

function understood<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new BadRequest(z.prettifyError(result.error))
}

/** A malformed request is answered and never ends the process; what we did wrong is logged and not told. */
function failures(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    if (error instanceof BadRequest) {
      response.status(400).json({ error: error.message })
      return
    }
    const status: unknown = error?.status
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const error = status === 413 ? 'The request is too long.' : 'The request could not be read.'
      response.status(status).json({ error })
      return
    }
    log('a request failed', { error })
    response.status(500).json({ error: 'The agent could not do that; see its log.' })
  }
}

/** Two views that differ only in how much time has gone by are the same: times left are compared as moments. */
function fixedMoments(now: number) {
  return (key: string, value: unknown) =>
    key === 'remainingMs' && typeof value === 'number' && value > 0 ? now + value : value
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} of this machine is in use: is the agent running already? Stop it, or set another "port".`,
              { cause: error },
            )
          : error,
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
