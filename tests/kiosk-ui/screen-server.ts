import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import {
  type Bench,
  type BenchAction,
  benchActionSchema,
  type Intent,
  intentSchema,
  type Snapshot,
} from '../../kiosk-agent/api/contract.ts'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'

/** Stands where the agent stands: serves the built screens and shows them whatever snapshot a test wants. */
export interface ScreenServer {
  readonly origin: string
  readonly intents: readonly Intent[]
  readonly benchActions: readonly BenchAction[]
  readonly signIns: readonly string[]
  /** How often index.html was asked for: a reload shows here. */
  pageLoads(): number
  show(snapshot: Snapshot): void
  showBench(bench: Bench): void
  /** Status of the next answers to intents; 204 unless told. */
  answerIntents(status: number): void
  /** False: the event stream answers 401. */
  knowScreen(known: boolean): void
  /** False: /api/reachable answers 503, as a proxy does for an agent that hangs. */
  beReachable(reachable: boolean): void
  /** Says no more on the streams that are open, and leaves them open. */
  fallSilent(): void
  /** Drops every connection and stops listening, as a killed agent does. */
  die(): Promise<void>
  /** Listens again on the same port. */
  revive(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Answers what the visitor's screen does not ask; false for what it does not know either. */
export type MoreAnswers = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>

const pages: { readonly [path: string]: string } = { '/': '/index.html', '/technician': '/technician.html' }

export async function startScreenServer(
  first: Snapshot,
  more: MoreAnswers = async () => false,
): Promise<ScreenServer> {
  const { folder: dist } = await builtScreens()
  const intents: Intent[] = []
  const benchActions: BenchAction[] = []
  const signIns: string[] = []
  const streams = new Set<ServerResponse>()
  const benchStreams = new Set<ServerResponse>()
  const now: {
    snapshot: Snapshot
    bench?: Bench
    status: number
    known: boolean
    loads: number
    reachable: boolean
  } = {
    snapshot: first,
    status: 204,
    known: true,
    reachable: true,
    loads: 0,
  }

  const posts: { readonly [path: string]: (body: unknown) => number } = {
    '/api/sign-in': (body) => {
      signIns.push(String((body as { token: unknown }).token))
      return 204
    },
    '/api/intents': (body) => {
      intents.push(intentSchema.parse(body))
      return now.status
    },
    '/api/bench/actions': (body) => {
      benchActions.push(benchActionSchema.parse(body))
      return 204
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://screen').pathname
    const post = posts[path]
    if (request.method === 'POST' && post) {
      response.writeHead(post(await bodyOf(request))).end()
    } else if (path === '/api/reachable') response.writeHead(now.reachable ? 204 : 503).end()
    else if (path === '/api/events' && !now.known) response.writeHead(401).end()
    else if (path === '/api/events') stream(response, streams, 'snapshot', now.snapshot)
    else if (path === '/api/bench/events') stream(response, benchStreams, 'bench', now.bench)
    else if (!(await more(path, request, response))) await serveFile(response, pages[path] ?? path)
  }

  async function serveFile(response: ServerResponse, path: string): Promise<void> {
    if (path === '/index.html') now.loads++
    try {
      const bytes = await readFile(join(dist, normalize(path)))
      response.writeHead(200, {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': "default-src 'self'",
        'cache-control': path.startsWith('/assets/') ? 'max-age=3600' : 'no-store',
      })
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', () => done()))
  await listen(0)
  const { port } = server.address() as AddressInfo
  // A beat well within the screen's patience, as the agent does it.
  const beat = setInterval(() => {
    for (const each of streams) each.write('event: beat\ndata: {}\n\n')
  }, 5_000)

  const die = () =>
    new Promise<void>((done) => {
      streams.clear()
      benchStreams.clear()
      server.close(() => done())
      server.closeAllConnections()
    })
  return {
    origin: `http://127.0.0.1:${port}`,
    intents,
    benchActions,
    signIns,
    pageLoads: () => now.loads,
    show(snapshot) {
      now.snapshot = snapshot
      for (const each of streams) send(each, 'snapshot', snapshot)
    },
    showBench(bench) {
      now.bench = bench
      for (const each of benchStreams) send(each, 'bench', bench)
    },
    answerIntents(status) {
      now.status = status
    },
    knowScreen(known) {
      now.known = known
    },
    beReachable(reachable) {
      now.reachable = reachable
    },
    fallSilent: () => streams.clear(),
    die,
    revive: () => listen(port),
    async [Symbol.asyncDispose]() {
      clearInterval(beat)
      await die()
    },
  }
}

export function stream(response: ServerResponse, into: Set<ServerResponse>, event: string, data: unknown) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  into.add(response)
  response.on('close', () => into.delete(response))
  if (data !== undefined) send(response, event, data)
}

export function send(response: ServerResponse, event: string, data: unknown) {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
