import type { z } from 'zod'

/** One thing that is wrong in a file of data: where, and what should stand there. */
export interface ConfigFault {
  readonly path: readonly PropertyKey[]
  /** "expected …", or another short clause. */
  readonly expected: string
}

/** What zod found, one fault for each place. */
export function faultsOfIssue(issue: z.core.$ZodIssue): ConfigFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], expected: 'this key is not known' }))
  if (issue.code === 'invalid_type') return [{ path: issue.path, expected: `expected ${issue.expected}` }]
  if (issue.code === 'invalid_value')
    return [
      {
        path: issue.path,
        expected: `expected ${issue.values.map((each) => JSON.stringify(each)).join(' or ')}`,
      },
    ]
  return [{ path: issue.path, expected: issue.message }]
}

/** One line for the technician: file, place, what was found there, what is expected. `root` is the file's content. */
export function faultLine(file: string, root: unknown, { path, expected }: ConfigFault): string {
  return `${file}: ${shownPath(path)}: found ${shownValue(valueAt(root, path))}; ${expected}`
}

/** What stands at a place; undefined when there is no such place. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    root,
  )
}

function shownPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)'
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

function shownValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
