import type { Command, Refusal } from '../kiosk-agent/api/technician-commands.ts'
import type {
  Console,
  Me,
  Model,
  SettingsFile,
  SettingsReview,
  SignInRefusal,
  WireFrame,
} from '../kiosk-agent/api/technician-contract.ts'
import { ask, followEvents, followStates, type Reply } from './agent-client.ts'
import type { Connection } from './connection.ts'

const root = '/api/technician'

/** Nobody answered, or not as agreed. */
export interface NoAnswer {
  readonly error: 'unreachable' | 'signed-out'
}
export type SignInAnswer = SignInRefusal | NoAnswer | undefined
export type CommandAnswer = Refusal | NoAnswer | undefined

/** Who is signed in here; null: nobody; undefined: the agent did not answer. */
export async function whoAmI(): Promise<Me | null | undefined> {
  const reply = await ask(`${root}/me`)
  if (isDone(reply)) return reply.body as Me
  return reply.status === 401 ? null : undefined
}

export async function signIn(request: { account: string; pin: string }): Promise<SignInAnswer> {
  return refusalOf<SignInRefusal>(await ask(`${root}/sign-in`, request))
}

export async function setUp(request: {
  token: string
  account: string
  name: string
  pin: string
}): Promise<SignInAnswer> {
  return refusalOf<SignInRefusal>(await ask(`${root}/set-up`, request))
}

export async function signOut(): Promise<void> {
  await ask(`${root}/sign-out`, {})
}

export async function sendCommand(command: Command): Promise<CommandAnswer> {
  const reply = await ask(`${root}/commands`, command)
  if (reply.status === 401) return { error: 'signed-out' }
  return refusalOf<Refusal>(reply)
}

export async function readModels(): Promise<Model[] | undefined> {
  const reply = await ask(`${root}/models`)
  return isDone(reply) ? (reply.body as Model[]) : undefined
}

/** What this file would change; nothing is changed yet. */
export async function reviewSettings(file: SettingsFile): Promise<SettingsReview | CommandAnswer> {
  const reply = await ask(`${root}/settings`, file)
  return isDone(reply) ? (reply.body as SettingsReview) : refusalOf<Refusal>(reply)
}

export const settingsAddress = `${root}/settings`
export const traceAddress = (name: string) => `${root}/traces/${encodeURIComponent(name)}`

/** Follows the console's state once somebody is signed in. */
export function followConsole(listener: {
  console(state: Console): void
  connection(connection: Connection): void
}) {
  return followStates({
    path: `${root}/events`,
    event: 'console',
    state: (data) => listener.console(JSON.parse(data)),
    connection: listener.connection,
  })
}

/** Follows one device's wire. Returns how to stop. */
export function followWire(device: string, onFrames: (frames: WireFrame[]) => void): () => void {
  return followEvents(`${root}/wire/${encodeURIComponent(device)}`, 'frames', (data) =>
    onFrames(JSON.parse(data)),
  )
}

function isDone({ status }: Reply): boolean {
  return status >= 200 && status < 300
}

/** A refusal as agreed, or that nobody could be reached; undefined when it was done. */
function refusalOf<Agreed extends { error: string }>(reply: Reply): Agreed | NoAnswer | undefined {
  if (isDone(reply)) return undefined
  return isRefusal(reply.body) ? (reply.body as Agreed) : { error: 'unreachable' }
}

/** A code, that is; what a guard or a proxy says instead is a sentence. */
function isRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false
  return typeof body.error === 'string' && /^[a-z-]+$/.test(body.error)
}
