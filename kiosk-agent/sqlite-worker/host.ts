import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { SqliteFailure } from './failure.ts'
import type { Answer, Methods } from './messages.ts'

/** A SQLite file kept by a thread of its own. */
export interface SqliteWorker<Table extends Methods<Table>> {
  /** Rejects with a SqliteFailure; with `worker-lost` when the thread ended before it answered. */
  ask<Name extends keyof Table & string>(
    name: Name,
    ...args: Parameters<Table[Name]>
  ): Promise<ReturnType<Table[Name]>>
  /** Aborts when the thread ended by itself. Its reason is a SqliteFailure. */
  readonly lost: AbortSignal
  /** Ends the thread; questions still open are rejected. */
  stop(): Promise<void>
}

interface Open {
  readonly resolve: (value: never) => void
  readonly reject: (failure: SqliteFailure) => void
}

/** SQLite does the work outside of JavaScript's heap; a nursery as large as usual would be memory for nothing. */
const NURSERY_MB = 1

/** Starts the thread in `file`, which must `serve` the methods of `Table`. */
export function startSqliteWorker<Table extends Methods<Table>>(file: URL): SqliteWorker<Table> {
  const worker = new Worker(file, {
    env: environment(),
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
  })
  const questions = new Map<number, Open>()
  const lost = new AbortController()
  let lastId = 0
  let stopping = false

  worker.on('message', (answer: Answer) => {
    const question = questions.get(answer.id)
    questions.delete(answer.id)
    if ('failure' in answer) question?.reject(new SqliteFailure(answer.failure.code, answer.failure.message))
    else question?.resolve(answer.value as never)
  })
  worker.on('messageerror', (cause) => end('an answer could not be read', cause))
  worker.on('error', (cause) => end(cause instanceof Error ? cause.message : String(cause), cause))
  worker.on('exit', (code) => end(`the thread ended with code ${code}`))

  function end(why: string, cause?: unknown) {
    const failure = new SqliteFailure('worker-lost', why, { cause })
    if (!stopping && !lost.signal.aborted) lost.abort(failure)
    for (const { reject } of questions.values()) reject(failure)
    questions.clear()
  }

  return {
    lost: lost.signal,
    ask(name, ...args) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        // A message to a thread that is gone would never be answered.
        if (lost.signal.aborted) return reject(lost.signal.reason)
        if (stopping) return reject(new SqliteFailure('worker-lost', 'the thread was stopped'))
        questions.set(id, { resolve, reject })
        worker.postMessage({ id, name, args })
      })
    },
    async stop() {
      stopping = true
      await worker.terminate()
    },
  }
}

/**
 * A thread does not take over the compile cache that the program switched on, only one named in its environment. Without
 * it every thread loads the type stripper again: slower by a tenth of a second and bigger by 20 MB.
 */
function environment(): NodeJS.ProcessEnv {
  const versionFolder = getCompileCacheDir()
  return versionFolder === undefined
    ? process.env
    : { ...process.env, NODE_COMPILE_CACHE: dirname(versionFolder) }
}
