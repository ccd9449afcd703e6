import type { Bench, BenchAction, Intent, Snapshot } from '../kiosk-agent/api/contract.ts'
import { type Connection, retryDelayMs, silenceMs } from './connection.ts'

/** What became of an intent. `stale`: meant for a visitor who is gone; nothing to tell anybody. */
export type Answer = 'done' | 'stale' | 'signed-out' | 'failed'

export interface AgentListener {
  snapshot(snapshot: Snapshot): void
  connection(connection: Connection): void
}

const reachableWithinMs = 3_000
const answerWithinMs = 8_000

/**
 * Follows the agent's state for as long as the page lives, and finds it again when it was gone:
 *
 *   sign in → stream → beats … silence or error → ask /api/reachable with back-off → new stream
 *
 * A one-time token in the address (`#token=…`) is used once and taken out of the address bar.
 */
export function followAgent(listener: AgentListener): void {
  let stream: EventSource | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let signedOut = false

  function openStream() {
    stream?.close()
    const opened = new EventSource('/api/events')
    stream = opened
    opened.addEventListener('snapshot', (event) => {
      heard()
      listener.snapshot(JSON.parse(event.data))
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
    listener.connection('live')
  }

  function lost() {
    clearTimeout(silence)
    retry ??= setTimeout(recover, retryDelayMs(attempt++))
    if (!signedOut) listener.connection('lost')
  }

  /** EventSource does not tell why it was refused; a plain request does. */
  async function tellWhyRefused(refused: EventSource) {
    const status = await streamStatus()
    if (stream !== refused) return
    signedOut = status === 401
    listener.connection(signedOut ? 'signed-out' : 'lost')
  }

  async function recover() {
    retry = undefined
    if (await isReachable()) openStream()
    // The stream may open and stay silent; keep asking until something is heard.
    retry ??= setTimeout(recover, retryDelayMs(attempt++))
  }

  async function start() {
    const token = takeToken()
    if (token) await post('/api/sign-in', { token })
    openStream()
  }

  // A launcher that hands a fresh link to the running page changes the fragment alone.
  addEventListener('hashchange', () => void start())
  void start()
}

export function sendIntent(intent: Intent): Promise<Answer> {
  return post('/api/intents', intent)
}

export function sendBenchAction(action: BenchAction): Promise<Answer> {
  return post('/api/bench/actions', action)
}

/** Follows the simulated devices; EventSource reconnects by itself. Returns how to stop. */
export function followBench(onBench: (bench: Bench) => void): () => void {
  const stream = new EventSource('/api/bench/events')
  stream.addEventListener('bench', (event) => onBench(JSON.parse(event.data)))
  return () => stream.close()
}

/** Reads the token and removes it from address bar and history at once. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search)
  return token
}

async function post(path: string, body: unknown): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    if (response.ok) return 'done'
    if (response.status === 409) return 'stale'
    return response.status === 401 ? 'signed-out' : 'failed'
  } catch {
    return 'failed'
  }
}

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch('/api/reachable', { signal: AbortSignal.timeout(reachableWithinMs) })).ok
  } catch {
    return false
  }
}

async function streamStatus(): Promise<number | undefined> {
  const asking = new AbortController()
  const limit = setTimeout(() => asking.abort(), reachableWithinMs)
  try {
    return (await fetch('/api/events', { signal: asking.signal })).status
  } catch {
    return undefined
  } finally {
    clearTimeout(limit)
    asking.abort()
  }
}
