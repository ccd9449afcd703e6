import type { Bench, BenchAction, Intent, Snapshot } from '../kiosk-agent/api/contract.ts'
import { type Connection, retryDelayMs, silenceMs } from './connection.ts'

/** What became of an intent. `stale`: meant for a visitor who is gone; nothing to tell anybody. */
export type Answer = 'done' | 'stale' | 'signed-out' | 'failed'

export interface AgentListener {
  snapshot(snapshot: Snapshot): void
  connection(connection: Connection): void
}

/** A stream of whole states, and who wants to know of them. */
interface StateStream {
  readonly path: string
  readonly event: string
  state(data: string): void
  connection(connection: Connection): void
}

/** What the agent answered; status 0: nobody did. `body` is undefined where there was none, or no JSON. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
}

const reachableWithinMs = 3_000
const answerWithinMs = 8_000

/**
 * Follows the agent's state for as long as the page lives. A one-time token in the address (`#token=…`) is used once and
 * taken out of the address bar.
 */
export function followAgent(listener: AgentListener): void {
  const stream = followStates({
    path: '/api/events',
    event: 'snapshot',
    state: (data) => listener.snapshot(JSON.parse(data)),
    connection: listener.connection,
  })

  async function start() {
    const token = takeFromAddress('token')
    if (token) await post('/api/sign-in', { token })
    stream.open()
  }

  // A launcher that hands a fresh link to the running page changes the fragment alone.
  addEventListener('hashchange', () => void start())
  void start()
}

/**
 * Follows a stream of states and finds it again when it was gone:
 *
 *   stream → beats … silence or error → ask /api/reachable with back-off → new stream
 */
export function followStates({ path, event, state, connection }: StateStream): {
  open(): void
  close(): void
} {
  let stream: EventSource | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let signedOut = false

  function open() {
    stream?.close()
    const opened = new EventSource(path)
    stream = opened
    opened.addEventListener(event, ({ data }) => {
      heard()
      state(data)
    })
    opened.addEventListener('beat', heard)
    opened.addEventListener('error', () => {
      lost()
      if (opened.readyState === EventSource.CLOSED) void tellWhyRefused(opened)
    })
    clearTimeout(silence)
    silence = setTimeout(lost, silenceMs)
  }

  function heard() {
    attempt = 0
    signedOut = false
    clearTimeout(retry)
    retry = undefined
    clearTimeout(silence)
    silence = setTimeout(lost, silenceMs)
    connection('live')
  }

  function lost() {
    clearTimeout(silence)
    if (!stream) return
    retry ??= setTimeout(recover, retryDelayMs(attempt++))
    if (!signedOut) connection('lost')
  }

  /** EventSource does not tell why it was refused; a plain request does. */
  async function tellWhyRefused(refused: EventSource) {
    const status = await streamStatus(path)
    if (stream !== refused) return
    signedOut = status === 401
    connection(signedOut ? 'signed-out' : 'lost')
  }

  async function recover() {
    retry = undefined
    if (!stream) return
    if ((await isReachable()) && stream) open()
    // The stream may open and stay silent; keep asking until something is heard.
    retry ??= setTimeout(recover, retryDelayMs(attempt++))
  }

  function close() {
    stream?.close()
    stream = undefined
    clearTimeout(silence)
    clearTimeout(retry)
    retry = undefined
  }

  return { open, close }
}

export function sendIntent(intent: Intent): Promise<Answer> {
  return post('/api/intents', intent)
}

export function sendBenchAction(action: BenchAction): Promise<Answer> {
  return post('/api/bench/actions', action)
}

/** Follows the simulated devices. Returns how to stop. */
export function followBench(onBench: (bench: Bench) => void): () => void {
  return followEvents('/api/bench/events', 'bench', (data) => onBench(JSON.parse(data)))
}

/** Follows a stream that needs no watching: EventSource reconnects by itself. Returns how to stop. */
export function followEvents(path: string, event: string, onData: (data: string) => void): () => void {
  const stream = new EventSource(path)
  stream.addEventListener(event, ({ data }) => onData(data))
  return () => stream.close()
}

/** Reads a secret of the launch link and removes it from address bar and history at once. */
export function takeFromAddress(name: string): string | undefined {
  const secret = new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined
  if (secret !== undefined) history.replaceState(null, '', location.pathname + location.search)
  return secret
}

async function post(path: string, body: unknown): Promise<Answer> {
  const { status } = await ask(path, body)
  if (status >= 200 && status < 300) return 'done'
  if (status === 409) return 'stale'
  return status === 401 ? 'signed-out' : 'failed'
}

/** Asks the agent something: a POST where there is something to say, else a GET. Never rejects. */
export async function ask(path: string, say?: unknown): Promise<Reply> {
  try {
    const response = await fetch(path, {
      ...(say !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(say),
      }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const body: unknown = await response.json().catch(() => undefined)
    return { status: response.status, body }
  } catch {
    return { status: 0 }
  }
}

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch('/api/reachable', { signal: AbortSignal.timeout(reachableWithinMs) })).ok
  } catch {
    return false
  }
}

async function streamStatus(path: string): Promise<number | undefined> {
  const asking = new AbortController()
  const limit = setTimeout(() => asking.abort(), reachableWithinMs)
  try {
    return (await fetch(path, { signal: asking.signal })).status
  } catch {
    return undefined
  } finally {
    clearTimeout(limit)
    asking.abort()
  }
}
