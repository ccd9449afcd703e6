import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Grade, type HealthAdapter, HealthError, type HealthResult } from './health-adapter.ts'
import { signTif } from './tif-signature.ts'

export interface HttpGatewayOptions {
  /** Base address, a path of its own included; `/health/decode` is added. */
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
  data: z
    .object({
      risk_assessment_grade: z.string().nullish(),
      report_date: z.string().nullish(),
      report_expired: z.boolean().nullish(),
      qrcode_expired: z.boolean().nullish(),
      name: z.string().nullish(),
      certificate_id: z.string().nullish(),
    })
    .nullish(),
})

/** Answer codes of the gateway that are not 0, in our words. */
const errorCodes: Partial<Record<number, { code: HealthError['code']; says: string }>> = {
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

const grades: ReadonlyMap<string, Grade> = new Map([
  ['00', 'green'],
  ['01', 'yellow'],
  ['10', 'red'],
])

/** A health code gateway reached by signed POST (x-tif headers), `/health/decode` dialect. */
export function httpGateway(options: HttpGatewayOptions): HealthAdapter {
  const recognises = (code: string) =>
    code.length <= MAXIMUM_CODE_LENGTH && options.codePrefixes.some((prefix) => code.startsWith(prefix))
  return {
    recognises,
    async verify(code, signal) {
      if (!recognises(code))
        throw new HealthError('not-a-health-code', 'health gateway: not one of its codes')
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
    const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(content),
      signal: signal ? AbortSignal.any([timeLimit, signal]) : timeLimit,
      redirect: 'error',
    })
    if (response.status === 200) return await readLimited(response)
    await response.body?.cancel()
    throw new HealthError(codeOfStatus(response.status), `health gateway: HTTP ${response.status}`)
  } catch (error) {
    if (error instanceof HealthError) throw error
    throw new HealthError('offline', `health gateway ${new URL(url).host}: no answer`, { cause: error })
  }
}

function codeOfStatus(status: number): HealthError['code'] {
  if (status === 401 || status === 403) return 'not-authorised'
  return status === 429 || status === 503 ? 'busy' : 'offline'
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
    ...(data.name ? { nameMasked: data.name } : {}),
    ...(data.certificate_id ? { idMasked: data.certificate_id } : {}),
  }
  const codeExpired = data.qrcode_expired ?? false
  // The grade of an old code or of an old report is not today's grade.
  const outOfDate = codeExpired || (data.report_expired ?? false)
  const reportedAt = Date.parse(data.report_date ?? '')
  return {
    grade: (outOfDate ? undefined : grades.get(data.risk_assessment_grade ?? '')) ?? 'unknown',
    checkedAt: Number.isNaN(reportedAt) ? now : reportedAt,
    codeExpired,
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
