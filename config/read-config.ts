import { readFile } from 'node:fs/promises'
import type { z } from 'zod'

/** A file of the configuration that cannot be used. The message has one line for each thing that is wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads a JSON file and checks it. Rejects with a ConfigError that says where, what was found and what is expected. */
export async function readConfig<Output>(file: string, schema: z.ZodType<Output>): Promise<Output> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message
    throw new ConfigError(`${file}: ${why}`, { cause: error })
  })
  return checkConfig(file, parseJson(file, text), schema)
}

/** True for a ConfigError about a file that is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof ConfigError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
}

/** Checks a value that came from `source`: a file, or a document of the hall store. */
export function checkConfig<Output>(source: string, value: unknown, schema: z.ZodType<Output>): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const lines = result.error.issues.flatMap((issue) => describe(issue, value))
  throw new ConfigError(lines.map((line) => `${source}: ${line}`).join('\n'))
}

function parseJson(file: string, text: string): unknown {
  try {
    // Some editors begin a file with a byte order mark, which JSON does not know.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new ConfigError(`${file}: not valid JSON: ${(error as Error).message}`, { cause: error })
  }
}

function describe(issue: z.core.$ZodIssue, root: unknown): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `${pathOf([...issue.path, key])}: this key is not known; remove or correct it`,
    )
  const found = at(root, issue.path)
  const shown = found === undefined ? 'nothing' : JSON.stringify(found)
  return [`${pathOf(issue.path)}: found ${shortened(shown)}; ${expectation(issue)}`]
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
  return issue.message
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)'
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  )
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
