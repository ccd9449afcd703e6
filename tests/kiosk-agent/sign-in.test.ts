import { describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../support/test-api.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const redeem = (api: TestApi, token: string) => api.post('/api/sign-in', { token })
const asks = async (api: TestApi, cookie: string) =>
  (await api.post('/api/intents', { type: 'call-help' }, { cookie })).status

describe("The screen's sign-in", () => {
  test('takes a launch token once', async () => {
    const api = await startTestApi()
    const token = api.signIn.mint()
    expect((await redeem(api, token)).status).toBe(204)
    const again = await redeem(api, token)
    expect(again.status).toBe(401)
    expect(again.headers).not.toHaveProperty('set-cookie')
  })

  test('takes a launch token within five minutes', async () => {
    const api = await startTestApi()
    const [early, late] = [api.signIn.mint(), api.signIn.mint()]
    api.now += 5 * MINUTE
    expect((await redeem(api, early)).status).toBe(204)
    api.now += 1
    expect((await redeem(api, late)).status).toBe(401)
  })

  test('gives a cookie that scripts and other sites cannot use, named after the terminal', async () => {
    const api = await startTestApi({ terminalId: 'east-2' })
    const { headers } = await redeem(api, api.signIn.mint())
    const [cookie = '', ...others] = headers['set-cookie'] ?? []
    expect(others).toEqual([])
    expect(cookie).toMatch(/^hall-kiosk-east-2-visitor=/)
    expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict'])
    expect(await asks(api, cookie.split(';')[0] ?? '')).toBe(202)
  })

  test('limits guessing, and recovers', async () => {
    const api = await startTestApi()
    const guesses = Array.from({ length: 25 }, (_, at) => redeem(api, `guess-${at}`))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(12)
    expect(statuses).toContain(429)
    await expect.poll(async () => (await redeem(api, api.signIn.mint())).status, { timeout: 5000 }).toBe(204)
  })

  test.each([{}, { token: 7 }, { token: 'x'.repeat(101) }, { token: 'x', more: 1 }, [], null])(
    'answers %j plainly',
    async (body) => {
      const api = await startTestApi()
      expect((await api.post('/api/sign-in', body)).status).toBe(400)
    },
  )

  test('keeps at most sixteen tokens waiting: the oldest goes', async () => {
    const api = await startTestApi()
    const tokens = Array.from({ length: 17 }, () => api.signIn.mint())
    expect((await redeem(api, tokens[0] ?? '')).status).toBe(401)
    expect((await redeem(api, tokens[1] ?? '')).status).toBe(204)
  })

  test('knows its screen again after a restart of the agent, which keeps its key', async () => {
    const before = await startTestApi({ key: 'kept' })
    const cookie = await before.cookie()
    const after = await startTestApi({ key: 'kept' })
    expect(await asks(after, cookie)).toBe(202)
  })

  test("refuses another terminal's cookie, also under our name", async () => {
    const [own, other] = await Promise.all([
      startTestApi({ terminalId: 'entry-1', key: 'one' }),
      startTestApi({ terminalId: 'entry-2', key: 'two' }),
    ])
    const foreign = await other.cookie()
    expect(await asks(other, foreign)).toBe(202)
    expect(await asks(own, foreign)).toBe(401)
    expect(await asks(own, foreign.replace('entry-2', 'entry-1'))).toBe(401)
  })

  test('refuses a cookie that was changed anywhere', async () => {
    const api = await startTestApi()
    const good = await api.cookie()
    const [name = '', value = ''] = good.split('=')
    const [at = '', random = '', signature = ''] = value.split('.')
    const bad = [
      [`${Number(at) + 1}`, random, signature],
      [at, `${random}A`, signature],
      [at, random, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
      [at, random, signature.slice(1)],
      [at, random, ''],
      [at, random],
      [''],
    ]
    for (const parts of bad) expect(await asks(api, `${name}=${parts.join('.')}`), parts.join('.')).toBe(401)
    expect(await asks(api, good)).toBe(202)
  })

  test('is not locked out by a cookie of the same name from a neighbour on this machine', async () => {
    const api = await startTestApi()
    const good = await api.cookie()
    const [name] = good.split('=')
    expect(await asks(api, `other=1; ${name}=rubbish; ${good}`)).toBe(202)
    expect(await asks(api, `${good}; ${name}=rubbish`)).toBe(202)
  })

  test('renews a cookie that is a day old, and ends one that nobody used for thirty days', async () => {
    const api = await startTestApi()
    const first = await api.cookie()
    const ask = (cookie: string) => api.post('/api/intents', { type: 'call-help' }, { cookie })
    expect((await ask(first)).headers).not.toHaveProperty('set-cookie')
    api.now += DAY + 1
    const renewed = (await ask(first)).headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect(renewed).not.toBe('')
    api.now += 29 * DAY
    expect(await asks(api, first)).toBe(401)
    expect(await asks(api, renewed)).toBe(202)
  })

  test('keeps its screen when the clock of the machine is set back', async () => {
    const api = await startTestApi()
    const cookie = await api.cookie()
    api.now -= 400 * DAY
    expect(await asks(api, cookie)).toBe(202)
  })
})
