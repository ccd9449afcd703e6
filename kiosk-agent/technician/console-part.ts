import type { Command, Refusal } from '../api/technician-commands.ts'
import type { Console } from '../api/technician-contract.ts'

/** The technician who is signed in and asks. */
export interface Who {
  /** Id of the account: what the ledger gets to know. */
  readonly account: string
  /** As shown to other technicians. */
  readonly name: string
}

export type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>

export interface Handler<Type extends Command['type']> {
  /** `vendor-mode`: only for the technician to whom the terminal was handed over. */
  readonly needs: 'sign-in' | 'vendor-mode'
  /** Throws a Refused when it cannot be done now. What takes long goes on by itself and is told in the view. */
  run(command: CommandOf<Type>, who: Who): void | Promise<void>
}

export type Handlers<Type extends Command['type'] = Command['type']> = { readonly [T in Type]: Handler<T> }

/** What every snapshot has, whatever parts the console is made of. */
type Frame = 'version' | 'build' | 'at' | 'terminal'
export type ConsoleField = Exclude<keyof Console, Frame>

/**
 * One thing the console can do: the fields it shows and the commands it takes. A part never knows another part; what they
 * share is in the ConsoleContext.
 */
export interface ConsolePart<Field extends ConsoleField, Type extends Command['type'] = never> {
  /** `now` in Unix milliseconds. */
  view(now: number): Pick<Console, Field>
  readonly commands: Handlers<Type>
  /** The terminal is about to go back to its visitors: what was not kept is put back, what runs is ended. */
  beforeLeaving?(): void | Promise<void>
  /** The agent stops. */
  close?(): void | Promise<void>
}

/** A command that is not obeyed, and why. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: Refusal['error']
  constructor(code: Refusal['error'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
