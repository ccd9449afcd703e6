import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  type HealthRecord,
  startGatewaySimulator,
} from '../../kiosk-agent/gateways/health/gateway-simulator.ts'
import { HealthError, type HealthErrorCode } from '../../kiosk-agent/gateways/health/health-adapter.ts'
import { type HttpGatewayOptions, httpGateway } from '../../kiosk-agent/gateways/health/http-gateway.ts'
import { signTif, tifSignatureFits } from '../../kiosk-agent/gateways/health/tif-signature.ts'

const TOKEN = 's3cretToken'
const CODE = 'TEST:li'

function adapter(url: string, options: Partial<HttpGatewayOptions> = {}) {
  const codePrefixes = ['TEST:', 'https://code.example/']
  return httpGateway({
    ...{ url, paasId: 'kiosk', token: TOKEN, timeoutMs: 300, codePrefixes, now: () => Date.now() },
    ...options,
  })
}

/** A server that answers as a test says. */
async function startServer(answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** What became of a question: the grade, or the code of the error. */
async function outcome(verified: Promise<{ grade: string }>) {
  try {
    return (await verified).grade
  } catch (error) {
    expect(error).toBeInstanceOf(HealthError)
    return (error as HealthError).code
  }
}

const body = (text: unknown) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.end(typeof text === 'string' ? text : JSON.stringify(text))
const status =
  (code: number, text = GREEN) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code).end(text)
const data = { risk_assessment_grade: '00', qrcode_expired: false, certificate_id: '9999**********2138' }
const GREEN = JSON.stringify({ code: 0, data })
const answered = (code: unknown) => body({ code, data })

describe('The signature of the gateway', () => {
  test('is the upper-case SHA-256 of time, token, nonce and time', () => {
    // Golden: `printf 1583114400s3cretTokenn0nce001583114400 | sha256sum`, in upper case.
    expect(signTif({ paasId: 'kiosk', token: TOKEN, nonce: 'n0nce00', at: 1_583_114_400_999 })).toEqual({
      'x-tif-paasid': 'kiosk',
      'x-tif-timestamp': '1583114400',
      'x-tif-nonce': 'n0nce00',
      'x-tif-signature': '5BC9E5CE7F9361AA9804C0DB8EFF7E16FE0D24514264E04257D4DC7A9AE4E6BA',
    })
  })

  test.each([
    [180_000, true],
    [-180_000, true],
    [181_000, false],
    [-181_000, false],
  ])('fits a clock that is %i ms off: %s', (skewMs, fits) => {
    const at = 1_583_114_400_000
    const headers = signTif({ paasId: 'kiosk', token: TOKEN, nonce: 'n', at })
    expect(tifSignatureFits(headers, TOKEN, at + skewMs)).toBe(fits)
    expect(tifSignatureFits(headers, `${TOKEN}x`, at)).toBe(false)
    expect(tifSignatureFits({ ...headers, 'x-tif-nonce': 'm' }, TOKEN, at)).toBe(false)
    expect(tifSignatureFits({ ...headers, 'x-tif-timestamp': '1583114401' }, TOKEN, at)).toBe(false)
    expect(tifSignatureFits({}, TOKEN, at)).toBe(false)
  })
})

describe('The health gateway, against its simulator', () => {
  const person = { name: '李小明', idNumber: '999901198506122138' }
  const records = new Map<string, HealthRecord>([
    [CODE, { ...person, grade: 'green' }],
    ['TEST:yellow', { ...person, grade: 'yellow' }],
    ['TEST:red', { ...person, grade: 'red' }],
    ['TEST:strange', { ...person, grade: 'not-a-grade' }],
    ['TEST:old', { ...person, grade: 'green', expired: true }],
  ])
  const start = async (options: { latencyMs?: number } = {}) => {
    const simulator = await startGatewaySimulator({ token: TOKEN, records, ...options })
    onTestFinished(() => simulator.close())
    return simulator
  }

  test.each([
    [CODE, 'green'],
    ['TEST:yellow', 'yellow'],
    ['TEST:red', 'red'],
    ['TEST:strange', 'unknown'],
    ['TEST:old', 'unknown'],
    ['TEST:nobody', 'not-a-health-code'],
  ])('says of "%s": %s', async (code, expected) => {
    expect(await outcome(adapter((await start()).url).verify(code))).toBe(expected)
  })

  test('tells whose code it is, masked, and when it was judged', async () => {
    const result = await adapter((await start()).url).verify(CODE)
    expect(result.subject).toEqual({ nameMasked: '李*明', idMasked: '9999**********2138' })
    expect(result.codeExpired).toBe(false)
    expect(Math.abs(result.checkedAt - Date.now())).toBeLessThan(60_000)
    expect((await adapter((await start()).url).verify('TEST:old')).codeExpired).toBe(true)
  })

  test('does not get through with a wrong token or a clock that is wrong', async () => {
    const { url, asked } = await start()
    expect(await outcome(adapter(url, { token: 'other' }).verify(CODE))).toBe('not-authorised')
    for (const skewMs of [182_000, -182_000]) {
      const now = () => Date.now() + skewMs
      expect(await outcome(adapter(url, { now }).verify(CODE))).toBe('not-authorised')
    }
    expect(asked).toEqual([])
  })

  test('never signs twice with one nonce, which the gateway would refuse', async () => {
    const { url } = await start()
    const gateway = adapter(url)
    expect(await outcome(gateway.verify(CODE))).toBe('green')
    expect(await outcome(gateway.verify(CODE))).toBe('green')

    const headers = signTif({ paasId: 'kiosk', token: TOKEN, nonce: 'once', at: Date.now() })
    const replay = () =>
      fetch(`${url}/health/decode`, {
        method: 'POST',
        headers: { ...headers },
        body: JSON.stringify({ code_content: CODE }),
      }).then((response) => response.json())
    expect(await replay()).toMatchObject({ code: 0 })
    expect(await replay()).toMatchObject({ code: 10006 })
  })

  test.each([
    ['down', 'offline'],
    ['busy', 'busy'],
    ['garbage', 'offline'],
  ] as const)('is %s: %s, and works again afterwards', async (state, expected) => {
    const simulator = await start()
    simulator.setState(state)
    expect(await outcome(adapter(simulator.url).verify(CODE))).toBe(expected)
    simulator.setState('up')
    expect(await outcome(adapter(simulator.url).verify(CODE))).toBe('green')
  })

  test('does not wait longer than it was told, nor for a visitor who has left', async () => {
    const { url } = await start({ latencyMs: 2000 })
    expect(await outcome(adapter(url, { timeoutMs: 50 }).verify(CODE))).toBe('offline')
    const left = new AbortController()
    const verified = adapter(url, { timeoutMs: 60_000 }).verify(CODE, left.signal)
    left.abort()
    expect(await outcome(verified)).toBe('offline')
  })

  test('asks about its own codes and about nothing else', async () => {
    const { url, asked } = await start()
    const gateway = adapter(url)
    const own = [CODE, 'https://code.example/?q=1']
    const foreign = [
      'test:li',
      'https://code.example.evil/',
      '',
      ' TEST:li',
      '999901198506122138',
      `TEST:${'x'.repeat(1020)}`,
    ]
    expect([...own, ...foreign].filter((code) => gateway.recognises(code))).toEqual(own)
    for (const code of foreign) expect(await outcome(gateway.verify(code)), code).toBe('not-a-health-code')
    expect(asked).toEqual([])
  })
})

describe('A gateway that is wrong', () => {
  const faults: [string, HealthErrorCode | 'unknown', RequestListener][] = [
    ['says nothing', 'offline', () => {}],
    ['stops in the middle of its answer', 'offline', (_request, response) => void response.write(GREEN)],
    [
      'is cut off in the middle of its answer',
      'offline',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1000 })
        response.write(GREEN, () => response.destroy())
      },
    ],
    ['answers 401, whatever the body says', 'not-authorised', status(401)],
    ['answers 403', 'not-authorised', status(403)],
    ['answers 403 with a long page', 'not-authorised', status(403, 'x'.repeat(100_000))],
    ['answers 429', 'busy', status(429)],
    ['answers 503', 'busy', status(503)],
    ['answers 500', 'offline', status(500)],
    ['answers 404', 'offline', status(404)],
    ['answers 203, changed on the way', 'offline', status(203)],
    [
      'sends us elsewhere',
      'offline',
      (request, response) =>
        request.url === '/elsewhere'
          ? void response.end(GREEN)
          : void response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
    ['answers too much', 'offline', body(`${GREEN}${' '.repeat(64 * 1024)}`)],
    ['answers nothing', 'offline', body('')],
    ['answers a web page', 'offline', body('<html>green</html>')],
    ['answers escaped twice', 'offline', body(JSON.stringify(GREEN))],
    ['has its data escaped', 'offline', body({ code: 0, data: JSON.stringify(data) })],
    ['answers a list', 'offline', body([{ code: 0, data }])],
    ['answers null', 'offline', body('null')],
    ['knows nothing: null', 'not-a-health-code', body({ code: 0, data: null })],
    ['knows nothing: absent', 'not-a-health-code', body({ code: 0 })],
    ['leaves the grade out', 'unknown', body({ code: 0, data: { qrcode_expired: false } })],
    ['has no grade', 'unknown', body({ code: 0, data: { ...data, risk_assessment_grade: null } })],
    [
      'has a grade nobody knows',
      'unknown',
      body({ code: 0, data: { ...data, risk_assessment_grade: '02' } }),
    ],
    [
      'has its grade in words',
      'unknown',
      body({ code: 0, data: { ...data, risk_assessment_grade: 'green' } }),
    ],
    [
      'has a grade that every object knows',
      'unknown',
      body({ code: 0, data: { ...data, risk_assessment_grade: 'constructor' } }),
    ],
    ['has its grade as a number', 'offline', body({ code: 0, data: { ...data, risk_assessment_grade: 0 } })],
    ['says "expired" in words', 'offline', body({ code: 0, data: { ...data, qrcode_expired: 'false' } })],
    ['judged too long ago', 'unknown', body({ code: 0, data: { ...data, report_expired: true } })],
    ['says the code is too old', 'unknown', body({ code: 0, data: { ...data, qrcode_expired: true } })],
    ['answers without a code', 'offline', body({ data })],
    ['has its code in words', 'offline', answered('0')],
    ['answers 2002', 'not-a-health-code', answered(2002)],
    ['answers 2003', 'expired-code', answered(2003)],
    ['answers 10006', 'not-authorised', answered(10006)],
    ['answers 40000', 'not-authorised', answered(40000)],
    ['answers 40006', 'busy', answered(40006)],
    ['answers 40007', 'expired-code', answered(40007)],
    ['answers 40017', 'busy', answered(40017)],
    ['answers 40019', 'busy', answered(40019)],
    ['answers a code nobody knows', 'offline', answered(12345)],
    ['answers a code below nothing', 'offline', answered(-1)],
  ]

  test.each(faults)('%s: %s', async (_what, expected, answer) => {
    const server = await startServer(answer)
    onTestFinished(server.close)
    expect(await outcome(adapter(server.url).verify(CODE))).toBe(expected)
    expect(server.asked).toEqual(['/health/decode'])
  })

  test('is not there at all: offline, and the message does not tell the code', async () => {
    const server = await startServer(() => {})
    server.close()
    const error = await adapter(server.url)
      .verify(CODE)
      .catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'offline', message: expect.not.stringContaining(CODE) })
  })

  test('lives under a path of its own', async () => {
    const server = await startServer(body(GREEN))
    onTestFinished(server.close)
    expect(await outcome(adapter(`${server.url}/gateway/v1/`).verify(CODE))).toBe('green')
    expect(server.asked).toEqual(['/gateway/v1/health/decode'])
  })
})

describe('Whatever a gateway answers', () => {
  let answer: unknown
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer((_request, response) => void response.end(JSON.stringify(answer)))
  })
  afterAll(() => server.close())

  test('only code 0 with grade "00" of a code and report in date is green', async () => {
    const odd = fc.oneof(fc.constantFrom('00', '01', '10', '0', 'green', 0, true, null), fc.jsonValue())
    const flag = fc.constantFrom(false, true, null, undefined, 'false')
    const answers = fc.oneof(
      fc.jsonValue(),
      fc.record({
        code: fc.oneof(fc.constantFrom(0, '0', 2003, null), fc.integer()),
        data: fc.record(
          { risk_assessment_grade: odd, qrcode_expired: flag, report_expired: flag },
          { requiredKeys: [] },
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        answer = given
        const { code, data: told } = Object(given) as { code?: unknown; data?: Record<string, unknown> }
        const inDate = [told?.qrcode_expired, told?.report_expired].every(
          (flag) => flag == null || flag === false,
        )
        const green = code === 0 && told?.risk_assessment_grade === '00' && inDate
        expect((await outcome(adapter(server.url).verify(CODE))) === 'green').toBe(green)
      }),
      { numRuns: 300, examples: [[{ code: 0, data: { risk_assessment_grade: '00' } }]] },
    )
  })
})
