import { Agent, type IncomingMessage, request as nodeRequest } from 'node:http'
import { asDeviceError, DeviceError } from '../errors.ts'
import { DigestLogin } from './digest-login.ts'
import { type Lifetime, lifetime } from './lifetime.ts'
import type { HttpAnswer, HttpLink, HttpOptions } from './link.ts'
import { type HttpPart, MultipartCutter, MultipartError } from './multipart.ts'
import { type Login, RefusedLogins } from './refused-logins.ts'
import { connectError } from './tcp.ts'

/** From the first byte of a request to the last of its answer, or to the head of a stream. */
const ANSWER_LIMIT_MS = 5000
const MAX_BODY_BYTES = 256 * 1024
const MAX_HEAD_BYTES = 16 * 1024
/** Asked, asked with a proof, and once more where the proof's nonce was used up. */
const MAX_ROUNDS = 3

const refusedLogins = new RefusedLogins()

interface Request {
  readonly method: string
  readonly path: string
  readonly body: string | undefined
}

/** For tests alone. */
export interface HttpPatience {
  readonly refused?: RefusedLogins
  readonly answerLimitMs?: number
}

interface Client {
  readonly name: string
  readonly answerLimitMs: number
  readonly life: Lifetime
  /** Sends a request, proves who asks, and resolves with the head of the answer. */
  send(request: Request, limit: AbortSignal): Promise<IncomingMessage>
}

/**
 * Reaches a device that is a small web server, with Digest authentication (RFC 7616). The first request connects; `signal`
 * gives up the opening. Rejects with `no-permission` while a login that was refused is not to be tried again.
 */
export async function openHttp(
  options: HttpOptions,
  signal: AbortSignal,
  { refused = refusedLogins, answerLimitMs = ANSWER_LIMIT_MS }: HttpPatience = {},
): Promise<HttpLink> {
  signal.throwIfAborted()
  const name = `http ${options.host}:${options.port}`
  const login = { ...options, password: await options.password() }
  const pauseMs = refused.pauseMs(login)
  if (pauseMs > 0)
    throw new DeviceError(
      'no-permission',
      `${name}: user name or password was refused, and is tried again in ${Math.ceil(pauseMs / 1000)} s, because a camera ` +
        'locks an account after some wrong tries; correct it here or at the camera',
    )
  signal.throwIfAborted()
  const client = digestClient(name, login, { refused, answerLimitMs })
  return {
    kind: 'http',
    name,
    closed: client.life.closed,
    request: (path, { method = 'GET', body } = {}) => ask(client, { method, path, body }),
    events: (path) => listen(client, path),
    async close() {
      client.life.end(new DeviceError('link-closed', `${name}: closed`))
    },
  }
}

function digestClient(
  name: string,
  login: Login,
  { refused, answerLimitMs }: Required<HttpPatience>,
): Client {
  const life = lifetime()
  const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1 })
  life.closed.addEventListener('abort', () => agent.destroy(), { once: true })
  const digest = new DigestLogin(name, login, refused)

  return {
    name,
    answerLimitMs,
    life,
    async send(request, limit) {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const proof = digest.proof(request.method, request.path)
        const headers = proof === undefined ? {} : { authorization: proof }
        const answer = await head({ name, agent, life, login, limit }, request, headers)
        if (answer.statusCode !== 401) {
          if (proof !== undefined) refused.accept(login)
          return answer
        }
        answer.resume()
        digest.challenged(answer.headersDistinct['www-authenticate'] ?? [], proof !== undefined)
      }
      throw new DeviceError('no-permission', `${name}: it asks for a login again and again`)
    },
  }
}

interface Wire {
  readonly name: string
  readonly agent: Agent
  readonly life: Lifetime
  readonly login: Login
  readonly limit: AbortSignal
}

/** Sends one request; resolves with the head of its answer. What breaks on the way ends the link. */
function head(wire: Wire, { method, path, body }: Request, proof: object): Promise<IncomingMessage> {
  const { name, agent, life, login, limit } = wire
  if (life.closed.aborted) throw life.closed.reason
  return new Promise((resolve, reject) => {
    const sent = nodeRequest({
      host: login.host,
      port: login.port,
      agent,
      method,
      path,
      maxHeaderSize: MAX_HEAD_BYTES,
      headers: { accept: '*/*', 'accept-encoding': 'identity', ...proof },
    })
    const stop = () => sent.destroy(limit.reason)
    limit.addEventListener('abort', stop, { once: true })
    sent.once('response', resolve)
    // It may fail again after its answer began; then reading the answer tells it.
    sent.on('error', (error) => {
      limit.removeEventListener('abort', stop)
      reject(limit.aborted ? limit.reason : ended(life, brokenBy(name, error)))
    })
    sent.end(body)
  })
}

function brokenBy(name: string, cause: NodeJS.ErrnoException): DeviceError {
  if (cause.code?.startsWith('HPE_'))
    return new DeviceError('bad-answer', `${name}: what answers there is no web server, or a broken one`, {
      cause,
    })
  if (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
    return new DeviceError('link-lost', `${name}: the connection broke; check cable and power`, { cause })
  return connectError(name, cause)
}

/** Ends the link with this reason, or with the one it had before. */
function ended(life: Lifetime, reason: DeviceError): DeviceError {
  life.end(reason)
  return life.closed.reason as DeviceError
}

/** Runs one exchange within its time. */
async function within<Result>(
  { name, answerLimitMs, life }: Client,
  what: string,
  exchange: (limit: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController()
  const over = new DeviceError('timeout', `${name}: no complete answer to ${what} within ${answerLimitMs} ms`)
  const timer = setTimeout(() => limit.abort(over), answerLimitMs)
  const stop = () => limit.abort(life.closed.reason)
  if (life.closed.aborted) stop()
  life.closed.addEventListener('abort', stop, { once: true })
  try {
    limit.signal.throwIfAborted()
    return await exchange(limit.signal)
  } finally {
    clearTimeout(timer)
    life.closed.removeEventListener('abort', stop)
  }
}

function ask(client: Client, request: Request): Promise<HttpAnswer> {
  const { name, life } = client
  return within(client, request.path, async (limit) => {
    const answer = await client.send(request, limit)
    limit.addEventListener('abort', () => answer.destroy(), { once: true })
    const chunks: Buffer[] = []
    let length = 0
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        length += chunk.length
        if (length > MAX_BODY_BYTES)
          throw new DeviceError('bad-answer', `${name}: an answer to ${request.path} without an end`)
        chunks.push(chunk)
      }
    } catch (error) {
      if (limit.aborted) throw limit.reason
      throw ended(life, asDeviceError(error, 'link-lost', `${name}: the connection broke`))
    }
    return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }
  })
}

async function listen(client: Client, path: string): Promise<AsyncIterable<HttpPart>> {
  const { name } = client
  const answer = await within(client, path, (limit) =>
    client.send({ method: 'GET', path, body: undefined }, limit),
  )
  const contentType = answer.headers['content-type'] ?? ''
  if (answer.statusCode !== 200 || !/^multipart\//i.test(contentType)) {
    answer.destroy()
    throw new DeviceError(
      answer.statusCode === 403 ? 'no-permission' : 'unsupported',
      `${name}: it does not stream events at ${path} (status ${answer.statusCode}); does this user have the right to?`,
    )
  }
  return partsOf(client, answer, new MultipartCutter(boundaryOf(contentType)))
}

/** Taken as it stands: angle brackets and leading dashes belong to it. */
function boundaryOf(contentType: string): string | undefined {
  const [, inQuotes, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? []
  return inQuotes || bare
}

async function* partsOf(
  { name, life }: Client,
  answer: IncomingMessage,
  cutter: MultipartCutter,
): AsyncGenerator<HttpPart> {
  const stop = () => answer.destroy()
  if (life.closed.aborted) stop()
  life.closed.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      yield* cutter.push(chunk)
      if (cutter.ended) break
    }
    life.end(new DeviceError('link-lost', `${name}: it ended its event stream`))
  } catch (error) {
    const code = error instanceof MultipartError ? 'bad-answer' : 'link-lost'
    life.end(asDeviceError(error, code, `${name}: the event stream broke`))
  } finally {
    life.closed.removeEventListener('abort', stop)
    stop()
  }
}
