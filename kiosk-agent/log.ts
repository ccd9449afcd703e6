/** One line a fact, for whoever keeps the terminal running. Never a name, never a number of a card. */
export type Log = (message: string, details?: Record<string, unknown>) => void

/** Writes log lines to standard error, where the service manager collects them. */
export function logTo(stream: NodeJS.WritableStream): Log {
  return (message, details) => {
    const facts = details ? ` ${JSON.stringify(details, plainError)}` : ''
    stream.write(`${new Date().toISOString()} ${message}${facts}\n`)
  }
}

/** Errors have no enumerable properties: without this they would be logged as {}. */
function plainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { code } = value as { code?: unknown }
  const cause = value.cause instanceof Error ? { cause: value.cause } : {}
  return { name: value.name, ...(code === undefined ? {} : { code }), message: value.message, ...cause }
}
