import type { FailureCode } from './failure.ts'

/** What a worker can be asked: name → plain function. Arguments and answers cross threads, so plain data only. */
export type Methods<Table> = { readonly [Name in keyof Table]: (...args: never[]) => unknown }

export interface Question {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: { readonly code: FailureCode; readonly message: string } }
