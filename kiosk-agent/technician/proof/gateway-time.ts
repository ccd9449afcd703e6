const TIMEOUT_MS = 3000

/** What a web server says the time is, by the Date of any answer. Unix milliseconds; undefined when it does not answer. */
export async function gatewayTime(url: string | undefined): Promise<number | undefined> {
  if (url === undefined) return undefined
  try {
    const { headers } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(TIMEOUT_MS) })
    const at = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(at) ? undefined : at
  } catch {
    return undefined // whether it answers is told from moment to moment elsewhere
  }
}
