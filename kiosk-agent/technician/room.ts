import { hash, randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { ConsoleNeeds, OpenConsole } from './open-console.ts'

/** The technician's console of a running terminal: hardly there until somebody uses it. */
export interface TechnicianRoom {
  /** Everything below /api/technician. */
  readonly handler: RequestHandler
  /** Makes the console ready without a request, for what runs by itself. */
  open(): Promise<OpenConsole>
  /** Something the console shows may have changed. */
  changed(): void
  /** The token of the link by which the first account is made, or the one for a forgotten PIN; undefined when none is needed. */
  readonly setUpToken: string | undefined
  close(): Promise<void>
}

export interface TechnicianRoomOptions extends Omit<ConsoleNeeds, 'setUp'> {
  /** Somebody who may start the agent has forgotten the last PIN. */
  readonly recover: boolean
}

/** Loads the console at its first use: a terminal that nobody services pays nothing for it. */
export async function technicianRoom(options: TechnicianRoomOptions): Promise<TechnicianRoom> {
  const accounts = await options.store.accounts()
  const isFirst = !accounts.some(({ role }) => role === 'technician')
  const how = isFirst ? 'first' : 'recovered'
  let token = isFirst || options.recover ? randomBytes(32).toString('base64url') : undefined
  let opening: Promise<OpenConsole> | undefined
  let opened: OpenConsole | undefined

  async function load(): Promise<OpenConsole> {
    const { openConsole } = await import('./open-console.ts')
    opened = await openConsole({ ...options, setUp: { check, used } })
    return opened
  }

  function open(): Promise<OpenConsole> {
    opening ??= load().catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }

  function check(given: string): 'first' | 'recovered' | undefined {
    // Fingerprints have one length, and comparing them tells nothing about the token.
    return token !== undefined && hash('sha256', given) === hash('sha256', token) ? how : undefined
  }

  function used(): void {
    token = undefined
  }

  return {
    open,
    get setUpToken() {
      return token
    },
    handler(request, response, next) {
      open().then(({ router }) => router(request, response, next), next)
    },
    changed: () => opened?.changed(),
    async close() {
      await opening?.then((console) => console.close()).catch(() => {})
    },
  }
}
