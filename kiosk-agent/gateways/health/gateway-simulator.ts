import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type TifHeaders, tifSignatureFits } from './tif-signature.ts'

/** Whose code it is and what it says, as the simulated province knows it. */
export interface HealthRecord {
  readonly name: string
  readonly idNumber: string
  readonly grade: 'green' | 'yellow' | 'red' | 'not-a-grade'
  readonly expired?: boolean
}

export interface GatewaySimulator {
  /** "http://127.0.0.1:PORT" */
  readonly url: string
  /** `down`: connections are cut · `busy`: answers 40006 · `garbage`: answers what nobody can read. */
  setState(state: 'up' | 'down' | 'busy' | 'garbage'): void
  readonly state: 'up' | 'down' | 'busy' | 'garbage'
  /** Every code it was asked about, oldest first. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export interface GatewaySimulatorOptions {
  readonly token: string
  /** Code → record. */
  readonly records: ReadonlyMap<string, HealthRecord>
  readonly port?: number
  readonly latencyMs?: number
}

const NONCE_LIFETIME_MS = 10 * 60_000
const MAXIMUM_BODY_BYTES = 16 * 1024
const requestSchema = z.object({ code_content: z.string() })

/** A province's health gateway made of software: a real HTTP server that checks signatures as a real one would. */
export async function startGatewaySimulator(options: GatewaySimulatorOptions): Promise<GatewaySimulator> {
  let state: GatewaySimulator['state'] = 'up'
  const asked: string[] = []
  const nonces = new Map<string, number>()

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (options.latencyMs) await sleep(options.latencyMs)
    if (state === 'down') {
      request.socket.destroy()
      return
    }
    const body = await bodyOf(request)
    response.setHeader('content-type', 'application/json')
    if (state === 'garbage') response.end('<html>502 Bad Gateway')
    else response.end(JSON.stringify(answer(request, body)))
  }

  function answer(request: IncomingMessage, body: string) {
    if (state === 'busy') return { code: 40006, message: 'third party busy' }
    if (!isSigned(request.headers as Partial<TifHeaders>)) return { code: 10006, message: 'bad signature' }
    if (request.method !== 'POST' || request.url !== '/health/decode')
      return { code: 404, message: 'no such service' }
    const parsed = requestSchema.safeParse(parsedJson(body))
    if (!parsed.success) return { code: 2002, message: 'invalid' }
    asked.push(parsed.data.code_content)
    const record = options.records.get(parsed.data.code_content)
    if (!record) return { code: 2002, message: 'invalid' }
    return { code: 0, data: dataOf(record) }
  }

  function isSigned(headers: Partial<TifHeaders>): boolean {
    const now = Date.now()
    for (const [nonce, at] of nonces) if (now - at > NONCE_LIFETIME_MS) nonces.delete(nonce)
    const nonce = headers['x-tif-nonce'] ?? ''
    if (nonce === '' || nonces.has(nonce) || !tifSignatureFits(headers, options.token, now)) return false
    nonces.set(nonce, now)
    return true
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    setState(wanted) {
      state = wanted
      if (wanted === 'down') server.closeAllConnections()
    },
    get state() {
      return state
    },
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const gradeCodes = { green: '00', yellow: '01', red: '10', 'not-a-grade': '77' } as const

function dataOf({ name, idNumber, grade, expired }: HealthRecord) {
  const stars = (text: string, head: number, tail: number) =>
    Array.from(text, (sign, at) => (at < head || at >= [...text].length - tail ? sign : '*')).join('')
  return {
    risk_assessment_grade: gradeCodes[grade],
    report_date: new Date().toISOString(),
    qrcode_expired: expired ?? false,
    name: stars(name, 1, [...name].length > 2 ? 1 : 0),
    certificate_id: stars(idNumber, 4, 4),
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAXIMUM_BODY_BYTES) throw new Error('The request is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
