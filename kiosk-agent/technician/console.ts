import type { Command } from '../api/technician-commands.ts'
import type { Console } from '../api/technician-contract.ts'
import {
  type ConsoleField,
  type ConsolePart,
  type Handler,
  type Handlers,
  Refused,
  type Who,
} from './console-part.ts'

/** Any part, whatever it shows and takes. */
type AnyPart = Omit<ConsolePart<ConsoleField>, 'view' | 'commands'> & {
  view(now: number): Partial<Pick<Console, ConsoleField>>
  readonly commands: Partial<Handlers>
}

/** All parts of the console as one. */
export interface TechnicianConsole {
  view(now: number): Pick<Console, ConsoleField>
  /** Obeys, or throws a Refused that says why not. */
  obey(command: Command, who: Who): Promise<void>
  /** The terminal goes back to its visitors. */
  beforeLeaving(): Promise<void>
  close(): Promise<void>
}

export interface ConsoleOptions {
  readonly parts: readonly AnyPart[]
  /** Whether this account has the terminal. */
  holds(account: string): boolean
}

/** What is shown by parts that this agent does not have. */
const nothing: Pick<Console, ConsoleField> = {
  vendorMode: { state: 'visitors', since: new Date(0).toISOString() },
  visitor: null,
  devices: [],
  identify: { state: 'idle', done: 0, total: 0, ports: [], troubles: [] },
  trial: null,
  changes: [],
  test: null,
  recording: [],
  traces: [],
  proof: { running: false },
  accounts: [],
}

export function composeConsole({ parts, holds }: ConsoleOptions): TechnicianConsole {
  const handlers: Partial<Handlers> = Object.assign({}, ...parts.map(({ commands }) => commands))
  return {
    view: (now) => Object.assign({}, nothing, ...parts.map((part) => part.view(now))),
    async obey(command, who) {
      // Command and handler belong together by their name; TypeScript cannot see it.
      const handler = handlers[command.type] as Handler<Command['type']> | undefined
      if (!handler) throw new Refused('unknown-command', `Nothing of this agent does "${command.type}".`)
      if (handler.needs === 'vendor-mode' && !holds(who.account))
        throw new Refused('not-in-vendor-mode', 'Take the terminal over first: visitors may be using it.')
      await handler.run(command as never, who)
    },
    async beforeLeaving() {
      const left = await Promise.allSettled(parts.map(async (part) => part.beforeLeaving?.()))
      const failed = left.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
    async close() {
      await Promise.allSettled(parts.map(async (part) => part.close?.()))
    },
  }
}
