import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openHttp } from '../../devices/link/http.ts'
import { type HttpCableOptions, httpCable } from '../../devices/link/http-cable.ts'
import type { HttpLink, HttpOptions } from '../../devices/link/link.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { RefusedLogins } from '../../devices/link/refused-logins.ts'
import { openFiles } from './link-contract.ts'

const never = new AbortController().signal
const secret = 'Pa55-with "quotes"'
const login = { username: 'hall', password: secret }
const utf8 = (text: string) => new TextEncoder().encode(text)

const address = (port: number, password = secret): HttpOptions => ({
  type: 'http',
  host: '127.0.0.1',
  port,
  username: login.username,
  password: async () => password,
})

/** A simulated web device on a real port, and links to it. */
async function plugged(options: Partial<HttpCableOptions> = {}) {
  let speak: (path: string, body: string) => void = () => {}
  const cable = await httpCable({ port: 0, ...login, ...options }, ({ send }) => {
    speak = (path, body) => send(path, { contentType: 'application/json', body: utf8(body) })
    return {
      streams: ['/events'],
      request(path, { method }) {
        if (path === '/silent') return undefined
        if (path === '/endless') return { status: 200, body: 'x'.repeat(300_000) }
        return { status: path === '/info' ? 200 : 404, body: `${method} ${path}` }
      },
    }
  })
  onTestFinished(() => cable.unplug())
  async function open(refused = new RefusedLogins(), password = secret, answerLimitMs = 5000) {
    const link = await openHttp(address(cable.port, password), never, { refused, answerLimitMs })
    onTestFinished(() => link.close())
    return link
  }
  return { cable, open, speak: (path: string, body: string) => speak(path, body) }
}

/** A server that says just these bytes to every request, and whoever connected. */
async function raw(
  answer: (socket: Socket, request: string) => void,
  answerLimitMs = 5000,
): Promise<HttpLink> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => answer(socket, chunk.toString()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const found = server.address()
  const link = await openHttp(address(typeof found === 'object' && found ? found.port : 0), never, {
    refused: new RefusedLogins(),
    answerLimitMs,
  })
  onTestFinished(async () => {
    await link.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return link
}

/** Reads a stream in the background. */
async function collect(link: HttpLink, path = '/events') {
  const found: string[] = []
  const stream = await link.events(path)
  const ended = (async () => {
    for await (const { body } of stream) found.push(Buffer.from(body).toString())
  })()
  return { found, ended }
}

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))

describe('A link to a web device', () => {
  test.each(['MD5', 'SHA-256'] as const)(
    'proves who asks by Digest with %s, once a nonce',
    async (algorithm) => {
      const { cable, open } = await plugged({ algorithm })
      const link = await open()
      expect(await link.request('/info')).toEqual({ status: 200, body: 'GET /info' })
      expect(await link.request('/info', { method: 'PUT', body: '<a/>' })).toEqual({
        status: 200,
        body: 'PUT /info',
      })
      expect(await link.request('/other')).toMatchObject({ status: 404 })
      expect([cable.refusals, cable.served.get('/info')]).toEqual([0, 2])
    },
  )

  test('goes on when a nonce is used up', async () => {
    const { cable, open } = await plugged({ staleAfter: 2 })
    const link = await open()
    for (let count = 0; count < 7; count++) expect((await link.request('/info')).status).toBe(200)
    expect(cable.refusals).toBe(0)
  })

  test('is opened like every other link', async () => {
    const { cable } = await plugged()
    const link = await openLink(address(cable.port), never)
    expect((await link.request('/info')).status).toBe(200)
    await link.close()
  })

  test('streams events as they come, to everybody who listens', async () => {
    const { open, speak } = await plugged()
    const link = await open()
    const [one, other] = await Promise.all([collect(link), collect(link)])
    speak('/events', '{"n":1}')
    speak('/events', '{"n":2}')
    await vi.waitFor(() => expect(other.found).toEqual(['{"n":1}', '{"n":2}']))
    await vi.waitFor(() => expect(one.found).toEqual(other.found))
    expect((await link.request('/info')).status).toBe(200)
  })

  test('a refused login is tried once, and then not again until its pause is over or it is another', async () => {
    const { cable, open } = await plugged()
    let now = 0
    const refused = new RefusedLogins(() => now)
    const link = await open(refused, 'wrong')
    await expect(link.request('/info')).rejects.toMatchObject({ code: 'no-permission' })
    for (let again = 0; again < 20; again++)
      await expect(open(refused, 'wrong')).rejects.toMatchObject({ code: 'no-permission' })
    expect(cable.refusals).toBe(1)
    expect(await (await open(refused)).request('/info')).toMatchObject({ status: 200 })
    now = 61_000
    await expect((await open(refused, 'wrong')).request('/info')).rejects.toMatchObject({
      code: 'no-permission',
    })
    now += 61_000
    await expect(open(refused, 'wrong')).rejects.toMatchObject({ message: expect.stringContaining('59 s') })
    expect(cable.refusals).toBe(2)
  })

  test('tells the password to nobody: not on the wire, not in errors, not in a printed address', async () => {
    const heard: string[] = []
    const link = await raw((socket, request) => {
      heard.push(request)
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\nContent-Length: 0\r\n\r\n',
      )
    })
    const error = await link.request('/info').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('Digest') })
    const { open } = await plugged()
    const refused = await (await open(new RefusedLogins(), `${secret}!`))
      .request('/info')
      .catch((e: unknown) => e)
    const shown =
      inspect([error, refused, address(1), link], { depth: 9 }) + JSON.stringify([address(1), heard])
    expect(shown).not.toContain('Pa55')
    expect(heard.join()).not.toContain(Buffer.from(`hall:${secret}`).toString('base64'))
  })

  test('a device that asks for a login again and again is given up', async () => {
    let asked = 0
    const link = await raw((socket) => {
      asked++
      const challenge = `Digest realm="a", nonce="${asked}", qop="auth", stale=true`
      socket.write(`HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`)
    })
    await expect(link.request('/info')).rejects.toMatchObject({ code: 'no-permission' })
    expect(asked).toBe(3)
  })

  test.each<[string, (socket: Socket) => void, string]>([
    ['no web server', (socket) => socket.write('SSH-2.0-dropbear\r\n'), 'bad-answer'],
    [
      'headers without an end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const more = () => socket.write(`X: ${'y'.repeat(4000)}\r\n`, (error) => error || more())
        more()
      },
      'bad-answer',
    ],
    ['a connection cut in the head', (socket) => socket.end('HTTP/1.1 200 O'), 'link-lost'],
    [
      'a connection cut in the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
      'link-lost',
    ],
  ])('%s: told, and the link is over', async (_, answer, code) => {
    const link = await raw(answer)
    await expect(link.request('/info')).rejects.toMatchObject({ code })
    expect(link.closed.aborted).toBe(true)
    await expect(link.request('/info')).rejects.toMatchObject({ code })
  })

  test('an answer without an end is told', async () => {
    const { open } = await plugged()
    await expect((await open()).request('/endless')).rejects.toMatchObject({ code: 'bad-answer' })
  })

  test('a device that does not answer is given up after its time', async () => {
    const { open } = await plugged()
    const link = await open(new RefusedLogins(), secret, 300)
    await link.request('/info')
    await expect(link.request('/silent')).rejects.toMatchObject({ code: 'timeout' })
    expect((await link.request('/info')).status).toBe(200)
  })

  test('a device that answers drop by drop is given up after its time, too', async () => {
    const link = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
      const drip = setInterval(() => socket.write('.'), 20)
      socket.on('close', () => clearInterval(drip))
    }, 300)
    await expect(link.request('/info')).rejects.toMatchObject({ code: 'timeout' })
    expect(link.closed.aborted).toBe(false)
  })

  test('what is no event stream is told, and so is one that breaks its own rules', async () => {
    const { open } = await plugged()
    await expect((await open()).events('/info')).rejects.toMatchObject({ code: 'unsupported' })
    const link = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=told\r\n\r\n')
      socket.write(`--other\r\nContent-Type: text/xml\r\n\r\n${'<a>b</a>\n'.repeat(20_000)}`)
    })
    const { found, ended } = await collect(link)
    await ended
    expect(found).toEqual([])
    expect(link.closed.reason).toMatchObject({ code: 'bad-answer' })
  })

  test('a stream torn at any byte ends the link, and no half event is heard', async () => {
    const event = '{"n":1}'
    const stream = `--b\r\nContent-Type: application/json\r\nContent-Length: ${event.length}\r\n\r\n${event}\r\n`
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
    for (let torn = 0; torn < stream.length - 2; torn += 1) {
      const link = await raw((socket) => socket.end(head + stream.slice(0, torn)))
      const { found, ended } = await collect(link)
      await ended
      expect([torn, found, link.closed.reason?.code]).toEqual([torn, [], 'link-lost'])
    }
  })

  test('nobody at that address, and nobody at that port', async () => {
    const { cable, open } = await plugged()
    await cable.unplug()
    await expect((await open()).request('/info')).rejects.toMatchObject({ code: 'not-found' })
    const nowhere = { ...address(80), host: 'no-such-camera.invalid' }
    const link = await openHttp(nowhere, never)
    await expect(link.request('/info')).rejects.toMatchObject({ code: 'not-found' })
  })

  test.each(['unplug', 'close'] as const)(
    '%s ends every stream and every request, once, with its reason',
    async (how) => {
      const { cable, open } = await plugged()
      const link = await open()
      const { ended } = await collect(link)
      const pending = link.request('/silent').catch((error: unknown) => error)
      await vi.waitFor(() => expect(cable.served.get('/silent')).toBe(1))
      if (how === 'unplug') await cable.unplug()
      else await Promise.all([link.close(), link.close()])
      await ended
      const code = how === 'close' ? 'link-closed' : 'link-lost'
      expect([await pending, link.closed.reason]).toMatchObject([{ code }, { code }])
      await expect(link.events('/events')).rejects.toMatchObject({ code })
      await link.close()
      expect(link.closed.reason).toMatchObject({ code })
    },
  )

  test('gives up with the reason given', async () => {
    const reason = new Error('the agent stops')
    await expect(openHttp(address(1), AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  test.skipIf(process.platform !== 'linux')('leaves no socket open after 50 connections', async () => {
    const { open, speak } = await plugged()
    const cycle = async () => {
      const link = await open()
      const { found, ended } = await collect(link)
      speak('/events', '{}')
      await vi.waitFor(() => expect(found.length).toBeGreaterThan(0), { interval: 2 })
      await link.close()
      await ended
    }
    await cycle()
    const before = openFiles()
    for (let count = 0; count < 50; count++) await cycle()
    await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(before + 2))
  })

  test('left no rejection that nobody heard', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })
})
