import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Grade, type HealthAdapter, HealthError, type HealthResult } from './health-adapter.ts'
import { signTif } from './tif-signature.ts'

export interface HttpGatewayOptions {
  /** Base address; `/health/decode` is added. */
  readonly url: string
  readonly paasId: string
  readonly token: string
  readonly timeoutMs: number
  /** Scanned text that begins so is the gateway's; nothing else is sent. */
  readonly codePrefixes: readonly string[]
  /** Wall time, Unix milliseconds. */
  readonly now: () => number
}

const MAXIMUM_CODE_LENGTH = 1024
const MAXIMUM_ANSWER_BYTES = 64 * 1024

const answerSchema = z.object({
  code: z.int(),
  message: z.string().optional(),
  data: z
    .object({
      risk_assessment_grade: z.string().optional(),
      report_date: z.string().optional(),
      qrcode_expired: z.boolean().optional(),
      name: z.string().optional(),
      certificate_id: z.string().optional(),
    })
    .nullish(),
})

/** Answer codes of the gateway that are not 0, in our words. */
const errorCodes: Record<number, { code: HealthError['code']; says: string }> = {
  2002: { code: 'not-a-health-code', says: 'not a health code' },
  2003: { code: 'expired-code', says: 'the code is overdue' },
  10006: { code: 'not-authorised', says: 'our signature was refused: check paasId, token and the clock' },
  40000: { code: 'not-authorised', says: 'this device is not authorised' },
  40001: { code: 'not-authorised', says: 'this device is not authorised' },
  40006: { code: 'busy', says: 'the third party is busy' },
  40007: { code: 'expired-code', says: 'the code has expired' },
  40017: { code: 'busy', says: 'asked to try again' },
  40019: { code: 'busy', says: 'in maintenance' },
}

const grades: Record<string, Grade> = { '00': 'green', '01': 'yellow', '10': 'red' }

/** A health code gateway reached by signed POST (x-tif headers), `/health/decode` dialect. */
export function httpGateway(options: HttpGatewayOptions): HealthAdapter {
  return {
    recognises: (code) =>
      code.length <= MAXIMUM_CODE_LENGTH && options.codePrefixes.some((prefix) => code.startsWith(prefix)),

    async verify(code, signal) {
      const body = await post(options, '/health/decode', { code_content: code }, signal)
      return resultOf(body, options.now())
    },
  }
}

async function post(
  { url, paasId, token, timeoutMs, now }: HttpGatewayOptions,
  path: string,
  content: object,
  signal?: AbortSignal,
): Promise<string> {
  const timeLimit = AbortSignal.timeout(timeoutMs)
  const headers = signTif({ paasId, token, nonce: randomBytes(12).toString('hex'), at: now() })
  try {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(content),
      signal: signal ? AbortSignal.any([timeLimit, signal]) : timeLimit,
      redirect: 'error',
    })
    const text = await readLimited(response)
    if (response.status === 401 || response.status === 403)
      throw new HealthError('not-authorised', `health gateway: HTTP ${response.status}`)
    if (response.status === 429 || response.status === 503)
      throw new HealthError('busy', `health gateway: HTTP ${response.status}`)
    if (!response.ok) throw new HealthError('offline', `health gateway: HTTP ${response.status}`)
    return text
  } catch (error) {
    if (error instanceof HealthError) throw error
    throw new HealthError('offline', `health gateway ${new URL(url).host}: no answer`, { cause: error })
  }
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAXIMUM_ANSWER_BYTES)
      throw new HealthError('offline', 'health gateway: the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Anything missing, unknown or unreadable is an error or `unknown`: never a pass. */
function resultOf(body: string, now: number): HealthResult {
  const answer = answerSchema.safeParse(parsedJson(body))
  if (!answer.success) throw new HealthError('offline', 'health gateway: the answer could not be read')
  const { code, data } = answer.data
  if (code !== 0) {
    const known = errorCodes[code]
    throw new HealthError(known?.code ?? 'offline', `health gateway: ${known?.says ?? `answer code ${code}`}`)
  }
  if (!data) throw new HealthError('not-a-health-code', 'health gateway: knows nothing of this code')
  const subject = {
    ...(data.name === undefined ? {} : { nameMasked: data.name }),
    ...(data.certificate_id === undefined ? {} : { idMasked: data.certificate_id }),
  }
  const reportedAt = Date.parse(data.report_date ?? '')
  return {
    grade: grades[data.risk_assessment_grade ?? ''] ?? 'unknown',
    checkedAt: Number.isNaN(reportedAt) ? now : reportedAt,
    codeExpired: data.qrcode_expired ?? false,
    subject,
    source: 'http-gateway',
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
