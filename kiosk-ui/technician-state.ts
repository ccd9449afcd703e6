import { batch, computed, effect, signal } from '@preact/signals'
import type { Language } from '../kiosk-agent/api/contract.ts'
import type { Command } from '../kiosk-agent/api/technician-commands.ts'
import type { Console, Me, Model } from '../kiosk-agent/api/technician-contract.ts'
import { takeFromAddress } from './agent-client.ts'
import type { Connection } from './connection.ts'
import { languages } from './i18n/languages.ts'
import {
  type CommandAnswer,
  followConsole,
  readModels,
  sendCommand,
  signOut,
  whoAmI,
} from './technician-client.ts'
import { type ViewName, viewNames } from './technician-views.ts'

const tickMs = 500
const refusalShownMs = 20_000

/** Undefined until the agent told. */
export const me = signal<Me | null | undefined>(undefined)
export const current = signal<Console | null>(null)
export const connection = signal<Connection>('connecting')
/** Undefined while they are being fetched; null when that failed. */
export const models = signal<readonly Model[] | null | undefined>(undefined)
/** Why the last command was not taken. */
export const refusal = signal<NonNullable<CommandAnswer> | null>(null)
/** Types of the commands that are on their way. */
export const inFlight = signal<ReadonlySet<Command['type']>>(new Set())
/** Why nobody is signed in any more, where somebody was. */
export const ended = signal<'pressed' | 'by-agent' | null>(null)
/** The one-time token of the set-up link, until it was used. */
export const setUpToken = signal<string | undefined>(undefined)
export const language = signal<Language>(languageOfAddress())
export const view = signal<ViewName>(viewOfAddress())
/** Milliseconds that never jump, for counting down; moves twice a second. */
export const now = signal(0)

const receivedAt = signal(0)

/** Milliseconds since the state on the screen was made; what was left then is less by this. */
export const sinceMs = computed(() => Math.max(0, now.value - receivedAt.value))

/** The agent's time, carried on between its states: Unix milliseconds. */
export const agentTime = computed(() => {
  const at = current.value?.at
  return at ? Date.parse(at) + sinceMs.value : Date.now()
})

/** Whether this technician may touch devices now: the terminal belongs to one at a time. */
export const isOurs = computed(() => {
  const mode = current.value?.vendorMode
  return mode?.state === 'active' && (mode.by === undefined || mode.by === me.value?.name)
})

const stream = followConsole({
  console(state) {
    batch(() => {
      now.value = performance.now()
      receivedAt.value = now.value
      current.value = state
    })
  },
  connection(next) {
    if (next === 'signed-out') return goOut('by-agent')
    connection.value = next
  },
})

/** Starts the page; called once. */
export function startConsole(): void {
  setUpToken.value = takeFromAddress('setup')
  addEventListener('hashchange', () => {
    const token = takeFromAddress('setup')
    if (token) setUpToken.value = token
    else view.value = viewOfAddress()
  })
  effect(() => {
    const timer = setInterval(() => {
      now.value = performance.now()
    }, tickMs)
    return () => clearInterval(timer)
  })
  void comeIn()
}

const retryMs = 2_000

/** Finds out who is signed in; whoever is gets the console. Asks again until the agent answers. */
export async function comeIn(): Promise<void> {
  const who = await whoAmI()
  if (who === undefined) {
    connection.value = 'lost'
    setTimeout(() => void comeIn(), retryMs)
    return
  }
  me.value = who
  if (who === null) {
    connection.value = 'live'
    return
  }
  ended.value = null
  setUpToken.value = undefined
  if (connection.value !== 'live') connection.value = 'connecting'
  stream.open()
  if (!who.mustChangePin) void fetchModels()
}

export async function fetchModels(): Promise<void> {
  models.value = undefined
  models.value = (await readModels()) ?? null
}

export async function leave(): Promise<void> {
  await signOut()
  goOut('pressed')
}

function goOut(why: 'pressed' | 'by-agent') {
  stream.close()
  batch(() => {
    if (me.value) ended.value = why
    me.value = null
    current.value = null
    models.value = undefined
    refusal.value = null
    connection.value = 'live'
  })
}

/** Sends a command once, however often the button is pressed meanwhile. Resolves with whether it was taken. */
export async function send(command: Command): Promise<boolean> {
  if (inFlight.value.has(command.type)) return false
  inFlight.value = new Set([...inFlight.value, command.type])
  refusal.value = null
  const answer = await sendCommand(command)
  inFlight.value = new Set([...inFlight.value].filter((type) => type !== command.type))
  if (answer?.error === 'signed-out') goOut('by-agent')
  else if (answer) showRefusal(answer)
  return answer === undefined
}

function showRefusal(answer: NonNullable<CommandAnswer>) {
  refusal.value = answer
  setTimeout(() => {
    if (refusal.value === answer) refusal.value = null
  }, refusalShownMs)
}

export function go(next: ViewName): void {
  refusal.value = null
  if (viewOfAddress() === next) view.value = next
  else location.hash = `/${next}`
}

export function speak(next: Language): void {
  language.value = next
  const address = new URL(location.href)
  address.searchParams.set('language', next)
  history.replaceState(null, '', address)
}

/** The visitor's screen, with what the launcher said about the panel. */
export function visitorAddress(): string {
  const address = new URL('/', location.href)
  const diagonal = new URLSearchParams(location.search).get('diagonal')
  if (diagonal) address.searchParams.set('diagonal', diagonal)
  return address.href
}

function viewOfAddress(): ViewName {
  const named = location.hash.slice(2)
  return viewNames.find((name) => name === named) ?? 'devices'
}

function languageOfAddress(): Language {
  const named = new URLSearchParams(location.search).get('language')
  return languages.find((each) => each === named) ?? 'zh-Hans'
}
