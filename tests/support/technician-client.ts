import { vi } from 'vitest'
import type { Command } from '../../kiosk-agent/api/technician-commands.ts'
import { type Console, consoleSchema, type Me } from '../../kiosk-agent/api/technician-contract.ts'
import { type EventReader, openEvents } from './event-reader.ts'

export const TECHNICIAN = { account: 'wu', name: 'Wu', pin: '246810' } as const

export interface Answered {
  readonly status: number
  readonly body: {
    readonly error?: string
    readonly waitMs?: number
    readonly message?: string
  } & Partial<Me>
}

/** A technician without a browser. */
export interface TechnicianClient {
  readonly console: Console
  readonly events: EventReader | undefined
  post(path: string, body: unknown): Promise<Answered>
  get(path: string): Promise<{ status: number; body: unknown }>
  /** The text of a file, and another event stream of this sign-in. */
  download(path: string): Promise<{ status: number; text: string }>
  stream(path: string): Promise<EventReader>
  command(command: Command): Promise<Answered>
  signIn(account: string, pin: string): Promise<Answered>
  /** Uses the token of a set-up link. */
  setUp(
    technicianUrl: string,
    account?: typeof TECHNICIAN | { account: string; name: string; pin: string },
  ): Promise<Answered>
  /** Opens the event stream. */
  watch(): Promise<void>
  until(holds: (console: Console) => boolean, what: string): Promise<Console>
  enter(): Promise<void>
  close(): void
}

export function technicianAt(origin: string): TechnicianClient {
  let cookie = ''
  let events: EventReader | undefined

  const headers = () => ({ origin, ...(cookie ? { cookie } : {}) })
  const post: TechnicianClient['post'] = async (path, body) => {
    const response = await fetch(`${origin}/api/technician/${path}`, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const set = response.headers.get('set-cookie')?.split(';')[0]
    if (set !== undefined) cookie = set
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : {} }
  }
  function newest(): Console {
    const shown = events?.events.findLast(({ event }) => event === 'console')
    if (!shown) throw new Error('no console yet')
    return consoleSchema.parse(JSON.parse(shown.data))
  }
  const client: TechnicianClient = {
    get console() {
      return newest()
    },
    get events() {
      return events
    },
    post,
    async get(path) {
      const response = await fetch(`${origin}/api/technician/${path}`, { headers: headers() })
      return { status: response.status, body: await response.json() }
    },
    async download(path) {
      const response = await fetch(`${origin}/api/technician/${path}`, { headers: headers() })
      return { status: response.status, text: await response.text() }
    },
    stream: (path) => openEvents(`${origin}/api/technician/${path}`, headers()),
    command: (command) => post('commands', command),
    signIn: (account, pin) => post('sign-in', { account, pin }),
    setUp: (url, account = TECHNICIAN) =>
      post('set-up', { token: url.split('#setup=')[1] ?? '', ...account }),
    async watch() {
      events = await openEvents(`${origin}/api/technician/events`, headers())
    },
    async until(holds, what) {
      return vi.waitFor(
        () => {
          const console = newest()
          if (!holds(console)) throw new Error(`${what} never came; the last was ${JSON.stringify(console)}`)
          return console
        },
        { timeout: 15_000, interval: 20 },
      )
    },
    async enter() {
      const answer = await client.command({ type: 'enter', when: 'now' })
      if (answer.status !== 202) throw new Error(`enter: ${JSON.stringify(answer)}`)
      await client.until(({ vendorMode }) => vendorMode.state === 'active', 'the terminal')
    },
    close: () => events?.close(),
  }
  return client
}
