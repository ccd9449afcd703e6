import { createServer, type Server } from 'node:net'
import type { StreamLink } from './link.ts'
import { socketLink } from './tcp.ts'

/** The network socket of a simulated device: one connection at a time, as most printers serve it. */
export interface TcpCable {
  /** Loopback port it listens on while plugged in. */
  readonly port: number
  plug(): Promise<void>
  /** Cuts the connection and refuses new ones. */
  unplug(): Promise<void>
}

/** `onConnection` gets the device's end of each connection. Port 0 takes any free one and keeps it. */
export async function tcpCable(port: number, onConnection: (far: StreamLink) => void): Promise<TcpCable> {
  let listening: { server: Server; links: Set<StreamLink> } | undefined
  let chosen = port

  async function plug(): Promise<void> {
    if (listening) return
    const links = new Set<StreamLink>()
    const server = createServer((socket) => {
      // A board with a single connection refuses the second one.
      if (links.size > 0) {
        socket.destroy()
        return
      }
      const link = socketLink(`tcp ${chosen} (device end)`, socket)
      links.add(link)
      link.closed.addEventListener('abort', () => links.delete(link))
      onConnection(link)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(chosen, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (typeof address === 'object' && address) chosen = address.port
    listening = { server, links }
  }

  async function unplug(): Promise<void> {
    if (!listening) return
    const { server, links } = listening
    listening = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    await Promise.all([...links].map((link) => link.close()))
    await closed
  }

  await plug()
  return {
    get port() {
      return chosen
    },
    plug,
    unplug,
  }
}
