import { flushCompileCache } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { asSqliteFailure } from './failure.ts'
import type { Answer, Methods, Question } from './messages.ts'

/**
 * The worker's side: answers questions one after the other, in the order they were asked. SQLite's calls block, which
 * is why they live in a thread of their own: a slow disk must not freeze gates, serial lines or the screen.
 */
export function serve<Table extends Methods<Table>>(table: Table): void {
  const methods = new Map(Object.entries(table)) as Map<string, (...args: readonly unknown[]) => unknown>
  parentPort?.on('message', ({ id, name, args }: Question) => {
    parentPort?.postMessage(answer(id, () => methods.get(name)?.(...args)))
  })
  // All of this thread's code is loaded now. Kept at once, because a killed agent keeps nothing any more.
  flushCompileCache()
}

function answer(id: number, work: () => unknown): Answer {
  try {
    return { id, value: work() }
  } catch (error) {
    const { code, message } = asSqliteFailure(error)
    return { id, failure: { code, message } }
  }
}
