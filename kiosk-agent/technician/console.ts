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
  readonly parts: readonly Pick<ConsolePart<ConsoleField>, 'beforeLeaving' | 'close'>[]
  /** What all parts show. */
  view(now: number): Pick<Console, ConsoleField>
  readonly commands: Handlers
  /** Whether this account has the terminal. */
  holds(account: string): boolean
}

export function composeConsole({ parts, view, commands, holds }: ConsoleOptions): TechnicianConsole {
  return {
    view,
    async obey(command, who) {
      // Command and handler belong together by their name; TypeScript cannot see it.
      const handler = commands[command.type] as Handler<Command['type']>
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
