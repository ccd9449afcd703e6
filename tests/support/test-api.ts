import { createSecretKey } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Bench, BenchAction, Intent } from '../../kiosk-agent/api/contract.ts'
import { type Api, startApi } from '../../kiosk-agent/api/server.ts'
import { createSignIn, type SignIn } from '../../kiosk-agent/api/sign-in.ts'
import type { View } from '../../kiosk-agent/entry/view.ts'
import { bench as exampleBench, welcome } from '../kiosk-ui/snapshots.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface RawRequest {
  readonly method?: string
  readonly path: string
  /** Sent as they are; `undefined` leaves a header out that would be sent otherwise. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string
}

export interface TestApi {
  readonly api: Api
  readonly signIn: SignIn
  readonly origin: string
  readonly intents: readonly Intent[]
  readonly actions: readonly BenchAction[]
  readonly logged: readonly string[]
  /** Shown from the next `changed()` on. */
  view: View
  now: number
  /** Sends exactly these headers, of which fetch would forbid some. */
  raw(request: RawRequest): Promise<Answer>
  /** What the agent's own page would send. */
  post(path: string, body: unknown, headers?: RawRequest['headers']): Promise<Answer>
  /** Signs in; the value of the cookie header. */
  cookie(): Promise<string>
}

export interface TestApiOptions {
  /** Any free one when absent. */
  readonly port?: number
  readonly terminalId?: string
  readonly key?: string
  /** False: a terminal that is not simulated. */
  readonly bench?: boolean
  readonly camera?: boolean
  readonly onIntent?: (intent: Intent) => 'accepted' | 'stale'
}

/** The API of a terminal without the terminal: real server, real sign-in, on any free port. Closed when the test is over. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const screens = await mkdtemp(join(tmpdir(), 'hall-kiosk-screens-'))
  await writeFile(join(screens, 'index.html'), '<!doctype html><title>screens</title>')
  await mkdir(join(screens, 'assets'))
  for (const name of ['app-1a2b.js', 'code-reader.worker-1a2b.js', 'code-reader.worker-1a2b.js.map'])
    await writeFile(join(screens, 'assets', name), 'export {}')
  const [intents, actions, logged]: [Intent[], BenchAction[], string[]] = [[], [], []]
  const { version: _, at: __, ...view } = welcome
  const state = { view: view as View, now: Date.UTC(2026, 2, 2, 2, 0, 0) }
  const signIn = createSignIn({
    terminalId: options.terminalId ?? 'entry-1',
    key: createSecretKey(Buffer.from((options.key ?? 'entry-1').padEnd(32, '.'))),
    now: () => state.now,
  })
  const api = await startApi({
    port: options.port ?? 0,
    screens,
    signIn,
    camera: options.camera ?? false,
    log: (message) => logged.push(message),
    view: () => state.view,
    intent(intent) {
      intents.push(intent)
      return options.onIntent?.(intent) ?? 'accepted'
    },
    bench: options.bench === false ? undefined : benchInto(actions),
    now: () => state.now,
  })
  onTestFinished(async () => {
    await api.close()
    await rm(screens, { recursive: true })
  })

  const origin = `http://127.0.0.1:${api.port}`
  const raw = (request: RawRequest) => send(api.port, request)
  const post: TestApi['post'] = (path, body, headers) =>
    raw({ method: 'POST', path, headers: { origin, ...headers }, body: JSON.stringify(body) })
  return Object.assign(state, {
    ...{ api, signIn, origin, intents, actions, logged, raw, post },
    async cookie() {
      const { status, headers } = await post('/api/sign-in', { token: signIn.mint() })
      if (status !== 204) throw new Error(`sign-in: ${status}`)
      return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    },
  })
}

function benchInto(actions: BenchAction[]) {
  return {
    view: (): Bench => exampleBench,
    async act(action: BenchAction) {
      actions.push(action)
    },
  }
}

function send(port: number, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<Answer> {
  const given = {
    host: `127.0.0.1:${port}`,
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...headers,
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      },
      (response) => {
        let text = ''
        // An event stream never ends: its head is the answer.
        if (response.headers['content-type'] === 'text/event-stream') {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
          request.destroy()
          return
        }
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
