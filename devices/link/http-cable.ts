import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerChallenge, type DigestChallenge, schemes } from './digest.ts'
import type { HttpDevice, HttpEnd } from './memory-http.ts'
import type { HttpPart } from './multipart.ts'

export interface HttpCableOptions {
  /** Port 0 takes any free one and keeps it. */
  readonly port: number
  readonly username: string
  readonly password: string
  readonly algorithm?: DigestChallenge['algorithm']
  /** A proof's nonce is good for so many requests, then it is stale. */
  readonly staleAfter?: number
  /** Liberties that cameras take with their event streams. */
  readonly boundary?: string
  readonly lengths?: 'told' | 'untold' | 'with-line-end'
}

/** The network socket of a simulated web device: a real server on loopback that wants a Digest login. */
export interface HttpCable {
  readonly port: number
  /** How often each path was asked for with a good proof. */
  readonly served: ReadonlyMap<string, number>
  /** How many proofs were wrong. */
  readonly refusals: number
  plug(): Promise<void>
  /** Cuts every connection and refuses new ones. */
  unplug(): Promise<void>
}

const REALM = 'simulated device'

type Streams = Map<string, Set<ServerResponse>>

/** `attach` makes the device each time the cable is plugged in. */
export async function httpCable(
  options: HttpCableOptions,
  attach: (end: HttpEnd) => HttpDevice,
): Promise<HttpCable> {
  const served = new Map<string, number>()
  let refusals = 0
  let chosen = options.port
  let plugged: { server: Server; over: AbortController } | undefined

  function deviceServer(closed: AbortSignal): Server {
    const streams: Streams = new Map()
    const device = attach({
      closed,
      send(path, part) {
        for (const response of streams.get(path) ?? []) response.write(delimited(part, options))
      },
    })
    const login = loginGuard(options)
    return createServer((request, response) => {
      const { url: path = '/' } = request
      const verdict = login.judge(request)
      if (verdict === 'wrong') refusals++
      if (verdict === 'good') {
        served.set(path, (served.get(path) ?? 0) + 1)
        serve({ device, streams, options }, request, response)
      } else challenge(response, { options, nonce: login.nonce(), stale: verdict === 'stale' })
    })
  }

  async function plug(): Promise<void> {
    if (plugged) return
    const over = new AbortController()
    const server = deviceServer(over.signal)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(chosen, '127.0.0.1', resolve)
    })
    chosen = (server.address() as AddressInfo).port
    plugged = { server, over }
  }

  async function unplug(): Promise<void> {
    if (!plugged) return
    const { server, over } = plugged
    plugged = undefined
    over.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }

  await plug()
  return {
    get port() {
      return chosen
    },
    served,
    get refusals() {
      return refusals
    },
    plug,
    unplug,
  }
}

interface Served {
  readonly device: HttpDevice
  readonly streams: Streams
  readonly options: HttpCableOptions
}

function serve(
  { device, streams, options }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { url: path = '/', method = 'GET' } = request
  if (device.streams?.includes(path)) {
    const { boundary = 'MIME_boundary' } = options
    const listeners = streams.get(path) ?? new Set()
    streams.set(path, listeners.add(response))
    response.on('close', () => listeners.delete(response))
    response.writeHead(200, { 'content-type': `multipart/mixed; boundary=${boundary}` })
    response.flushHeaders()
    device.listening?.(path)
    return
  }
  const answer = device.request ? device.request(path, { method }) : { status: 404, body: '' }
  // A device that does not answer leaves the connection open.
  if (answer) response.writeHead(answer.status, { 'content-type': 'application/xml' }).end(answer.body)
}

function delimited(
  { contentType, body }: HttpPart,
  { boundary = 'MIME_boundary', lengths }: HttpCableOptions,
) {
  const length = body.length + (lengths === 'with-line-end' ? 2 : 0)
  const told = lengths === 'untold' ? '' : `Content-Length: ${length}\r\n`
  const head = `--${boundary}\r\nContent-Type: ${contentType}\r\n${told}\r\n`
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n')])
}

/** Each challenge has a nonce of its own; a count is good once. */
function loginGuard({ username, password, algorithm = 'SHA-256', staleAfter = 1000 }: HttpCableOptions) {
  const used = new Map<string, Set<number>>()

  return {
    nonce() {
      const nonce = randomBytes(16).toString('hex')
      used.set(nonce, new Set())
      return nonce
    },
    judge({ headers, method = 'GET' }: IncomingMessage): 'good' | 'wrong' | 'stale' | 'none' {
      if (headers.authorization === undefined) return 'none'
      const given = schemes(headers.authorization)[0]?.given ?? new Map<string, string>()
      const nonce = given.get('nonce') ?? ''
      const counts = used.get(nonce)
      if (!counts || counts.size >= staleAfter) return 'stale'
      const count = Number.parseInt(given.get('nc') ?? '', 16)
      const challenge = { algorithm, realm: REALM, nonce, opaque: undefined, stale: false }
      const [cnonce = '', uri = ''] = [given.get('cnonce'), given.get('uri')]
      const right = answerChallenge(challenge, { username, password, method, uri, count, cnonce })
      if (responseIn(right) !== given.get('response') || counts.has(count)) return 'wrong'
      counts.add(count)
      return 'good'
    },
  }
}

function responseIn(header: string): string | undefined {
  return schemes(header)[0]?.given.get('response')
}

function challenge(
  response: ServerResponse,
  given: { readonly options: HttpCableOptions; readonly nonce: string; readonly stale: boolean },
): void {
  const { algorithm = 'SHA-256' } = given.options
  const digest = `Digest realm="${REALM}", qop="auth", algorithm=${algorithm}, nonce="${given.nonce}", stale=${given.stale}`
  response.writeHead(401, { 'www-authenticate': [digest, `Basic realm="${REALM}"`] }).end()
}
