import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { openFile } from '../../devices/link/file.ts'
import type { StreamLink } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { openPty, type Pty } from '../../devices/link/pty.ts'
import { openSerial } from '../../devices/link/serial.ts'
import { openTcp } from '../../devices/link/tcp.ts'
import { socketLink } from '../support/socket-link.ts'
import { type LinkBench, linkContract } from './link-contract.ts'

const never = new AbortController().signal

linkContract('memory', async () => {
  let last = memoryLink()
  return {
    async connect() {
      last = memoryLink()
      return last
    },
    async unplug() {
      last.unplug()
    },
    async dispose() {
      last.unplug()
    },
  }
})

linkContract('tcp', tcpBench, { writeBlocksWhenFull: true })

linkContract(
  'serial over a pseudo-terminal',
  () => ptyBench((path) => openSerial({ type: 'serial', path, baudRate: 115200 }, never)),
  { writeBlocksWhenFull: true },
)

linkContract(
  'file over a pseudo-terminal',
  () => ptyBench((path) => openFile({ type: 'file', path }, never)),
  { writeBlocksWhenFull: true },
)

async function tcpBench(): Promise<LinkBench> {
  const arrivals: ((socket: Socket) => void)[] = []
  const server = createServer({ pauseOnConnect: true }, (socket) => arrivals.shift()?.(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const sockets: Socket[] = []
  return {
    async connect() {
      const arrival = new Promise<Socket>((resolve) => arrivals.push(resolve))
      const near = await openTcp({ type: 'tcp', host: '127.0.0.1', port }, never)
      const socket = await arrival
      sockets.push(socket)
      return { near, far: socketLink(socket) }
    },
    async unplug() {
      sockets.at(-1)?.resetAndDestroy()
    },
    async dispose() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function ptyBench(open: (path: string) => Promise<StreamLink>): Promise<LinkBench> {
  let pty: Pty | undefined
  const nears: StreamLink[] = []
  return {
    async connect() {
      if (!pty || pty.far.closed.aborted) pty = await openPty()
      const near = await open(pty.path)
      nears.push(near)
      return { near, far: pty.far }
    },
    async unplug() {
      await pty?.unplug()
    },
    async dispose() {
      for (const near of nears) await near.close()
      await pty?.unplug()
    },
  }
}
