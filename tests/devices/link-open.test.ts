import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLink } from '../../devices/link/open-link.ts'
import { openPty, type Pty, ptyCable } from '../../devices/link/pty.ts'
import { collect, openFiles } from './link-contract.ts'

const never = new AbortController().signal
/** What terminals act on: interrupt, end of file, line ends, flow control, suspend, and the escape of parity errors. */
const special = [0x03, 0x04, 0x0a, 0x0d, 0x11, 0x13, 0x1a, 0xff, 0xff, 0x00]

let folder = ''
const ptys: Pty[] = []
async function pty() {
  const made = await openPty()
  ptys.push(made)
  return made
}
const serial = (path: string) => openLink({ type: 'serial', path, baudRate: 9600 }, never)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'links-'))
})
afterEach(async () => {
  for (const made of ptys.splice(0)) await made.unplug()
  await rm(folder, { recursive: true, force: true })
})

describe('opening a link', () => {
  test('says that there is no such serial port, device file or listener', async () => {
    await expect(serial(join(folder, 'ttyUSB9'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(openLink({ type: 'file', path: join(folder, 'lp9') }, never)).rejects.toMatchObject({
      code: 'not-found',
    })
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    await expect(openLink({ type: 'tcp', host: '127.0.0.1', port }, never)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('refused'),
    })
  })

  test('names the programs that usually hold a busy port', async () => {
    const { path } = await pty()
    const first = await serial(path)
    await expect(serial(path)).rejects.toMatchObject({
      code: 'port-busy',
      message: expect.stringContaining('ModemManager'),
    })
    await first.close()
    await (await serial(path)).close()
  })

  test('says when a path is no serial port at all', async () => {
    const path = join(folder, 'note.txt')
    await writeFile(path, '')
    await expect(serial(path)).rejects.toMatchObject({ code: 'open-failed' })
  })

  test('gives up when it is told to, with the reason given', async () => {
    const { path } = await pty()
    const reason = new Error('the agent stops')
    const stopped = AbortSignal.abort(reason)
    await expect(openLink({ type: 'serial', path, baudRate: 9600 }, stopped)).rejects.toBe(reason)
    await expect(openLink({ type: 'tcp', host: '127.0.0.1', port: 9 }, stopped)).rejects.toBe(reason)
    await expect(openLink({ type: 'file', path }, stopped)).rejects.toBe(reason)

    const stopping = new AbortController()
    const opening = openLink({ type: 'serial', path, baudRate: 9600 }, stopping.signal)
    setImmediate(() => stopping.abort(reason))
    await opening.then(
      (link) => link.close(),
      (error) => expect(error).toBe(reason),
    )
    // Whatever became of it, the port is free again.
    await vi.waitFor(async () => (await serial(path)).close())
  })

  test('a serial link drops what waited for whoever had the port before', async () => {
    const { path, far } = await pty()
    await far.write(Uint8Array.of(1, 2, 3))
    const near = await serial(path)
    const reader = collect(near)
    await far.write(Uint8Array.of(4))
    await vi.waitFor(() => expect([...reader.bytes()]).toEqual([4]))
    await near.close()
  })

  test('a regular file takes bytes and never answers with its own', async () => {
    const path = join(folder, 'printed.bin')
    await writeFile(path, 'old ')
    const link = await openLink({ type: 'file', path }, never)
    const reader = collect(link)
    await link.write(new TextEncoder().encode('new'))
    await link.close()
    await reader.ended
    expect(reader.bytes()).toHaveLength(0)
    expect(await readFile(path, 'utf8')).toBe('old new')
  })

  test('notices that a file that never answers is gone', async () => {
    const path = join(folder, 'printed.bin')
    await writeFile(path, '')
    const link = await openLink({ type: 'file', path }, never)
    await rm(path)
    await vi.waitFor(() => expect(link.closed.aborted).toBe(true))
    expect(link.closed.reason).toMatchObject({ code: 'link-lost' })
  })
})

describe('a serial port without hardware', () => {
  test.each(['serial', 'file'] as const)(
    'passes the bytes that terminals act on, both ways (%s)',
    async (type) => {
      const { path, far } = await pty()
      const near = await (type === 'serial' ? serial(path) : openLink({ type, path }, never))
      const atDevice = collect(far)
      const atDriver = collect(near)
      for (const byte of special) {
        await near.write(Uint8Array.of(byte))
        await far.write(Uint8Array.of(byte))
      }
      await vi.waitFor(() => {
        expect([...atDevice.bytes()]).toEqual(special)
        expect([...atDriver.bytes()]).toEqual(special)
      })
      await near.close()
    },
  )

  test('keeps its path over unplug and plug, and a new driver reaches the same device', async () => {
    const cable = ptyCable(join(folder, 'by-path', 'gate'))
    for (let round = 0; round < 3; round++) {
      const far = await cable.plug()
      const near = await serial(cable.path)
      const atDevice = collect(far)
      await near.write(Uint8Array.of(round))
      await vi.waitFor(() => expect([...atDevice.bytes()]).toEqual([round]))
      await cable.unplug()
      await vi.waitFor(() => expect(near.closed.aborted).toBe(true))
      await atDevice.ended
      await expect(serial(cable.path)).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  test.skipIf(process.platform !== 'linux')('leaves no file open when it is unplugged', async () => {
    await (await openPty()).unplug()
    const before = openFiles()
    for (let count = 0; count < 20; count++) await (await openPty()).unplug()
    await vi.waitFor(() => expect(openFiles()).toBeLessThanOrEqual(before))
  })

  test('notices an unplug in the middle of a stream of bytes', async () => {
    for (let round = 0; round < 10; round++) {
      const { path, far, unplug } = await pty()
      const near = await serial(path)
      void far.write(new Uint8Array(20_000)).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, round))
      await unplug()
      await vi.waitFor(() => expect(near.closed.aborted).toBe(true), { timeout: 2000 })
    }
  })
})
