import { type ChildProcess, spawn } from 'node:child_process'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const project = fileURLToPath(new URL('../../', import.meta.url))

const PREFLIGHT = ['--require', './kiosk-agent/preflight.cjs']
const START_LIMIT_MS = 30_000
const RETRY_MS = 2

/** A Node process of its own, in the project's folder; SIGTERM and the wait for its end when disposed. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /** Everything it wrote to standard output so far. */
  output(): string
  readonly ended: Promise<void>
}

export function startProgram(args: readonly string[]): Program {
  // A bench that was started with a compile cache must not lend it to what it measures.
  const { NODE_COMPILE_CACHE: _, NODE_OPTIONS: __, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: pidOf(child),
    output: () => output,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The agent of one terminal, started as `npm start` does. */
export function startAgent(terminalFile: string, dataFolder: string): Program {
  return startProgram([
    ...PREFLIGHT,
    'kiosk-agent/start.ts',
    ...['--terminal', terminalFile, '--data', dataFolder, '--no-open'],
  ])
}

/** Milliseconds from `since` until `path` on this loopback port answers anything at all. */
export async function untilAnswered(port: number, path: string, since: number): Promise<number> {
  for (;;) {
    if (await answers(port, path)) return performance.now() - since
    if (performance.now() - since > START_LIMIT_MS) throw new Error(`nothing answers on port ${port}`)
    await sleep(RETRY_MS)
  }
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(true))
    })
    request.on('error', () => resolve(false))
  })
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a process could not be started')
  return pid
}
