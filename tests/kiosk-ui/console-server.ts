import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Command, commandSchema, type Refusal } from '../../kiosk-agent/api/technician-commands.ts'
import type {
  Console,
  Me,
  Model,
  SettingsReview,
  SignInRefusal,
  WireFrame,
} from '../../kiosk-agent/api/technician-contract.ts'
import { setUpSchema, signInSchema } from '../../kiosk-agent/api/technician-contract.ts'
import { bodyOf, type ScreenServer, send, startScreenServer, stream } from './screen-server.ts'
import { welcome } from './snapshots.ts'

/** Stands where the agent stands and shows the technician's console whatever state a test wants. */
export interface ConsoleServer {
  readonly screens: ScreenServer
  readonly origin: string
  /** What the console asked for, newest last. */
  readonly commands: readonly Command[]
  /** Accounts that tried to sign in or were set up. */
  readonly entered: readonly { readonly account: string; readonly token?: string }[]
  show(state: Console): void
  showFrames(frames: readonly WireFrame[]): void
  /** Who is signed in; null: nobody. The stream of who is signed out ends. */
  beSignedIn(me: Me | null): void
  /** Answer to the next sign-in or set-up; undefined: it succeeds. */
  refuseSignIn(refusal: SignInRefusal | undefined): void
  /** Answer to the next commands; undefined: they are taken. */
  refuseCommands(refusal: Refusal | undefined): void
  review(review: SettingsReview): void
  [Symbol.asyncDispose](): Promise<void>
}

const beatMs = 5_000

export async function startConsoleServer(first: Console, models: readonly Model[]): Promise<ConsoleServer> {
  const commands: Command[] = []
  const entered: { account: string; token?: string }[] = []
  const streams = new Set<ServerResponse>()
  const wires = new Set<ServerResponse>()
  const now = {
    state: first,
    me: null as Me | null,
    frames: [] as readonly WireFrame[],
    signIn: undefined as SignInRefusal | undefined,
    refusal: undefined as Refusal | undefined,
    review: { added: [], changed: [], removed: [], panel: false, faults: [] } as SettingsReview,
  }

  const enter = (account: string, response: ServerResponse) => {
    if (now.signIn) return json(response, now.signIn.error === 'locked' ? 429 : 401, now.signIn)
    now.me = { account, name: 'Chen Wei', role: 'technician', mustChangePin: false }
    return json(response, 200, now.me)
  }

  const posts: { readonly [path: string]: (body: unknown, response: ServerResponse) => void } = {
    'sign-in': (body, response) => {
      const { account } = signInSchema.parse(body)
      entered.push({ account })
      enter(account, response)
    },
    'set-up': (body, response) => {
      const { account, token } = setUpSchema.parse(body)
      entered.push({ account, token })
      enter(account, response)
    },
    'sign-out': (_body, response) => {
      now.me = null
      json(response, 204)
    },
    commands: (body, response) => {
      commands.push(commandSchema.parse(body))
      if (now.refusal) json(response, 409, now.refusal)
      else json(response, 202, { accepted: true })
    },
    settings: (_body, response) => json(response, 200, now.review),
  }

  async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (!path.startsWith('/api/technician/')) return false
    const name = path.slice('/api/technician/'.length)
    const post = request.method === 'POST' ? posts[name] : undefined
    if (post) post(await bodyOf(request), response)
    else if (!now.me) json(response, 401, { error: 'Nobody is signed in here; sign in first.' })
    else if (name === 'me') json(response, 200, now.me)
    else if (name === 'models') json(response, 200, models)
    else if (name === 'events') stream(response, streams, 'console', now.state)
    else if (name.startsWith('wire/')) stream(response, wires, 'frames', now.frames)
    else json(response, 404, { error: 'There is nothing here.' })
    return true
  }

  const screens = await startScreenServer(welcome, answer)
  const beat = setInterval(() => {
    for (const each of streams) send(each, 'beat', {})
  }, beatMs)
  return {
    screens,
    origin: screens.origin,
    commands,
    entered,
    show(state) {
      now.state = state
      for (const each of streams) send(each, 'console', state)
    },
    showFrames(frames) {
      now.frames = frames
      for (const each of wires) send(each, 'frames', frames)
    },
    beSignedIn(me) {
      now.me = me
      if (me) return
      for (const each of streams) each.end()
      streams.clear()
    },
    refuseSignIn(refusal) {
      now.signIn = refusal
    },
    refuseCommands(refusal) {
      now.refusal = refusal
    },
    review(review) {
      now.review = review
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beat)
      await screens[Symbol.asyncDispose]()
    },
  }
}

function json(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}
