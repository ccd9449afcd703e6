import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rateLimit } from '../../kiosk-agent/api/guard.ts'
import { type Answer, type RawRequest, startTestApi, type TestApi } from '../support/test-api.ts'

const HELP = JSON.stringify({ type: 'call-help' })

/** A request that the signed-in screen could have sent, but for `changes`. */
const intent = (changes: (api: TestApi) => NonNullable<RawRequest['headers']>) => ({
  method: 'POST',
  path: '/api/intents',
  body: HELP,
  changes,
})
const get = (path: string, changes: (api: TestApi) => NonNullable<RawRequest['headers']>) => ({
  method: 'GET',
  path,
  changes,
})
const portOf = ({ api }: TestApi) => api.port

const refused: [string, number, ReturnType<typeof intent> | ReturnType<typeof get>][] = [
  ['a name rebound to loopback', 421, intent((api) => ({ host: `evil.example:${portOf(api)}` }))],
  [
    'a rebound name whose Origin equals its Host',
    421,
    intent((api) => ({
      host: `evil.example:${portOf(api)}`,
      origin: `http://evil.example:${portOf(api)}`,
    })),
  ],
  ['a rebound name that only reads', 421, get('/api/events', () => ({ host: 'evil.example' }))],
  ['our name with another port', 421, intent((api) => ({ host: `127.0.0.1:${portOf(api) + 1}` }))],
  ['our name without a port', 421, intent(() => ({ host: '127.0.0.1' }))],
  ['another address of loopback', 421, intent((api) => ({ host: `127.0.0.2:${portOf(api)}` }))],
  ['a name that begins like ours', 421, intent((api) => ({ host: `localhost.evil.example:${portOf(api)}` }))],
  ['no Origin', 403, intent(() => ({ origin: undefined }))],
  ['the Origin "null" of a sandboxed page', 403, intent(() => ({ origin: 'null' }))],
  ['a foreign Origin', 403, intent(() => ({ origin: 'https://evil.example' }))],
  ['a page on another local port', 403, intent((api) => ({ origin: `http://127.0.0.1:${portOf(api) + 1}` }))],
  ['our page by another scheme', 403, intent((api) => ({ origin: `https://127.0.0.1:${portOf(api)}` }))],
  ['the Origin of our other name', 403, intent((api) => ({ origin: `http://localhost:${portOf(api)}` }))],
  ['a cross-site POST', 403, intent(() => ({ 'sec-fetch-site': 'cross-site' }))],
  ['a same-site POST', 403, intent(() => ({ 'sec-fetch-site': 'same-site' }))],
  ['a POST from the address bar', 403, intent(() => ({ 'sec-fetch-site': 'none' }))],
  ['a cross-site GET', 403, get('/api/events', () => ({ 'sec-fetch-site': 'cross-site' }))],
  ['a same-site GET of the page', 403, get('/', () => ({ 'sec-fetch-site': 'same-site' }))],
]

/** Every answer, a refusal too, tells the browser the same. */
function expectHardened({ headers }: Answer) {
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['content-security-policy']).not.toContain('unsafe')
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })
  expect(headers).not.toHaveProperty('x-powered-by')
  expect(headers).not.toHaveProperty('server')
  expect(headers).not.toHaveProperty('access-control-allow-origin')
}

describe('Who may talk to the agent', () => {
  test.each(refused)('refuses %s (%i)', async (_what, status, { changes, ...request }) => {
    const api = await startTestApi()
    const headers = { origin: api.origin, cookie: await api.cookie(), ...changes(api) }
    const answer = await api.raw({ ...request, headers })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) })
    expect(answer.body).not.toContain('evil')
    expectHardened(answer)
    expect(api.intents).toEqual([])
  })

  test('serves its own page under each of its names, typed or launched, and nothing it was not asked to keep', async () => {
    const api = await startTestApi()
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const headers = { host: `${name}:${api.api.port}`, 'sec-fetch-site': 'none' }
      const answer = await api.raw({ path: '/', headers })
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('screens') })
      expect(answer.headers['cache-control']).toBe('no-store')
      expectHardened(answer)
    }
    const asset = await api.raw({ path: '/assets/app-1a2b.js' })
    expect(asset.headers['cache-control']).toContain('immutable')
    expectHardened(asset)
  })

  test('lets the page use the camera where the terminal has one, and nobody use anything else', async () => {
    const policyOf = async (camera: boolean) =>
      (await (await startTestApi({ camera })).raw({ path: '/' })).headers['permissions-policy']
    expect(await policyOf(true)).toBe('camera=(self), microphone=(), geolocation=()')
    expect(await policyOf(false)).toBe('camera=(), microphone=(), geolocation=()')
  })

  test('lets the worker that reads codes compile WebAssembly, and no page and no other script', async () => {
    const api = await startTestApi({ camera: true })
    const policyOf = async (path: string) =>
      String((await api.raw({ path })).headers['content-security-policy']).split('; ')
    expect(await policyOf('/assets/code-reader.worker-1a2b.js')).toContain(
      "script-src 'self' 'wasm-unsafe-eval'",
    )
    expect(await policyOf('/assets/code-reader.worker-1a2b.js')).toContain("default-src 'self'")
    for (const path of ['/', '/assets/app-1a2b.js', '/assets/code-reader.worker-1a2b.js.map', '/nothing'])
      expect((await policyOf(path)).join()).not.toContain('unsafe')
  })

  test('takes no code from the camera that is longer than any QR code, or no base64', async () => {
    const api = await startTestApi({ camera: true })
    const cookie = await api.cookie()
    const send = (bytes: string) =>
      api.post('/api/intents', { type: 'code-by-camera', about: null, bytes }, { cookie })
    expect((await send('A'.repeat(4000))).status).toBe(202)
    for (const bytes of ['A'.repeat(4004), '', 'YKM:', '<script>'])
      expect((await send(bytes)).status).toBe(400)
    expect(api.intents).toHaveLength(1)
  })

  test('takes an intent from the signed-in page, under either name', async () => {
    const api = await startTestApi()
    const cookie = await api.cookie()
    const own = await api.post(
      '/api/intents',
      { type: 'call-help' },
      { cookie, 'sec-fetch-site': 'same-origin' },
    )
    expect(own.status).toBe(202)
    const host = `localhost:${api.api.port}`
    const other = await api.post(
      '/api/intents',
      { type: 'cancel-help' },
      { cookie, host, origin: `http://${host}` },
    )
    expect(other.status).toBe(202)
    expect(api.intents).toEqual([{ type: 'call-help' }, { type: 'cancel-help' }])
    expectHardened(own)
  })

  test('tells that an intent was meant for a visitor who has left', async () => {
    const api = await startTestApi({ onIntent: () => 'stale' })
    const cookie = await api.cookie()
    expect((await api.post('/api/intents', { type: 'cancel', about: 's1' }, { cookie })).status).toBe(409)
  })

  test.each([
    ['no JSON', 'call help', 400],
    ['half of JSON', '{"type":', 400],
    ['a bare string', '"call-help"', 400],
    ['an unknown intent', '{"type":"open-gate"}', 400],
    ['one key too many', '{"type":"call-help","gate":1}', 400],
    ['a missing key', '{"type":"cancel"}', 400],
    ['a wrong type', '{"type":"cancel","about":7}', 400],
    ['a word that is not on the list', '{"type":"set-language","language":"fr"}', 400],
    ['prototype keys', '{"type":"call-help","__proto__":{"x":1}}', 400],
    ['too much', JSON.stringify({ type: 'cancel', about: 'x'.repeat(20_000) }), 413],
  ])('answers a body of %s plainly, and lives', async (_what, body, status) => {
    const api = await startTestApi()
    const headers = { origin: api.origin, cookie: await api.cookie() }
    const answer = await api.raw({ method: 'POST', path: '/api/intents', headers, body })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) })
    expect(answer.body).not.toMatch(/node_modules|\.ts\b|at .*\(/)
    expectHardened(answer)
    expect(api.intents).toEqual([])
    expect((await api.post('/api/intents', { type: 'call-help' }, headers)).status).toBe(202)
  })

  test('does not take JSON under another content type, which a foreign page may send unasked', async () => {
    const api = await startTestApi()
    const headers = { origin: api.origin, cookie: await api.cookie(), 'content-type': 'text/plain' }
    expect((await api.raw({ method: 'POST', path: '/api/intents', headers, body: HELP })).status).toBe(400)
    expect(api.intents).toEqual([])
  })

  test('answers malformed addresses and preflights without telling anything', async () => {
    const api = await startTestApi()
    expect((await api.raw({ path: '/%ff' })).status).toBe(404)
    expect((await api.raw({ path: '/../../etc/passwd' })).status).toBe(404)
    expect((await api.raw({ path: '/%2e%2e%2fpackage.json' })).status).toBeGreaterThanOrEqual(400)
    const preflight = { method: 'OPTIONS', path: '/api/intents', headers: { origin: 'https://evil.example' } }
    expectHardened(await api.raw(preflight))
    expect((await api.raw(preflight)).status).toBe(403)
    expect(api.logged).toEqual([])
  })

  test('logs what it did wrong itself, and tells the screen nothing of it', async () => {
    const api = await startTestApi({
      onIntent: () => {
        throw new Error('secret detail')
      },
    })
    const answer = await api.post('/api/intents', { type: 'call-help' }, { cookie: await api.cookie() })
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('secret')
    expect(api.logged).toEqual(['a request failed'])
  })

  test('has the bench on a simulated terminal alone', async () => {
    const simulated = await startTestApi()
    const act = { type: 'walk-through' }
    const cookie = await simulated.cookie()
    expect((await simulated.post('/api/bench/actions', act, { cookie })).status).toBe(202)
    expect(simulated.actions).toEqual([act])
    expect((await simulated.raw({ path: '/api/bench/events', headers: { cookie } })).status).toBe(200)

    const real = await startTestApi({ bench: false })
    const headers = { cookie: await real.cookie() }
    expect((await real.post('/api/bench/actions', act, headers)).status).toBe(404)
    expect((await real.raw({ path: '/api/bench/events', headers })).status).toBe(404)
  })

  test('answers whether it is there without a cookie, and nothing else', async () => {
    const api = await startTestApi()
    expect(await api.raw({ path: '/api/reachable' })).toMatchObject({ status: 204, body: '' })
    for (const path of ['/api/events', '/api/bench/events'])
      expect((await api.raw({ path })).status, path).toBe(401)
    expect((await api.post('/api/intents', { type: 'call-help' })).status).toBe(401)
    expect((await api.post('/api/bench/actions', { type: 'reset' })).status).toBe(401)
    expect(api.intents).toEqual([])
    expect(api.actions).toEqual([])
  })

  test('says what to do when its port is taken', async () => {
    const { api } = await startTestApi()
    await expect(startTestApi({ port: api.port })).rejects.toThrow(
      `Port ${api.port} of this machine is in use: is the agent running already?`,
    )
  })
})

describe('The rate limit', () => {
  test('lets a burst through, answers 429 then, and recovers as time goes by', async () => {
    let now = 0
    const app = express().use(rateLimit({ perSecond: 2, burst: 3, monotonic: () => now }))
    app.get('/', (_request, response) => void response.sendStatus(204))
    const server = createServer(app).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const status = async () => (await fetch(`http://127.0.0.1:${port}/`)).status
    expect([await status(), await status(), await status(), await status()]).toEqual([204, 204, 204, 429])
    now = 499
    expect(await status()).toBe(429)
    now = 500
    expect([await status(), await status()]).toEqual([204, 429])
    now = 3_600_000
    expect([await status(), await status(), await status(), await status()]).toEqual([204, 204, 204, 429])
  })

  test('stops a screen that presses without end', async () => {
    const api = await startTestApi()
    const cookie = await api.cookie()
    const presses = Array.from({ length: 60 }, () =>
      api.post('/api/intents', { type: 'call-help' }, { cookie }),
    )
    const statuses = (await Promise.all(presses)).map(({ status }) => status)
    expect(statuses).toContain(429)
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(30)
    expect(api.intents).toHaveLength(statuses.filter((status) => status === 202).length)
  })
})
